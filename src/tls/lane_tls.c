/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/lane_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/poller.h"
#include "stream/lane.h"
#include "stream/stream.h"
#include "tls/tls_context.h"
#include "tls/tls_foreign.h"
#include "tls/tls_room.h"
#include "tls/tls_why.h"

struct lane_tls {
    struct lane lane; /* first */
    CAST_MARK;
    struct tls_window window;
    struct tls_room *room;
    struct tls_context *context; /* referenced; NULL: the SSL holds it */
    SSL *ssl;                    /* NULL: nothing has come yet */
    bool plain;                  /* need not be TLS */
    bool spoken;                 /* something has come */
    bool calls;
    bool ended; /* the far end's side is, by its close_notify */
};

/* --- the wire --- */

static void flush(struct tls_window *window)
{
    struct lane_tls *self = container_of(window, struct lane_tls, window);
    const size_t size = self->room->gathered;
    self->room->gathered = 0;
    if (size > 0)
        lane_down(&self->lane, self->room->wire, size);
}

static void make_ssl(struct lane_tls *self, const char *host)
{
    self->ssl = tls_context_ssl(self->context, host);
    tls_context_release(self->context);
    self->context = NULL;
    tls_window_use(&self->window, self->room, self->ssl, flush);
}

/* Behind the alert, if OpenSSL has one. */
static void fail(struct lane_tls *self)
{
    char *why = tls_why(self->ssl);
    flush(&self->window);
    lane_fail(&self->lane, why);
    free(why);
}

/* Each call that may fail begins with an empty queue of errors: one of another line would be
 * taken for its own. */

/* --- the handshake --- */

/* It takes milliseconds: whoever else is ready has the next turn. */
static void shake_hands(struct lane_tls *self)
{
    ERR_clear_error();
    const int done = SSL_do_handshake(self->ssl);
    poller_end_turn(self->lane.stream->streams->poller);
    if (done == 1) {
        flush(&self->window);
        lane_open(&self->lane);
    } else if (SSL_get_error(self->ssl, done) == SSL_ERROR_WANT_READ) {
        flush(&self->window);
    } else {
        fail(self);
    }
}

static void start(struct lane *lane)
{
    struct lane_tls *self = CAST(lane_tls, lane);
    if (self->ssl) /* it calls */
        shake_hands(self);
}

/* --- up --- */

/* As much as there is, and room for. Returns what SSL_read said last. */
static int decrypt(struct lane_tls *self, size_t *size)
{
    int done = 1;
    size_t got;
    ERR_clear_error();
    for (*size = 0; *size < TLS_ROOM_PLAIN && done == 1; *size += done == 1 ? got : 0)
        done = SSL_read_ex(self->ssl, self->room->plain + *size, TLS_ROOM_PLAIN - *size, &got);
    return done == 1 ? SSL_ERROR_NONE : SSL_get_error(self->ssl, done);
}

static bool is_fatal(int error)
{
    return error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ &&
           error != SSL_ERROR_ZERO_RETURN;
}

/* What was decrypted before an end or an error goes up before it. */
static void take(struct lane_tls *self)
{
    int error;
    do {
        size_t size;
        error = decrypt(self, &size);
        char *why = is_fatal(error) ? tls_why(self->ssl) : NULL;
        flush(&self->window);
        if (size > 0)
            lane_up(&self->lane, self->room->plain, size);
        if (error == SSL_ERROR_ZERO_RETURN && !self->ended) {
            self->ended = true;
            lane_up_end(&self->lane);
        } else if (why) {
            lane_fail(&self->lane, why);
        }
        free(why);
    } while (error == SSL_ERROR_NONE);
}

/* What came first is no TLS. Returns how much of it was taken. */
static size_t take_foreign(struct lane_tls *self, const char *data, size_t size)
{
    if (self->plain) {
        lane_leave(&self->lane);
        return 0;
    }
    char *why = tls_foreign_why(data, size);
    lane_down(&self->lane, tls_foreign_alert, sizeof tls_foreign_alert);
    lane_fail(&self->lane, why);
    free(why);
    return size;
}

