/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_handshake.h"

#include <check.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "tls/tls_context.h"
#include "tls/tls_why.h"

/* One step of one side; true: it waits for nothing, and goes on. */
static void step(SSL *ssl, char **why)
{
    char byte;
    if (*why)
        return;
    ERR_clear_error();
    const int done =
        SSL_is_init_finished(ssl) ? SSL_read(ssl, &byte, 1) : SSL_do_handshake(ssl);
    if (done <= 0 && SSL_get_error(ssl, done) == SSL_ERROR_SSL)
        *why = tls_why(ssl);
    ERR_clear_error();
}

static void join(SSL *one, SSL *other)
{
    enum { ROOM = 1 << 16 };
    BIO *near, *far;
    ck_assert_int_eq(BIO_new_bio_pair(&near, ROOM, &far, ROOM), 1);
    SSL_set_bio(one, near, near);
    SSL_set_bio(other, far, far);
}

void fake_handshake_resume(struct fake_handshake *hands, struct tls_context *server,
                           struct tls_context *client, const char *host, SSL_SESSION *session)
{
    enum { STEPS = 8 };
    *hands = (struct fake_handshake){.server = tls_context_ssl(server, ""),
                                     .client = tls_context_ssl(client, host)};
    join(hands->server, hands->client);
    if (session)
        SSL_set_session(hands->client, session);
    for (int i = 0; i < STEPS; i++) {
        step(hands->client, &hands->client_why);
        step(hands->server, &hands->server_why);
    }
}

void fake_handshake_run(struct fake_handshake *hands, struct tls_context *server,
                        struct tls_context *client, const char *host)
{
    fake_handshake_resume(hands, server, client, host, NULL);
}

void fake_handshake_end(struct fake_handshake *hands)
{
    SSL_shutdown(hands->server); /* else the session would not do for another */
    SSL_shutdown(hands->client);
    ERR_clear_error();
    tls_context_ssl_free(hands->server);
    tls_context_ssl_free(hands->client);
    free(hands->server_why);
    free(hands->client_why);
    *hands = (struct fake_handshake){0};
}
