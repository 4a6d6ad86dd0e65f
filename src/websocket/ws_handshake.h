/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a line becomes a WebSocket: a request of HTTP and its answer, RFC 6455 section 4. Pure
 * functions; heads are whole (base/http_head.h).
 */
#ifndef TELEX_WEBSOCKET_WS_HANDSHAKE_H
#define TELEX_WEBSOCKET_WS_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/http_request.h"
#include "base/ut.h"
#include "base/ws_key.h"

/* What we want. */
struct ws_terms {
    const char *host;      /* of a call: "example.org:8080" */
    const char *path;      /* that is served, NULL: all; of a call, with its query */
    const char *protocols; /* subprotocols, "a,b", what we like best first; NULL: none */
    const char *origins;   /* of whose pages browsers may call, see ws_origin; NULL: our own */
    bool deflate;          /* we can */
};

/* What both sides want. */
struct ws_agreement {
    bool deflate;
};

/*
 * Judges what a client asks for, and appends the answer to out. False where it is turned away,
 * with *error (malloc'ed): "a plain HTTP request".
 */
bool ws_handshake_answer(const struct ws_terms *terms, const char *head, size_t size,
                         struct ws_agreement *agreement, UT_string *out, char **error);
/* The answer to what is no head, or does not end. */
void ws_handshake_refuse(enum http_status status, const char *why, UT_string *out);

/* Asks a server. */
void ws_handshake_ask(const struct ws_terms *terms, const char *key, UT_string *out);
/* Whether what a server says begins like an answer. */
bool ws_handshake_is_http(const char *data, size_t size);
/* Judges its answer. False where it does not agree, with *error (malloc'ed). */
bool ws_handshake_judge(const struct ws_terms *terms, const char *key, const char *head,
                        size_t size, struct ws_agreement *agreement, char **error);

#endif
