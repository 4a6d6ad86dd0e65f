/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_verdict.h"

#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "tls/tls_certificate.h"
#include "tls/tls_parts.h"

/* What is judged. */
struct judged {
    const struct tls_context *context;
    const SSL *ssl;
    X509_STORE_CTX *store;
    X509 *leaf;     /* the far end's own */
    X509 *cause;    /* the one that is wrong: the leaf, or one of those that signed it */
    const char *it; /* how the cause is called */
};

/* --- in words --- */

static char *misnamed(const struct judged *judged)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(judged->store);
    char *names = tls_certificate_names(judged->leaf), *shown = escape_string(names);
    char *address = X509_VERIFY_PARAM_get1_ip_asc(param);
    const char *host = X509_VERIFY_PARAM_get0_host(param, 0);
    char *wanted = escape_string(host ? host : address ? address : "");
    char *text = mem_printf("the certificate is for %s, not for %s",
                            *names == '\0' ? "nobody" : shown, wanted);
    OPENSSL_free(address);
    free(wanted);
    free(shown);
    free(names);
    return text;
}

/* What to do about it stands behind it, for who calls. */
static char *untrusted(const struct judged *judged)
{
    const bool by_itself =
        X509_STORE_CTX_get_error(judged->store) == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
    const char *who = by_itself ? "nobody we trust (self-signed)" : "nobody we trust";
    char pin[TLS_FINGERPRINT];
    if (SSL_is_server(judged->ssl))
        return mem_printf("%s is signed by %s", judged->it, who);
    tls_certificate_fingerprint(judged->leaf, pin);
    return mem_printf(judged->context->by_options
                          ? "%s is signed by %s: --ca FILE, --pin %s or --insecure"
                          : "%s is signed by %s: ca=FILE, pin=%s or verify=no",
                      judged->it, who, pin);
}

static char *out_of_time(const struct judged *judged, const char *when,
                         char *(*date_of)(const X509 *cert))
{
    char *date = date_of(judged->cause);
    char *text = mem_printf("%s %s %s", judged->it, when, date);
    free(date);
    return text;
}

/* Of those that say it all; NULL: it is none of them. */
static const char *plain_words(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_REVOKED:
        return "has been revoked";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return "may have been revoked: there is no CRL of who signed it";
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return "may have been revoked: the CRL is out of date";
    case X509_V_ERR_INVALID_PURPOSE:
        return "may not be used for this";
    default:
        return NULL;
    }
}

static char *in_words(const struct judged *judged)
{
    const int error = X509_STORE_CTX_get_error(judged->store);
    const char *words = plain_words(error);
    switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return misnamed(judged);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return out_of_time(judged, "expired on", tls_certificate_end);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return out_of_time(judged, "is not valid before", tls_certificate_begin);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return untrusted(judged);
    default:
        return words ? mem_printf("%s %s", judged->it, words)
                     : mem_printf("%s is not taken: %s", judged->it,
                                  X509_verify_cert_error_string(error));
    }
}

static const char *name_of_cause(const struct judged *judged)
{
    if (judged->cause != judged->leaf)
        return "a certificate that signed the far end's";
    return SSL_is_server(judged->ssl) ? "the client's certificate" : "the certificate";
}

/* --- judging --- */

static struct tls_session *session_of(const struct judged *judged)
{
    return CAST(tls_session, SSL_get_app_data(judged->ssl));
}

static int refuse(const struct judged *judged, char *verdict)
{
    struct tls_session *session = session_of(judged);
    free(session->verdict);
    session->verdict = verdict;
    return 0;
}

static bool fits_pin(const struct judged *judged)
{
    unsigned char digest[TLS_DIGEST];
    tls_certificate_digest(judged->leaf, digest);
    return memcmp(digest, judged->context->pin, TLS_DIGEST) == 0;
}

static int refuse_pin(const struct judged *judged)
{
    char pin[TLS_FINGERPRINT];
    tls_certificate_fingerprint(judged->leaf, pin);
    X509_STORE_CTX_set_error(judged->store, X509_V_ERR_CERT_REJECTED);
    return refuse(judged,
                  mem_printf("the certificate is not the one that is pinned: it has %s", pin));
}

static int accept_pinned(const struct judged *judged)
{
    X509_STORE_CTX_set_error(judged->store, X509_V_OK);
    return 1;
}

/* As SSL_CTX_set_cert_verify_callback(3) has it. */
static int judge(X509_STORE_CTX *store, void *context)
{
    struct judged judged = {
        .context = CAST(tls_context, context),
        .ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        .store = store,
        .leaf = X509_STORE_CTX_get0_cert(store),
    };
    if (judged.context->pinned && !fits_pin(&judged))
        return refuse_pin(&judged);
    if (judged.context->pinned && !judged.context->has_ca)
        return accept_pinned(&judged);
    if (SSL_get_verify_mode(judged.ssl) == SSL_VERIFY_NONE || X509_verify_cert(store) == 1)
        return 1;
    judged.cause = X509_STORE_CTX_get_current_cert(store);
    if (!judged.cause)
        judged.cause = judged.leaf;
    judged.it = name_of_cause(&judged);
    return refuse(&judged, in_words(&judged));
}

void tls_verdict_use(SSL_CTX *ctx)
{
    SSL_CTX_set_cert_verify_callback(ctx, judge, SSL_CTX_get_app_data(ctx));
}
