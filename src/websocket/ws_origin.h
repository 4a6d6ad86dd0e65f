/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which web pages may open a WebSocket. A browser says in Origin whose page it is (RFC 6455
 * section 10.2); programs that are none say nothing, and are let in.
 */
#ifndef TELEX_WEBSOCKET_WS_ORIGIN_H
#define TELEX_WEBSOCKET_WS_ORIGIN_H

#include <stdbool.h>

/* Whether a list as in origin= is one: "app.example,https://other.example:8443", or "*". */
bool ws_origin_list_is_valid(const char *list);

/*
 * Whether the page may. host: what the request is for, as its Host says; NULL: nothing. A page
 * of that may always. list: hosts, with a port or without, and whole origins; NULL: no others.
 */
bool ws_origin_may(const char *origin, const char *host, const char *list);

#endif
