/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sec-WebSocket-Extensions, of which we know permessage-deflate: RFC 7692 section 7.1. */
#ifndef TELEX_WEBSOCKET_WS_EXTENSION_H
#define TELEX_WEBSOCKET_WS_EXTENSION_H

#include <stdbool.h>

/* What we offer, and answer: neither side keeps a context. */
#define WS_EXTENSION_DEFLATE \
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

/* Whether one of those that a client offers (the field's value) can be agreed to. */
bool ws_extension_offered(const char *offers);
/* Whether what a server answers is an offer of ours agreed to. */
bool ws_extension_agreed(const char *answer);

#endif
