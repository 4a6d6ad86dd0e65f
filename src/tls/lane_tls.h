/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lane of a stream under TLS (RFC 8446, RFC 5246). It opens with the end of the handshake.
 * The far end's close_notify ends its side, and ours lives on, in 1.2 too; a connection that
 * ends without one is cut off. Whatever is wrong the far end is told in an alert.
 */
#ifndef TELEX_TLS_LANE_TLS_H
#define TELEX_TLS_LANE_TLS_H

#include <stdbool.h>

struct ssl_st;
struct stream;
struct tls_context;
struct tls_room;

/*
 * Of a stream that has called us; context, which is referenced, is one of tls_context_listen,
 * and room outlives the stream. Until the first byte has come there is no SSL, which takes tens
 * of kilobytes. plain: who begins with something else than a hello is let through as it is.
 */
void lane_tls_accept(struct stream *stream, struct tls_room *room, struct tls_context *context,
                     bool plain);
/* Of one that calls; likewise, with one of tls_context_call. host: see tls_context_ssl. */
void lane_tls_call(struct stream *stream, struct tls_room *room, struct tls_context *context,
                   const char *host);

/* That of the stream's lane, once that is open; NULL: it is not under TLS, or not yet. */
struct ssl_st *lane_tls_ssl(const struct stream *stream);

#endif
