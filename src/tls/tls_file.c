/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "tls/tls_certificate.h"

/* --- reading --- */

/* Its bytes go to bio; -1 with errno. */
static int copy(BIO *bio, int fd)
{
    enum { PIECE = 1 << 14 };
    char piece[PIECE];
    size_t sum = 0;
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0 && sum <= TLS_FILE_MAX) {
        BIO_write(bio, piece, (int)got);
        sum += (size_t)got;
    }
    explicit_bzero(piece, sizeof piece);
    if (got >= 0 && sum <= TLS_FILE_MAX)
        return 0;
    errno = got < 0 ? errno : EFBIG;
    return -1;
}

BIO *tls_file_open(const char *path, char **error)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    const bool good = fd >= 0 && copy(bio, fd) == 0;
    if (!good)
        fail_with(error, "cannot read %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (good)
        return bio;
    BIO_free(bio);
    return NULL;
}

/* --- our own --- */

/* What OpenSSL said last, in its own words, after ours. */
static bool fail_by(char **error, const char *format, const char *path)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    fail_with(error, format, path, reason ? reason : "for a reason that OpenSSL does not tell");
    ERR_clear_error();
    return false;
}

static void warn_if_expired(X509 *cert, const char *path)
{
    if (X509_cmp_current_time(X509_get0_notAfter(cert)) > 0)
        return;
    char *shown = escape_string(path);
    char *date = tls_certificate_end(cert);
    log_error("the certificate in %s expired on %s", shown, date);
    free(date);
    free(shown);
}

/* Those that signed it, for who does not know them. */
static void add_chain(SSL_CTX *ctx, BIO *bio)
{
    X509 *cert;
    while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
        if (SSL_CTX_add0_chain_cert(ctx, cert) != 1)
            X509_free(cert);
    ERR_clear_error(); /* the end */
}

static bool use_certificate(SSL_CTX *ctx, BIO *bio, const char *path, char **error)
{
    X509 *cert = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL);
    if (!cert) {
        ERR_clear_error();
        return fail_with(error, "there is no certificate in PEM form in %s", path);
    }
    const bool good = SSL_CTX_use_certificate(ctx, cert) == 1;
    if (good) {
        warn_if_expired(cert, path);
        add_chain(ctx, bio);
    } else {
        fail_by(error, "the certificate in %s cannot be used: %s", path);
    }
    X509_free(cert);
    return good;
}

/* Nobody is asked: a daemon has no terminal. It is noted that somebody would have to be. */
static int refuse_passphrase(char *buffer, int size, int writes, void *asked)
{
    (void)buffer;
    (void)size;
    (void)writes;
    *(bool *)asked = true;
    return -1;
}

static EVP_PKEY *read_key(BIO *bio, const char *path, char **error)
{
    bool asked = false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, &asked);
    ERR_clear_error();
    if (!key && asked)
        fail_with(error,
                  "the key in %s is encrypted, and nobody is asked for its passphrase: "
                  "'openssl pkey -in KEY -out OTHER' writes it without",
                  path);
    else if (!key)
        fail_with(error, "there is no private key in PEM form in %s", path);
    return key;
}

static bool use_key(SSL_CTX *ctx, const char *cert, const char *path, char **error)
{
    BIO *bio = tls_file_open(path, error);
    EVP_PKEY *key = bio ? read_key(bio, path, error) : NULL;
    bool good = key != NULL;
    if (good && X509_check_private_key(SSL_CTX_get0_certificate(ctx), key) != 1) {
        ERR_clear_error();
        char *shown = escape_string(cert);
        good = fail_with(error, "the key in %s does not belong to the certificate in %s", path,
                         shown);
        free(shown);
    }
    if (good && SSL_CTX_use_PrivateKey(ctx, key) != 1)
        good = fail_by(error, "the key in %s cannot be used: %s", path);
    EVP_PKEY_free(key);
    BIO_free(bio);
    return good;
}

bool tls_file_own(SSL_CTX *ctx, const char *cert, const char *key, char **error)
{
    if (!cert)
        return fail_with(
            error, "the key in %s needs its certificate too: cert=FILE or --cert FILE", key);
    BIO *bio = tls_file_open(cert, error);
    const bool good = bio && use_certificate(ctx, bio, cert, error);
    BIO_free(bio);
    return good && use_key(ctx, cert, key ? key : cert, error);
}

/* --- those we trust --- */

/* How many certificates there were; sets *revokes where there is a CRL. */
static int add_trusted(SSL_CTX *ctx, STACK_OF(X509_INFO) * infos, bool *revokes)
{
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    int count = 0;
    for (int i = 0; i < sk_X509_INFO_num(infos); i++) {
        const X509_INFO *info = sk_X509_INFO_value(infos, i);
        if (info->x509) {
            X509_STORE_add_cert(store, info->x509);
            SSL_CTX_add_client_CA(ctx, info->x509);
            count++;
        }
        if (info->crl)
            *revokes = X509_STORE_add_crl(store, info->crl) == 1 || *revokes;
    }
    ERR_clear_error();
    return count;
}

static bool trust_those(SSL_CTX *ctx, BIO *bio, const char *path, char **error)
{
    bool revokes = false;
    STACK_OF(X509_INFO) *infos = PEM_X509_INFO_read_bio(bio, NULL, NULL, NULL);
    const int count = add_trusted(ctx, infos, &revokes);
    sk_X509_INFO_pop_free(infos, X509_INFO_free);
    if (revokes)
        X509_STORE_set_flags(SSL_CTX_get_cert_store(ctx), X509_V_FLAG_CRL_CHECK);
    return count > 0 || fail_with(error, "there is no certificate in PEM form in %s", path);
}

bool tls_file_trust(SSL_CTX *ctx, const char *ca, unsigned char trust[TLS_DIGEST], char **error)
{
    BIO *bio = tls_file_open(ca, error);
    if (!bio)
        return false;
    char *bytes;
    const long size = BIO_get_mem_data(bio, &bytes);
    EVP_Digest(bytes, (size_t)size, trust, NULL, EVP_sha256(), NULL);
    const bool good = trust_those(ctx, bio, ca, error);
    BIO_free(bio);
    return good;
}
