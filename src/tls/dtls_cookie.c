/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/dtls_cookie.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/address.h"
#include "base/mem.h"
#include "tls/tls_parts.h"

/* By where the hello came from. */
static int make(SSL *ssl, unsigned char *cookie, unsigned *size)
{
    const struct tls_session *session = CAST(tls_session, SSL_get_app_data(ssl));
    const unsigned char *key = session->context->cookie_key;
    char from[ADDRESS_TEXT];
    address_print(&session->hello_from, from);
    return HMAC(EVP_sha256(), key, sizeof session->context->cookie_key,
                (const unsigned char *)from, strlen(from), cookie, size) != NULL;
}

static int is_good(SSL *ssl, const unsigned char *cookie, unsigned size)
{
    unsigned char own[EVP_MAX_MD_SIZE];
    unsigned own_size;
    return make(ssl, own, &own_size) && size == own_size &&
           CRYPTO_memcmp(cookie, own, size) == 0;
}

void dtls_cookie_use(struct tls_context *context)
{
    if (RAND_bytes(context->cookie_key, sizeof context->cookie_key) != 1)
        mem_exhausted();
    SSL_CTX_set_cookie_generate_cb(context->ctx, make);
    SSL_CTX_set_cookie_verify_cb(context->ctx, is_good);
}
