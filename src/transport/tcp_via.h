/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of tcp that go through a proxy (via=). */
#ifndef TELEX_TRANSPORT_TCP_VIA_H
#define TELEX_TRANSPORT_TCP_VIA_H

struct line_kind;
struct origin;
struct peer;
struct switchboard;

/* As transport.call. The password is looked for each time. */
struct peer *tcp_via_call(struct switchboard *board, const struct line_kind *kind,
                          struct origin *origin, char **error);

#endif
