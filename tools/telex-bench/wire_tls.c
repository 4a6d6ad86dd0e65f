/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OpenSSL on the descriptor itself: the generator has nothing to gain from reading into memory
 * of its own. struct wire_tls is an SSL, struct wire_tls_context an SSL_CTX.
 */
#include "telex-bench/wire_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>

#include "base/mem.h"

static SSL_CTX *context_of(struct wire_tls_context *context)
{
    return (SSL_CTX *)context;
}

static SSL *ssl_of(const struct wire_tls *tls)
{
    return (SSL *)tls;
}

/* --- all connections --- */

/*
 * Reading ahead saves a call of the system for each record. Sessions are not kept: each
 * handshake is a whole one.
 */
static void configure(SSL_CTX *context)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
}

struct wire_tls_context *wire_tls_context(char **error)
{
    SSL_CTX *shared = SSL_CTX_new(TLS_client_method());
    signal(SIGPIPE, SIG_IGN); /* it writes with write(2) */
    if (shared)
        configure(shared);
    else
        *error = mem_strdup("OpenSSL does not begin");
    return (struct wire_tls_context *)shared;
}

void wire_tls_context_destroy(struct wire_tls_context *context)
{
    SSL_CTX_free(context_of(context));
}

/* --- one of them --- */

struct wire_tls *wire_tls_create(struct wire_tls_context *context, int fd)
{
    SSL *ssl = SSL_new(context_of(context));
    if (ssl && SSL_set_fd(ssl, fd) == 1) {
        SSL_set_connect_state(ssl);
        return (struct wire_tls *)ssl;
    }
    SSL_free(ssl);
    errno = ENOMEM;
    return NULL;
}

void wire_tls_destroy(struct wire_tls *tls)
{
    ERR_clear_error();
    SSL_shutdown(ssl_of(tls));
    SSL_free(ssl_of(tls));
}

/*
 * What a call's result means, as recv(2) says it. Of an end without a farewell errno says
 * nothing: for us it is one as well.
 */
static ssize_t result(const struct wire_tls *tls, int done)
{
    switch (SSL_get_error(ssl_of(tls), done)) {
    case SSL_ERROR_NONE:
        return done;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_SYSCALL:
        return errno == 0 ? 0 : -1;
    default:
        errno = EPROTO;
        return -1;
    }
}

/* OpenSSL looks at what stands in its queue of errors, whoever put it there. */
static void begin(void)
{
    ERR_clear_error();
    errno = 0;
}

int wire_tls_greet(struct wire_tls *tls)
{
    begin();
    const ssize_t done = result(tls, SSL_do_handshake(ssl_of(tls)));
    return done > 0 ? 1 : done < 0 && errno == EAGAIN ? 0 : -1;
}

ssize_t wire_tls_send(struct wire_tls *tls, const void *data, size_t size)
{
    begin();
    return result(tls, SSL_write(ssl_of(tls), data, (int)size));
}

/* A record at a time, until there is none. */
ssize_t wire_tls_receive(struct wire_tls *tls, void *buffer, size_t size)
{
    size_t filled = 0;
    ssize_t done = 1;
    while (done > 0 && filled < size) {
        begin();
        done =
            result(tls, SSL_read(ssl_of(tls), (char *)buffer + filled, (int)(size - filled)));
        if (done > 0)
            filled += (size_t)done;
    }
    return filled > 0 ? (ssize_t)filled : done;
}

bool wire_tls_has_more(const struct wire_tls *tls)
{
    return SSL_has_pending(ssl_of(tls)) == 1;
}

/* Of the alert that came, or of what we found wrong. */
const char *wire_tls_why(const struct wire_tls *tls)
{
    (void)tls;
    const unsigned long first = ERR_peek_error();
    return first != 0 ? ERR_reason_error_string(first) : NULL;
}
