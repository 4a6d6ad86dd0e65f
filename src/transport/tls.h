/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP under TLS, alone or with more lanes on it: a scheme that stands on it adds its own to
 * those of TLS, and its keys begin with those of TLS (tls_options.h).
 */
#ifndef TELEX_TRANSPORT_TLS_H
#define TELEX_TRANSPORT_TLS_H

#include "transport/tcp.h"
#include "transport/tls_options.h"

/* Of its line_kind, beside add_lanes, */
#define TLS_LINES                                                                    \
    .ops = {LINE_OPS, .describe = tls_describe_line, .check_line = lifelines_check}, \
    .socket = STREAM_END_NUMBERED, .prepare = tcp_prepare, .own_name = tls_own_name, \
    .is_plain = tls_is_plain
/* and of its struct transport, which has lines too. */
#define TLS_TRANSPORT .load = tls_options_load, TCP_TRANSPORT

/* That of all lines under TLS, made with the first. */
struct tls_room *tls_room_of(struct switchboard *board);

void tls_describe_line(const struct link *link, struct link_description *description);
/* As line_kind.add_lanes, own_name and is_plain. */
int64_t tls_add_lanes(struct stream *stream, struct origin *origin);
char *tls_own_name(const struct line *line);
bool tls_is_plain(const struct line *line);

#endif
