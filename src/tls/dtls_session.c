/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/dtls_session.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/time.h>

#include "base/mem.h"
#include "loop/loop.h"
#include "loop/timeout.h"
#include "tls/tls_context.h"
#include "tls/tls_parts.h"
#include "tls/tls_why.h"

/* Bytes of a datagram in the handshake: they pass where packets of 1,500 do. */
enum { LINK_MTU = 1400 };

static void again_cb(void *context);

static void flush(struct tls_window *window)
{
    struct dtls_session *session = container_of(window, struct dtls_session, window);
    const size_t size = window->room->gathered;
    window->room->gathered = 0;
    session->cause = session->user->transmit(session, window->room->wire, size);
}

static void over(struct dtls_session *session, const char *error)
{
    session->over = true;
    if (session->again)
        timeout_stop(session->again);
    session->user->over(session, error);
}

static void late(struct dtls_session *session)
{
    session->late = true;
    over(session, session->heard ? "the DTLS handshake was not finished in time"
                                 : "the far end has not answered in time");
}

static void fail(struct dtls_session *session)
{
    char *why = tls_why(session->ssl);
    over(session, why);
    free(why);
}

/* --- the handshake --- */

/* When something has to be sent again, or all is over. */
static void set_again(struct dtls_session *session)
{
    struct timeval left;
    int64_t wait = INT64_MAX;
    if (DTLSv1_get_timeout(session->ssl, &left) == 1)
        wait = left.tv_sec * INT64_C(1000000) + left.tv_usec;
    if (session->deadline > 0) {
        const int64_t rest = session->deadline - loop_clock();
        wait = rest < wait ? rest : wait;
    }
    if (wait < INT64_MAX)
        timeout_set(session->again, wait);
    else
        timeout_stop(session->again);
}

static void shake_hands(struct dtls_session *session)
{
    ERR_clear_error();
    const int done = SSL_do_handshake(session->ssl);
    if (done == 1) {
        session->open = true;
        timeout_destroy(session->again);
        session->again = NULL;
        session->user->opened(session);
    } else if (SSL_get_error(session->ssl, done) == SSL_ERROR_WANT_READ) {
        set_again(session);
    } else {
        fail(session);
    }
}

static void again_cb(void *context)
{
    struct dtls_session *session = CAST(dtls_session, context);
    ERR_clear_error();
    if (session->deadline > 0 && loop_clock() >= session->deadline)
        late(session);
    else if (DTLSv1_handle_timeout(session->ssl) < 0)
        late(session); /* it was sent often enough */
    else
        set_again(session);
    ERR_clear_error();
}

void dtls_session_start(struct dtls_session *session, int64_t patience)
{
    session->deadline = patience > 0 ? loop_clock() + patience : 0;
    shake_hands(session);
}

bool dtls_session_listen(struct dtls_session *session, const union address *remote,
                         const char *data, size_t size)
{
    BIO_ADDR *unused = BIO_ADDR_new();
    CAST(tls_session, SSL_get_app_data(session->ssl))->hello_from = *remote;
    session->window.data = data;
    session->window.size = size;
    ERR_clear_error();
    const bool good = DTLSv1_listen(session->ssl, unused) == 1;
    ERR_clear_error();
    session->window.size = 0;
    session->heard = good;
    BIO_ADDR_free(unused);
    return good;
}

/* --- messages --- */

/*
 * Its buffers are there only while it works: 34 KiB, which SSL_MODE_RELEASE_BUFFERS leaves to
 * DTLS. SSL_write would not make them.
 */
static void rouse(struct dtls_session *session)
{
    ERR_clear_error();
    if (SSL_alloc_buffers(session->ssl) != 1)
        mem_exhausted();
}

static void rest(struct dtls_session *session)
{
    SSL_free_buffers(session->ssl);
    ERR_clear_error();
}

/* A datagram may hold several. */
static void take(struct dtls_session *session)
{
    char *plain = session->window.room->plain;
    int done = 1;
    while (done == 1 && !session->over) {
        size_t size;
        ERR_clear_error();
        done = SSL_read_ex(session->ssl, plain, TLS_ROOM_PLAIN, &size);
        if (done == 1)
            session->user->message(session, plain, size);
    }
    if (session->over)
        return;
    const int error = SSL_get_error(session->ssl, done);
    if (error == SSL_ERROR_ZERO_RETURN)
        over(session, NULL);
    else if (error != SSL_ERROR_WANT_READ)
        fail(session);
}

void dtls_session_in(struct dtls_session *session, const char *data, size_t size)
{
    if (session->over)
        return;
    session->heard = true;
    session->window.data = data;
    session->window.size = size;
    if (!session->open)
        shake_hands(session);
    if (session->open && !session->over)
        take(session);
    session->window.size = 0;
    if (session->open)
        rest(session);
}

int dtls_session_out(struct dtls_session *session, const void *data, size_t size)
{
    size_t took;
    if (!session->open || session->over || session->ended)
        return ENOTCONN;
    if (size == 0 || size > DTLS_MESSAGE_MAX)
        return size == 0 ? ENODATA : EMSGSIZE;
    session->cause = 0;
    rouse(session);
    const bool good = SSL_write_ex(session->ssl, data, size, &took) == 1;
    rest(session);
    return session->cause == 0 && !good ? EIO : session->cause;
}

void dtls_session_end(struct dtls_session *session)
{
    if (session->ended || !session->open)
        return;
    session->ended = true;
    rouse(session);
    SSL_shutdown(session->ssl);
    rest(session);
}

void dtls_session_drop(struct dtls_session *session)
{
    session->over = true;
    session->ended = true;
}

/* --- life --- */

void dtls_session_init(struct dtls_session *session, const struct dtls_user *user,
                       struct loop *loop, struct tls_room *room, struct tls_context *context,
                       const char *host)
{
    *session = (struct dtls_session){.user = user, .context = context, .loop = loop};
    CAST_INIT(dtls_session, session);
    session->ssl = tls_context_ssl(context, host);
    session->again = timeout_create_of_many(loop, PART_PEERS, again_cb, session);
    tls_window_use(&session->window, room, session->ssl, flush);
    session->window.apart = true;
    SSL_set_options(session->ssl, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(session->ssl, LINK_MTU);
}

void dtls_session_finish(struct dtls_session *session)
{
    timeout_destroy(session->again);
    tls_context_ssl_free(session->ssl);
    session->again = NULL;
    session->ssl = NULL;
}
