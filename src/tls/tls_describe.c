/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_describe.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tls/tls_certificate.h"
#include "tls/tls_parts.h"

struct room {
    char *at;
    size_t left;
};

/* NULL for NULL, and where there is no room. */
static const char *keep_bytes(struct room *room, const void *text, size_t size)
{
    char *kept = room->at;
    if (!text || size >= room->left)
        return NULL;
    memcpy(kept, text, size);
    kept[size] = '\0';
    room->at += size + 1;
    room->left -= size + 1;
    return kept;
}

static const char *keep(struct room *room, const char *text)
{
    return text ? keep_bytes(room, text, strlen(text)) : NULL;
}

static const char *keep_alpn(struct room *room, const SSL *ssl)
{
    const unsigned char *protocol;
    unsigned size;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    return size > 0 ? keep_bytes(room, protocol, size) : NULL;
}

static void describe_certificate(struct tls_facts *facts, struct room *room, const X509 *cert)
{
    char fingerprint[TLS_FINGERPRINT];
    char *subject = tls_certificate_subject(cert);
    tls_certificate_fingerprint(cert, fingerprint);
    facts->fingerprint = keep(room, fingerprint);
    facts->subject = *subject == '\0' ? NULL : keep(room, subject);
    free(subject);
}

/*
 * NULL: they share no key, or both have taken another way. In 1.3 such a key is what a ticket
 * is too, so OpenSSL calls it a session that is resumed; before, the session has its name.
 */
static const char *shared_key(const SSL *ssl)
{
    const struct tls_session *session = CAST(tls_session, SSL_get_app_data(ssl));
    if (SSL_version(ssl) != TLS1_3_VERSION)
        return SSL_get_psk_identity(ssl);
    return SSL_session_reused(ssl) ? session->psk_identity : NULL;
}

void tls_describe(const SSL *ssl, struct tls_facts *facts, char *place, size_t size)
{
    struct room room = {.at = place, .left = size};
    const X509 *cert = SSL_get0_peer_certificate(ssl);
    const char *shared = shared_key(ssl);
    *facts = (struct tls_facts){
        .version = keep(&room, SSL_get_version(ssl)),
        .cipher = keep(&room, SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)))};
    facts->psk_identity = keep(&room, shared);
    facts->resumed = SSL_session_reused(ssl) && (!shared || SSL_version(ssl) != TLS1_3_VERSION);
    facts->alpn = keep_alpn(&room, ssl);
    facts->server_name = keep(&room, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
    if (cert)
        describe_certificate(facts, &room, cert);
}

char *tls_describe_name(const SSL *ssl)
{
    const X509 *cert = SSL_get0_peer_certificate(ssl);
    return cert ? tls_certificate_common_name(cert) : NULL;
}
