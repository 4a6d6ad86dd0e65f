/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tls.h"

#include "base/cast.h"
#include "core/origin.h"
#include "tls/lane_tls.h"
#include "tls/tls_describe.h"
#include "tls/tls_room.h"

void tls_describe_line(const struct link *link, struct link_description *description)
{
    const struct line *line = CAST(line, link);
    const struct ssl_st *ssl = lane_tls_ssl(&line->stream);
    tcp_describe(link, description);
    if (ssl)
        tls_describe(ssl, &description->tls, description->tls_text,
                     sizeof description->tls_text);
}

struct tls_room *tls_room_of(struct switchboard *board)
{
    if (!board->tls_room)
        board->tls_room = tls_room_create();
    return board->tls_room;
}

int64_t tls_add_lanes(struct stream *stream, struct origin *origin)
{
    const struct tls_options *options = tls_options_of(origin);
    struct tls_room *room = tls_room_of(line_board(line_of_stream(stream)));
    const struct endpoint *far = &origin->endpoint;
    if (origin->listener)
        lane_tls_accept(stream, room, options->context, options->plain);
    else
        lane_tls_call(stream, room, options->context,
                      endpoint_is_wildcard(far) ? "" : far->host);
    return options->handshake;
}

char *tls_own_name(const struct line *line)
{
    const struct ssl_st *ssl = lane_tls_ssl(&line->stream);
    return ssl && tls_options_of(line->link.peer->origin)->named ? tls_describe_name(ssl)
                                                                 : NULL;
}

bool tls_is_plain(const struct line *line)
{
    return !lane_tls_ssl(&line->stream);
}

static const struct line_kind kind = {TLS_LINES, .add_lanes = tls_add_lanes};
const struct transport transport_tls = {
    .keys = &tls_options_keys, .lines = &kind, TLS_TRANSPORT};
