/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_room.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* --- a window --- */

static int read_window(BIO *bio, char *data, size_t size, size_t *got)
{
    struct tls_window *window = CAST(tls_window, BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (window->size == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    *got = size < window->size ? size : window->size;
    memcpy(data, window->data, *got);
    window->data += *got;
    window->size -= *got;
    return 1;
}

/* Takes all: what waits does so in the stream's queue. */
static int write_room(BIO *bio, const char *data, size_t size, size_t *took)
{
    struct tls_window *window = CAST(tls_window, BIO_get_data(bio));
    struct tls_room *room = window->room;
    BIO_clear_retry_flags(bio);
    for (*took = 0; *took < size;) {
        const size_t left = TLS_ROOM_WIRE - room->gathered;
        const size_t piece = size - *took < left ? size - *took : left;
        memcpy(room->wire + room->gathered, data + *took, piece);
        room->gathered += piece;
        *took += piece;
        if (room->gathered == TLS_ROOM_WIRE)
            window->flush(window);
    }
    if (window->apart)
        window->flush(window);
    return 1;
}

static long control(BIO *bio, int what, long number, void *context)
{
    (void)bio;
    (void)number;
    (void)context;
    return what == BIO_CTRL_FLUSH;
}

static int create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *make_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "window");
    if (!method)
        mem_exhausted();
    BIO_meth_set_read_ex(method, read_window);
    BIO_meth_set_write_ex(method, write_room);
    BIO_meth_set_ctrl(method, control);
    BIO_meth_set_create(method, create);
    return method;
}

void tls_window_use(struct tls_window *window, struct tls_room *room, SSL *ssl,
                    void (*flush)(struct tls_window *window))
{
    BIO *bio = BIO_new(room->method);
    if (!bio)
        mem_exhausted();
    *window = (struct tls_window){.room = room, .flush = flush};
    CAST_INIT(tls_window, window);
    BIO_set_data(bio, window);
    SSL_set_bio(ssl, bio, bio);
}

/* --- the room --- */

struct tls_room *tls_room_create(void)
{
    struct tls_room *room = mem_zalloc(sizeof *room);
    room->plain = mem_pages(TLS_ROOM_PLAIN);
    room->wire = mem_pages(TLS_ROOM_WIRE);
    room->method = make_method();
    return room;
}

void tls_room_destroy(struct tls_room *room)
{
    if (!room)
        return;
    BIO_meth_free(room->method);
    free(room->plain);
    free(room->wire);
    free(room);
}
