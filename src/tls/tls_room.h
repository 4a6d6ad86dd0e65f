/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all lines under TLS of a program share: room for what is looked at now. An SSL reads
 * from a window on bytes that have just come, and what it writes is gathered: no socket, and
 * nothing that waits but in the stream's queue.
 */
#ifndef TELEX_TLS_TLS_ROOM_H
#define TELEX_TLS_TLS_ROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cast.h"

struct bio_method_st;
struct ssl_st;

enum { TLS_ROOM_PLAIN = 1 << 16, TLS_ROOM_WIRE = (1 << 16) + 4096 };

struct tls_room {
    char *plain;                  /* TLS_ROOM_PLAIN bytes, that go up together */
    char *wire;                   /* TLS_ROOM_WIRE bytes, that go down together */
    size_t gathered;              /* bytes of wire */
    struct bio_method_st *method; /* of the BIO of each window */
};

struct tls_room *tls_room_create(void);
void tls_room_destroy(struct tls_room *room); /* NULL is fine */

/* One SSL's. What of it is not read OpenSSL asks for again, with what comes behind it. */
struct tls_window {
    const char *data; /* borrowed while it is looked at */
    size_t size;
    bool apart; /* what is written at a time goes by itself: datagrams */
    struct tls_room *room;
    void (*flush)(struct tls_window *window); /* takes what was gathered: there is no room */
    CAST_MARK;
};

/* Has ssl read and write there; the window lives as long, and room longer. */
void tls_window_use(struct tls_window *window, struct tls_room *room, struct ssl_st *ssl,
                    void (*flush)(struct tls_window *window));

#endif
