/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_context.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/mem.h"
#include "tls/dtls_cookie.h"
#include "tls/tls_certificate.h"
#include "tls/tls_file.h"
#include "tls/tls_key_log.h"
#include "tls/tls_memory.h"
#include "tls/tls_parts.h"
#include "tls/tls_psk.h"
#include "tls/tls_verdict.h"

/* --- what holds for all --- */

static void set_up(SSL_CTX *ctx, const struct tls_settings *settings)
{
    enum { CLIENT_CHAIN = 1 << 15 /* bytes of certificates, which a stranger may send */ };
    const int stream = settings->min == TLS_VERSION_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    SSL_CTX_set_min_proto_version(ctx, settings->datagrams ? DTLS1_2_VERSION : stream);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    /* Tickets do for resumption; a cache would grow. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, CLIENT_CHAIN);
    tls_verdict_use(ctx);
}

static bool read_psk(struct tls_context *context, const struct tls_settings *settings,
                     bool calls, char **error)
{
    if (!settings->psk)
        return true;
    context->psk = tls_psk_read(settings->psk, error);
    if (context->psk)
        tls_psk_use(context->ctx, calls);
    return context->psk;
}

static bool read_own(struct tls_context *context, const struct tls_settings *settings,
                     char **error)
{
    return (!settings->cert && !settings->key) ||
           tls_file_own(context->ctx, settings->cert, settings->key, error);
}

static void set_alpn(struct tls_context *context, const char *list)
{
    if (!list)
        return;
    context->alpn_size = (unsigned)strlen(list) + 1;
    context->alpn = mem_alloc(context->alpn_size);
    unsigned char *length = context->alpn;
    memcpy(length + 1, list, context->alpn_size - 1);
    *length = 0;
    for (unsigned char *at = length + 1; at < context->alpn + context->alpn_size; at++)
        if (*at == ',') {
            length = at;
            *length = 0;
        } else {
            ++*length;
        }
}

static struct tls_context *create(const SSL_METHOD *method, const struct tls_settings *settings)
{
    struct tls_context *context = mem_zalloc(sizeof *context);
    tls_memory_use();
    CAST_INIT(tls_context, context);
    context->references = 1;
    context->key_log = -1;
    context->has_ca = settings->ca;
    context->by_options = settings->by_options;
    context->pinned = settings->pinned;
    memcpy(context->pin, settings->pin, sizeof context->pin);
    context->server_name = settings->server_name ? mem_strdup(settings->server_name) : NULL;
    set_alpn(context, settings->alpn);
    context->ctx = SSL_CTX_new(method);
    if (!context->ctx)
        mem_exhausted();
    SSL_CTX_set_app_data(context->ctx, context);
    set_up(context->ctx, settings);
    return context;
}

/* The last of its making. NULL where it has failed; error is that of whoever knew. */
static struct tls_context *complete(struct tls_context *context, bool good, char **error)
{
    good = good && tls_key_log_open(&context->key_log, error);
    ERR_clear_error();
    if (!good) {
        tls_context_release(context);
        return NULL;
    }
    if (context->key_log >= 0)
        tls_key_log_use(context->ctx);
    const X509 *cert = SSL_CTX_get0_certificate(context->ctx);
    if (cert)
        tls_certificate_fingerprint(cert, context->fingerprint);
    return context;
}

/* --- listening --- */

/* Our own order counts. */
static int choose_alpn(SSL *ssl, const unsigned char **chosen, unsigned char *size,
                       const unsigned char *offered, unsigned offered_size, void *context)
{
    const struct tls_context *own = CAST(tls_context, context);
    unsigned char *found;
    (void)ssl;
    const int how =
        SSL_select_next_proto(&found, size, own->alpn, own->alpn_size, offered, offered_size);
    *chosen = found;
    return how == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* What let somebody in, of which a ticket says that it did. */
struct grant {
    unsigned char ca[TLS_DIGEST], psk[TLS_DIGEST];
    enum tls_verify verify;
};

/* Nobody comes in by a ticket where whoever let them in would not do so any more. */
static void bind_tickets(const struct tls_context *context, struct grant *grant)
{
    unsigned char digest[TLS_DIGEST];
    if (context->psk)
        tls_psk_digest(context->psk, grant->psk);
    EVP_Digest(grant, sizeof *grant, digest, NULL, EVP_sha256(), NULL);
    SSL_CTX_set_session_id_context(context->ctx, digest, sizeof digest);
}

static bool set_verify(struct tls_context *context, const struct tls_settings *settings,
                       char **error)
{
    const enum tls_verify usual = settings->ca ? TLS_VERIFY_REQUIRE : TLS_VERIFY_NONE;
    struct grant grant;
    memset(&grant, 0, sizeof grant); /* all of it is digested */
    grant.verify = settings->verify ? settings->verify : usual;
    if (settings->ca && !tls_file_trust(context->ctx, settings->ca, grant.ca, error))
        return false;
    bind_tickets(context, &grant);
    if (grant.verify == TLS_VERIFY_NONE)
        return true;
    if (!settings->ca) {
        *error = mem_strdup("verify= needs ca=FILE: the certificates of those whose clients "
                            "are trusted");
        return false;
    }
    const int all = grant.verify == TLS_VERIFY_REQUIRE ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context->ctx, SSL_VERIFY_PEER | all, NULL);
    return true;
}

static void take_over_tickets(SSL_CTX *ctx, SSL_CTX *before)
{
    unsigned char keys[80]; /* SSL_CTX_set_tlsext_ticket_keys(3) */
    if (SSL_CTX_get_tlsext_ticket_keys(before, keys, sizeof keys) == 1)
        SSL_CTX_set_tlsext_ticket_keys(ctx, keys, sizeof keys);
    explicit_bzero(keys, sizeof keys);
}

/* Where none is named. Keys that both know do without one. */
static void make_own(struct tls_context *context, const struct tls_settings *settings,
                     const struct tls_context *before)
{
    if (settings->cert || settings->psk)
        return;
    context->made = true;
    if (!before || !before->made) {
        tls_certificate_make(context->ctx);
        return;
    }
    SSL_CTX_use_certificate(context->ctx, SSL_CTX_get0_certificate(before->ctx));
    SSL_CTX_use_PrivateKey(context->ctx, SSL_CTX_get0_privatekey(before->ctx));
}

struct tls_context *tls_context_listen(const struct tls_settings *settings,
                                       const struct tls_context *before, char **error)
{
    struct tls_context *context =
        create(settings->datagrams ? DTLS_server_method() : TLS_server_method(), settings);
    if (settings->datagrams)
        dtls_cookie_use(context);
    if (context->alpn)
        SSL_CTX_set_alpn_select_cb(context->ctx, choose_alpn, context);
    const bool good = read_own(context, settings, error) &&
                      read_psk(context, settings, false, error) &&
                      set_verify(context, settings, error);
    if (good)
        make_own(context, settings, before);
    if (good && before)
        take_over_tickets(context->ctx, before->ctx);
    return complete(context, good, error);
}

/* --- calling --- */

/* Called where the far end wants a certificate and there is none: told where it then refuses.
 */
static int note_asked(SSL *ssl, X509 **cert, EVP_PKEY **key)
{
    (void)cert;
    (void)key;
    CAST(tls_session, SSL_get_app_data(ssl))->asked = true;
    return 0;
}

static bool set_trust(struct tls_context *context, const struct tls_settings *settings,
                      char **error)
{
    unsigned char unused[TLS_DIGEST];
    const bool asks = settings->verify != TLS_VERIFY_NONE;
    if (asks || settings->pinned)
        SSL_CTX_set_verify(context->ctx, SSL_VERIFY_PEER, NULL);
    if (settings->ca)
        return tls_file_trust(context->ctx, settings->ca, unused, error);
    if (asks) /* it may be hundreds of certificates: read where they are looked at alone */
        SSL_CTX_set_default_verify_paths(context->ctx); /* SSL_CERT_FILE counts there */
    return true;
}

struct tls_context *tls_context_call(const struct tls_settings *settings, char **error)
{
    struct tls_context *context =
        create(settings->datagrams ? DTLS_client_method() : TLS_client_method(), settings);
    SSL_CTX_set_client_cert_cb(context->ctx, note_asked);
    if (context->alpn)
        SSL_CTX_set_alpn_protos(context->ctx, context->alpn, context->alpn_size);
    const bool good = read_own(context, settings, error) &&
                      read_psk(context, settings, true, error) &&
                      set_trust(context, settings, error);
    return complete(context, good, error);
}

/* --- its life --- */

struct tls_context *tls_context_reference(struct tls_context *context)
{
    context->references++;
    return context;
}

void tls_context_release(struct tls_context *context)
{
    if (!context || --context->references > 0)
        return;
    SSL_CTX_free(context->ctx);
    tls_psk_destroy(context->psk);
    if (context->key_log >= 0)
        close(context->key_log);
    free(context->alpn);
    free(context->server_name);
    free(context);
}

const char *tls_context_fingerprint(const struct tls_context *context)
{
    return *context->fingerprint == '\0' ? NULL : context->fingerprint;
}

/* --- one line --- */

/* An address stands in the certificate as one, and is nothing to ask for by name (RFC 6066).
 * A zone says nothing to the far end. */
static void set_host(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    char *name = mem_strndup(host, strcspn(host, "%"));
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, name) != 1) {
        SSL_set_tlsext_host_name(ssl, name);
        SSL_set1_host(ssl, name);
    }
    free(name);
    ERR_clear_error();
}

SSL *tls_context_ssl(struct tls_context *context, const char *host)
{
    struct tls_session *session = mem_zalloc(sizeof *session);
    SSL *ssl = SSL_new(context->ctx);
    if (!ssl)
        mem_exhausted();
    CAST_INIT(tls_session, session);
    session->context = tls_context_reference(context);
    SSL_set_app_data(ssl, session);
    if (SSL_is_server(ssl)) {
        SSL_set_accept_state(ssl);
        return ssl;
    }
    SSL_set_connect_state(ssl);
    if (!context->server_name && *host == '\0')
        host = "localhost";
    set_host(ssl, context->server_name ? context->server_name : host);
    return ssl;
}

void tls_context_ssl_free(SSL *ssl)
{
    if (!ssl)
        return;
    struct tls_session *session = CAST(tls_session, SSL_get_app_data(ssl));
    SSL_free(ssl);
    tls_context_release(session->context);
    free(session->verdict);
    free(session);
}
