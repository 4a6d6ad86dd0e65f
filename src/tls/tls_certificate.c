/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_certificate.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/ut.h"
#include "base/words.h"
#include "tls/tls_parts.h"

void tls_certificate_digest(const X509 *cert, unsigned char digest[TLS_DIGEST])
{
    unsigned size = TLS_DIGEST;
    if (X509_digest(cert, EVP_sha256(), digest, &size) != 1)
        mem_exhausted();
}

void tls_certificate_fingerprint(const X509 *cert, char *text)
{
    unsigned char digest[TLS_DIGEST];
    tls_certificate_digest(cert, digest);
    int length = snprintf(text, TLS_FINGERPRINT, "sha256:");
    for (size_t i = 0; i < TLS_DIGEST; i++)
        length += snprintf(text + length, 3, "%02x", digest[i]);
}

/* --- in words --- */

static char *date(const ASN1_TIME *time)
{
    struct tm parts = {0};
    char text[] = "YYYY-MM-DD and more";
    if (ASN1_TIME_to_tm(time, &parts) != 1 ||
        strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
        return mem_strdup("a day that cannot be read");
    return mem_strdup(text);
}

char *tls_certificate_end(const X509 *cert)
{
    return date(X509_get0_notAfter(cert));
}

char *tls_certificate_begin(const X509 *cert)
{
    return date(X509_get0_notBefore(cert));
}

char *tls_certificate_subject(const X509 *cert)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
                       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    const long size = BIO_get_mem_data(bio, &text);
    text = mem_strndup(text, (size_t)size);
    BIO_free(bio);
    return text;
}

static char *utf8_of(const ASN1_STRING *string)
{
    unsigned char *text = NULL;
    const int size = ASN1_STRING_to_UTF8(&text, string);
    char *copy = size >= 0 ? mem_strndup((const char *)text, (size_t)size) : NULL;
    OPENSSL_free(text);
    return copy;
}

char *tls_certificate_common_name(const X509 *cert)
{
    const X509_NAME *subject = X509_get_subject_name(cert);
    const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (place < 0)
        return NULL;
    return utf8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
}

static char *address_of(const ASN1_STRING *bytes)
{
    char text[INET6_ADDRSTRLEN];
    const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16)
        return NULL;
    return mem_strdup(
        inet_ntop(family, ASN1_STRING_get0_data(bytes), text, (socklen_t)sizeof text));
}

static void add_name(UT_string *list, const GENERAL_NAME *name)
{
    char *text = NULL;
    if (name->type == GEN_DNS)
        text = utf8_of(name->d.dNSName);
    else if (name->type == GEN_IPADD)
        text = address_of(name->d.iPAddress);
    if (text)
        words_add(list, text);
    free(text);
}

/* The common name counts where there are no others: RFC 6125, 6.4.4. */
char *tls_certificate_names(const X509 *cert)
{
    UT_string list;
    utstring_init(&list);
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_name(&list, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
    char *common = utstring_len(&list) == 0 ? tls_certificate_common_name(cert) : NULL;
    if (common)
        words_add(&list, common);
    free(common);
    return utstring_body(&list);
}

/* --- one of our own --- */

static void add_extension(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    if (!extension || X509_add_ext(cert, extension, -1) != 1)
        mem_exhausted();
    X509_EXTENSION_free(extension);
}

/* Another each time: browsers refuse two of one number from one who signed both. */
static void set_serial(X509 *cert)
{
    uint64_t number;
    if (RAND_bytes((unsigned char *)&number, sizeof number) != 1)
        mem_exhausted();
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), number >> 1);
}

/* A clock may be behind ours. */
static void set_times(X509 *cert)
{
    enum { DAY = 24 * 60 * 60, LIFE = 3650 /* days */ };
    X509_gmtime_adj(X509_getm_notBefore(cert), -DAY);
    X509_time_adj_ex(X509_getm_notAfter(cert), LIFE, 0, NULL);
}

void tls_certificate_make(SSL_CTX *ctx)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    if (!key || !cert)
        mem_exhausted();
    X509_NAME *name = X509_get_subject_name(cert);
    X509_set_version(cert, X509_VERSION_3);
    set_serial(cert);
    set_times(cert);
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                               (const unsigned char *)"telexd", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_set_pubkey(cert, key);
    add_extension(cert, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    if (X509_sign(cert, key, EVP_sha256()) == 0 || SSL_CTX_use_certificate(ctx, cert) != 1 ||
        SSL_CTX_use_PrivateKey(ctx, key) != 1)
        mem_exhausted();
    X509_free(cert);
    EVP_PKEY_free(key);
}
