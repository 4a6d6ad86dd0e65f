/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_psk.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/fail.h"
#include "base/mem.h"
#include "tls/tls_file.h"
#include "tls/tls_parts.h"

enum {
    IDENTITY_MAX = 128, /* what OpenSSL takes in TLS 1.2 */
    LINE_SIZE = IDENTITY_MAX + 2 * PSK_MAX_PSK_LEN + 16
};

struct entry {
    char identity[IDENTITY_MAX + 1];
    unsigned char key[PSK_MAX_PSK_LEN];
    unsigned size;
};

struct tls_psk {
    struct entry *entries;
    size_t count;
};

/* --- the file --- */

/* The key; false where it is no hex, or as good as none. */
static bool read_key(struct entry *entry, const char *hex)
{
    enum { LEAST = 8 /* bytes */ };
    size_t size = 0;
    return OPENSSL_hexstr2buf_ex(entry->key, sizeof entry->key, &size, hex, '\0') == 1 &&
           (entry->size = (unsigned)size) >= LEAST;
}

static bool read_line(struct tls_psk *psk, char *line)
{
    char *rest = line;
    const char *identity = strsep(&rest, " \t");
    if (!rest || *identity == '\0' || strlen(identity) > IDENTITY_MAX)
        return false;
    psk->entries = mem_resize(psk->entries, (psk->count + 1) * sizeof *psk->entries);
    struct entry *entry = &psk->entries[psk->count++];
    memset(entry, 0, sizeof *entry); /* all of it is digested */
    memcpy(entry->identity, identity, strlen(identity));
    return read_key(entry, rest + strspn(rest, " \t"));
}

/* The number of the first line that is wrong; 0: none is. */
static unsigned read_lines(struct tls_psk *psk, BIO *bio)
{
    char line[LINE_SIZE];
    unsigned number = 0, wrong = 0;
    while (wrong == 0 && BIO_gets(bio, line, sizeof line) > 0) {
        number++;
        line[strcspn(line, "\r\n")] = '\0';
        if (*line != '\0' && *line != '#' && !read_line(psk, line))
            wrong = number;
    }
    explicit_bzero(line, sizeof line);
    ERR_clear_error();
    return wrong;
}

struct tls_psk *tls_psk_read(const char *path, char **error)
{
    BIO *bio = tls_file_open(path, error);
    if (!bio)
        return NULL;
    struct tls_psk *psk = mem_zalloc(sizeof *psk);
    const unsigned wrong = read_lines(psk, bio);
    BIO_free(bio);
    if (wrong == 0 && psk->count > 0)
        return psk;
    if (wrong > 0)
        fail_with(error, "%s: line %u is not IDENTITY HEXKEY, of %d bytes and 8 to %d", path,
                  wrong, IDENTITY_MAX, PSK_MAX_PSK_LEN);
    else
        fail_with(error, "there is no key in %s: a line is IDENTITY HEXKEY", path);
    tls_psk_destroy(psk);
    return NULL;
}

void tls_psk_digest(const struct tls_psk *psk, unsigned char digest[TLS_DIGEST])
{
    EVP_Digest(psk->entries, psk->count * sizeof *psk->entries, digest, NULL, EVP_sha256(),
               NULL);
}

void tls_psk_destroy(struct tls_psk *psk)
{
    if (!psk)
        return;
    if (psk->entries)
        explicit_bzero(psk->entries, psk->count * sizeof *psk->entries);
    free(psk->entries);
    free(psk);
}

/* --- handshakes --- */

static struct tls_session *session_of(const SSL *ssl)
{
    return CAST(tls_session, SSL_get_app_data(ssl));
}

static const struct entry *find(const struct tls_psk *psk, const char *identity)
{
    for (size_t i = 0; i < psk->count; i++)
        if (strcmp(psk->entries[i].identity, identity) == 0)
            return &psk->entries[i];
    return NULL;
}

/* Its length; 0 where there is no room for it. */
static unsigned show(struct tls_session *session, const struct entry *entry, unsigned char *key,
                     unsigned most)
{
    if (entry->size > most)
        return 0;
    session->psk_identity = entry->identity;
    memcpy(key, entry->key, entry->size);
    return entry->size;
}

/* Where the listener has a certificate too, that may do. */
static void note_stranger(struct tls_session *session, const char *identity)
{
    char *shown = escape_string(identity);
    free(session->verdict);
    session->verdict = mem_printf("nobody is known by the PSK identity '%s'", shown);
    free(shown);
}

/* 0: nobody of that name. */
static unsigned server_key(SSL *ssl, const char *identity, unsigned char *key, unsigned most)
{
    struct tls_session *session = session_of(ssl);
    const struct entry *entry = identity ? find(session->context->psk, identity) : NULL;
    if (entry)
        return show(session, entry, key, most);
    if (identity)
        note_stranger(session, identity);
    return 0;
}

static unsigned client_key(SSL *ssl, const char *hint, char *identity, unsigned identity_most,
                           unsigned char *key, unsigned most)
{
    struct tls_session *session = session_of(ssl);
    const struct entry *entry = &session->context->psk->entries[0];
    (void)hint;
    if (strlen(entry->identity) >= identity_most)
        return 0;
    memcpy(identity, entry->identity, strlen(entry->identity) + 1);
    return show(session, entry, key, most);
}

/*
 * Who shares a key is to come in by it, also where there is a certificate. So the suites that
 * such keys go with stand first, and our order counts; in 1.3 they go with SHA-256 alone.
 */
static void prefer(SSL_CTX *ctx)
{
    SSL_CTX_set_cipher_list(ctx, "DEFAULT:+aECDSA:+aRSA");
    SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:"
                                  "TLS_AES_256_GCM_SHA384");
    SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

void tls_psk_use(SSL_CTX *ctx, bool calls)
{
    prefer(ctx);
    if (calls)
        SSL_CTX_set_psk_client_callback(ctx, client_key);
    else
        SSL_CTX_set_psk_server_callback(ctx, server_key);
}
