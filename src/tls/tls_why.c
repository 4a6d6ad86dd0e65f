/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_why.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/tls1.h>

#include "base/mem.h"
#include "tls/tls_parts.h"

struct reason {
    int code;
    const char *text;
};

static const char *find(const struct reason *reasons, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (reasons[i].code == code)
            return reasons[i].text;
    return NULL;
}

static const char no_cipher[] = "no cipher in common";
static const char no_version[] = "no version of TLS in common";
static const char no_alpn[] = "no protocol in common (ALPN)";

/* What we did not like. */
static const char *of_our_own(int code)
{
    static const struct reason reasons[] = {
        {SSL_R_NO_SHARED_CIPHER, no_cipher},
        {SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, no_cipher},
        {SSL_R_NO_SUITABLE_KEY_SHARE, no_cipher},
        {SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, no_cipher},
        {SSL_R_NO_CIPHERS_AVAILABLE, no_cipher},
        {SSL_R_UNSUPPORTED_PROTOCOL, no_version},
        {SSL_R_NO_PROTOCOLS_AVAILABLE, no_version},
        {SSL_R_VERSION_TOO_LOW, no_version},
        {SSL_R_WRONG_SSL_VERSION, no_version},
        {SSL_R_WRONG_VERSION_NUMBER, no_version},
        {SSL_R_NO_APPLICATION_PROTOCOL, no_alpn},
        {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "the client shows no certificate"},
        {SSL_R_BINDER_DOES_NOT_VERIFY, "the client has another key for its PSK identity"},
        {SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "what it sent was bent, or is under "
                                                    "another key"},
        {SSL_R_DIGEST_CHECK_FAILED, "what it sent was bent, or is under another key"},
        {SSL_R_EXCESSIVE_MESSAGE_SIZE, "the far end sends too many certificates"},
    };
    return find(reasons, sizeof reasons / sizeof *reasons, code);
}

/* What the far end did not like, and said in an alert. */
static const char *of_alert(int alert)
{
    static const struct reason reasons[] = {
        {SSL_AD_HANDSHAKE_FAILURE, "the far end refused the handshake: no cipher in common, "
                                   "perhaps"},
        {SSL_AD_INSUFFICIENT_SECURITY,
         "the far end refused the handshake: no cipher in common"},
        {SSL_AD_PROTOCOL_VERSION, no_version},
        {SSL_AD_NO_APPLICATION_PROTOCOL, no_alpn},
        {TLS13_AD_CERTIFICATE_REQUIRED, "the far end wants a client certificate"},
        {SSL_AD_BAD_CERTIFICATE, "the far end refused our certificate"},
        {SSL_AD_UNSUPPORTED_CERTIFICATE, "the far end refused our certificate: it is not of a "
                                         "kind that it takes"},
        {SSL_AD_CERTIFICATE_REVOKED, "the far end refused our certificate: it is revoked"},
        {SSL_AD_CERTIFICATE_EXPIRED, "the far end refused our certificate: it is out of date"},
        {SSL_AD_CERTIFICATE_UNKNOWN, "the far end refused our certificate"},
        {SSL_AD_UNKNOWN_CA, "the far end refused our certificate: unknown CA"},
        {SSL_AD_ACCESS_DENIED, "the far end refused our certificate: access denied"},
        {SSL_AD_UNRECOGNIZED_NAME, "the far end serves nobody of that name"},
        {SSL_AD_UNKNOWN_PSK_IDENTITY, "the far end does not know our PSK identity"},
        {SSL_AD_DECRYPT_ERROR, "the far end has another key, or takes our proof for none"},
        {SSL_AD_BAD_RECORD_MAC, "the far end has another key, or got what is bent"},
        {SSL_AD_INTERNAL_ERROR,
         "the far end gave up the handshake: it has an error of its own"},
        {SSL_AD_USER_CANCELLED, "the far end gave up the handshake"},
    };
    return find(reasons, sizeof reasons / sizeof *reasons, alert);
}

/* Some far ends say no more than that the handshake fails, where we can tell why. */
static const char *of_vague_alert(const SSL *ssl, int alert)
{
    const struct tls_session *session = CAST(tls_session, SSL_get_app_data(ssl));
    const bool shares = session->context->psk && !SSL_is_server(ssl);
    if (alert == SSL_AD_ILLEGAL_PARAMETER && shares)
        return of_alert(SSL_AD_DECRYPT_ERROR);
    if (alert != SSL_AD_HANDSHAKE_FAILURE && alert != SSL_AD_BAD_CERTIFICATE &&
        alert != SSL_AD_CERTIFICATE_UNKNOWN)
        return NULL;
    if (session->asked)
        return of_alert(TLS13_AD_CERTIFICATE_REQUIRED);
    return shares ? of_alert(SSL_AD_UNKNOWN_PSK_IDENTITY) : NULL;
}

/* --- all of it --- */

static char *in_words(const SSL *ssl, unsigned long error)
{
    const int code = ERR_GET_REASON(error);
    const char *text = NULL, *reason = ERR_reason_error_string(error);
    if (ERR_GET_LIB(error) != ERR_LIB_SSL)
        text = NULL;
    else if (code < SSL_AD_REASON_OFFSET)
        text = of_our_own(code);
    else if (!(text = of_vague_alert(ssl, code - SSL_AD_REASON_OFFSET)))
        text = of_alert(code - SSL_AD_REASON_OFFSET);
    if (text)
        return mem_strdup(text);
    return mem_printf("%s failed: %s", SSL_is_init_finished(ssl) ? "TLS" : "the handshake",
                      reason ? reason : "nobody says why");
}

/* What the ciphers say comes before what that means for TLS. */
static unsigned long first_error(void)
{
    const unsigned long first = ERR_peek_error();
    unsigned long error = first;
    while (error != 0 && ERR_GET_LIB(error) != ERR_LIB_SSL)
        error = ERR_get_error();
    return error != 0 ? error : first;
}

char *tls_why(SSL *ssl)
{
    struct tls_session *session = CAST(tls_session, SSL_get_app_data(ssl));
    const unsigned long error = first_error();
    ERR_clear_error();
    return session->verdict ? mem_strdup(session->verdict) : in_words(ssl, error);
}