static size_t in(struct lane *lane, const char *data, size_t size)
{
    struct lane_tls *self = CAST(lane_tls, lane);
    const bool spoken = self->spoken;
    self->spoken = true;
    if (!spoken && tls_foreign_is(data, size, self->calls))
        return take_foreign(self, data, size);
    if (!self->ssl)
        make_ssl(self, "");
    self->window.data = data;
    self->window.size = size;
    if (!lane->open)
        shake_hands(self);
    if (lane->open)
        take(self);
    self->window.size = 0;
    return size;
}

static void in_end(struct lane *lane)
{
    const struct lane_tls *self = CAST(lane_tls, lane);
    if (!lane->open)
        lane_fail(lane, self->ssl ? "the far end hung up in the middle of the handshake"
                                  : "the far end hung up before the handshake");
    else if (!self->ended && lane->above) /* which knows whether anything is missing */
        lane_up_end(lane);
    else if (!self->ended)
        lane_fail(lane, "cut off: data may be missing");
}

/* --- down --- */

static void out(struct lane *lane, const char *data, size_t size)
{
    struct lane_tls *self = CAST(lane_tls, lane);
    size_t took;
    if (size == 0)
        return;
    ERR_clear_error();
    const bool good = SSL_write_ex(self->ssl, data, size, &took) == 1;
    if (good)
        flush(&self->window);
    else
        fail(self);
}

/* close_notify. */
static void out_end(struct lane *lane)
{
    struct lane_tls *self = CAST(lane_tls, lane);
    ERR_clear_error();
    SSL_shutdown(self->ssl);
    ERR_clear_error();
    flush(&self->window);
}

/* --- memory --- */

/* What OpenSSL 3.0 takes for one line, measured: tools/bench memory-tls. While it shakes hands
 * it has room for the messages of both sides, afterwards for a record that is not whole. */
static size_t room(const struct lane *lane)
{
    enum { SHAKES = 46 << 10, STANDS = 14 << 10 /* bytes */ };
    const struct lane_tls *self = CAST(lane_tls, lane);
    return !self->ssl ? 0 : lane->open ? STANDS : SHAKES;
}

static size_t held(const struct lane *lane)
{
    enum { RECORD = 17 << 10 /* bytes */ };
    const struct lane_tls *self = CAST(lane_tls, lane);
    return self->ssl && lane->open && SSL_has_pending(self->ssl) ? RECORD : 0;
}

/* --- life --- */

static void destroy(struct lane *lane)
{
    struct lane_tls *self = CAST(lane_tls, lane);
    tls_context_ssl_free(self->ssl);
    tls_context_release(self->context);
    free(self);
}

static const struct lane_ops ops = {
    .name = "tls",
    .late = "the TLS handshake was not finished in time",
    .start = start,
    .in = in,
    .in_end = in_end,
    .out = out,
    .out_end = out_end,
    .held = held,
    .room = room,
    .destroy = destroy,
};

static struct lane_tls *create(struct tls_room *room, struct tls_context *context)
{
    struct lane_tls *self = mem_zalloc(sizeof *self);
    CAST_INIT(lane_tls, self);
    self->lane.ops = &ops;
    self->room = room;
    self->context = tls_context_reference(context);
    return self;
}

void lane_tls_accept(struct stream *stream, struct tls_room *room, struct tls_context *context,
                     bool plain)
{
    struct lane_tls *self = create(room, context);
    self->plain = plain;
    lane_add(stream, &self->lane);
}

void lane_tls_call(struct stream *stream, struct tls_room *room, struct tls_context *context,
                   const char *host)
{
    struct lane_tls *self = create(room, context);
    self->calls = true;
    make_ssl(self, host);
    lane_add(stream, &self->lane);
}

SSL *lane_tls_ssl(const struct stream *stream)
{
    const struct lane *lane = stream->lane;
    while (lane && lane->ops != &ops)
        lane = lane->above;
    return lane && lane->open ? container_of(lane, struct lane_tls, lane)->ssl : NULL;
}
