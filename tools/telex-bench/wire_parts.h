/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wire.c and wire_ws.c share: the bytes below WebSocket, under TLS or as they are. */
#ifndef TELEX_BENCH_WIRE_PARTS_H
#define TELEX_BENCH_WIRE_PARTS_H

#include <stddef.h>
#include <sys/types.h>

struct wire;

/* As send(2) and recv(2). */
ssize_t wire_send_below(struct wire *wire, const void *data, size_t size);
ssize_t wire_receive_below(struct wire *wire, void *buffer, size_t size);

#endif
