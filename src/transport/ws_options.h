/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that WebSocket alone knows, plain or under TLS. */
#ifndef TELEX_TRANSPORT_WS_OPTIONS_H
#define TELEX_TRANSPORT_WS_OPTIONS_H

#include <stdint.h>

#include "transport/tls_options.h"
#include "websocket/lane_ws.h"

struct ws_options {
    struct tls_options tls; /* first; of ws none but those of TCP are set */
    CAST_MARK;
    char *protocols; /* NULL: none */
    char *origins;   /* NULL: pages of the listener's own place */
    enum ws_type type;
    int64_t ping; /* microseconds; 0: none */
};

extern const struct key_set ws_options_keys, ws_options_tls_keys;

/* Of an origin whose scheme is ws or wss. */
const struct ws_options *ws_options_of(const struct origin *origin);

/* As transport.load, of wss. */
bool ws_options_load(struct origin *origin, const struct transport_settings *settings,
                     const struct origin *before, char **error);

#endif
