/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WebSocket for wire.c (RFC 6455), as a client speaks it: what is sent is binary messages, what
 * comes is taken whatever its frames are. No compression.
 */
#ifndef TELEX_BENCH_WIRE_WS_H
#define TELEX_BENCH_WIRE_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct endpoint;
struct wire;
struct wire_ws;

/* What asks the server for one, and what all have in common. */
struct wire_ws_request;
struct wire_ws_request *wire_ws_request(const struct endpoint *endpoint);
void wire_ws_request_destroy(struct wire_ws_request *request);

struct wire_ws *wire_ws_create(struct wire_ws_request *request);
void wire_ws_destroy(struct wire_ws *ws);

/* See wire.h; below stands what the wire has besides, see wire_parts.h. */
int wire_ws_greet(struct wire_ws *ws, struct wire *below);
ssize_t wire_ws_send(struct wire_ws *ws, struct wire *below, const void *data, size_t size);
ssize_t wire_ws_receive(struct wire_ws *ws, struct wire *below, void *buffer, size_t size);
/* Says that it is the end. */
void wire_ws_close(struct wire_ws *ws, struct wire *below);
const char *wire_ws_why(const struct wire_ws *ws);

#endif
