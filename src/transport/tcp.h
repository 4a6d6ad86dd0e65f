/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP, bare or with lanes on it. A scheme that stands on it is a line_kind with add_lanes and a
 * struct transport whose keys begin with those of TCP (tcp_options.h).
 */
#ifndef TELEX_TRANSPORT_TCP_H
#define TELEX_TRANSPORT_TCP_H

#include "transport/lifelines.h"
#include "transport/line.h"
#include "transport/transport.h"

/* Of its line_kind, */
#define TCP_LINES                                                               \
    .ops = {LINE_OPS, .describe = tcp_describe, .check_line = lifelines_check}, \
    .socket = STREAM_END_NUMBERED, .prepare = tcp_prepare
/* and of its struct transport, which has lines too. */
#define TCP_TRANSPORT .listen = tcp_listen, .adopt = tcp_adopt, .call = tcp_call

void tcp_describe(const struct link *link, struct link_description *description);
void tcp_prepare(struct switchboard *board, int fd);
bool tcp_listen(struct switchboard *board, struct listener *listener,
                const struct resolved *host, char **error);
bool tcp_adopt(struct switchboard *board, struct listener *listener, int fd, char **error);
struct peer *tcp_call(struct switchboard *board, struct origin *origin, char **error);

#endif
