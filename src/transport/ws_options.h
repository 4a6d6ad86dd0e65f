/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that WebSocket alone knows. */
#ifndef TELEX_TRANSPORT_WS_OPTIONS_H
#define TELEX_TRANSPORT_WS_OPTIONS_H

#include <stdint.h>

#include "transport/tcp_options.h"
#include "websocket/lane_ws.h"

struct ws_options {
    struct tcp_options tcp; /* first */
    CAST_MARK;
    char *protocols; /* NULL: none */
    char *origins;   /* NULL: pages of the listener's own place */
    enum ws_type type;
    int64_t ping; /* microseconds; 0: none */
};

extern const struct key_set ws_options_keys;

/* Of an origin whose scheme is ws. */
const struct ws_options *ws_options_of(const struct origin *origin);

#endif
