/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_pki.h"

#include <check.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATHS = 16, FILES = 32 };

static char directory[64], paths[PATHS][256], files[FILES][64];
static unsigned path_count, file_count;

void fake_pki_begin(void)
{
    snprintf(directory, sizeof directory, "/tmp/telex-pki.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    file_count = 0;
}

void fake_pki_end(void)
{
    for (unsigned i = 0; i < file_count; i++)
        unlink(fake_pki_path(files[i]));
    ck_assert_int_eq(rmdir(directory), 0);
}

const char *fake_pki_path(const char *file)
{
    char *path = paths[path_count++ % PATHS];
    snprintf(path, sizeof paths[0], "%s/%s", directory, file);
    return path;
}

static FILE *open_file(const char *file, const char *mode)
{
    FILE *stream = fopen(fake_pki_path(file), mode);
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_lt(file_count, FILES);
    snprintf(files[file_count++], sizeof files[0], "%s", file);
    return stream;
}

const char *fake_pki_write(const char *file, const char *text)
{
    FILE *stream = open_file(file, "w");
    fputs(text, stream);
    fclose(stream);
    return fake_pki_path(file);
}

const char *fake_pki_write_encrypted(const char *file, const struct fake_cert *cert)
{
    FILE *stream = open_file(file, "w");
    PEM_write_PrivateKey(stream, cert->key, EVP_aes_128_cbc(), (const unsigned char *)"secret",
                         6, NULL, NULL);
    fclose(stream);
    return fake_pki_path(file);
}

static void add(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    ck_assert_ptr_nonnull(extension);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

static void write_files(const struct fake_cert *made, const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "%s.pem", name);
    FILE *stream = open_file(file, "w");
    PEM_write_X509(stream, made->cert);
    fclose(stream);
    snprintf(file, sizeof file, "%s.key", name);
    stream = open_file(file, "w");
    PEM_write_PrivateKey(stream, made->key, NULL, NULL, 0, NULL, NULL);
    fclose(stream);
}

struct fake_cert fake_pki_make(const struct fake_cert_spec *spec)
{
    static unsigned number = 1;
    struct fake_cert made = {.cert = X509_new(), .key = EVP_EC_gen("P-256")};
    const struct fake_cert *issuer = spec->issuer ? spec->issuer : &made;
    X509_NAME *name = X509_get_subject_name(made.cert);
    X509_set_version(made.cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.cert), number++);
    X509_time_adj_ex(X509_getm_notBefore(made.cert), spec->from, -60, NULL);
    X509_time_adj_ex(X509_getm_notAfter(made.cert), spec->to ? spec->to : 365, 0, NULL);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)spec->name, -1,
                               -1, 0);
    X509_set_issuer_name(made.cert, X509_get_subject_name(issuer->cert));
    X509_set_pubkey(made.cert, made.key);
    if (spec->ca)
        add(made.cert, NID_basic_constraints, "critical,CA:TRUE");
    if (spec->names)
        add(made.cert, NID_subject_alt_name, spec->names);
    ck_assert_int_ne(X509_sign(made.cert, issuer->key, EVP_sha256()), 0);
    write_files(&made, spec->name);
    return made;
}

void fake_pki_free(struct fake_cert *cert)
{
    X509_free(cert->cert);
    EVP_PKEY_free(cert->key);
    *cert = (struct fake_cert){0};
}

void fake_pki_append_crl(const char *file, const struct fake_cert *issuer,
                         const struct fake_cert *revoked)
{
    X509_CRL *crl = X509_CRL_new();
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0), *then = X509_gmtime_adj(NULL, 1000000);
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->cert));
    X509_CRL_set1_lastUpdate(crl, now);
    X509_CRL_set1_nextUpdate(crl, then);
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->cert));
    X509_REVOKED_set_revocationDate(entry, now);
    X509_CRL_add0_revoked(crl, entry);
    X509_CRL_sort(crl);
    ck_assert_int_ne(X509_CRL_sign(crl, issuer->key, EVP_sha256()), 0);
    FILE *stream = open_file(file, "a");
    PEM_write_X509_CRL(stream, crl);
    fclose(stream);
    X509_CRL_free(crl);
    ASN1_TIME_free(now);
    ASN1_TIME_free(then);
}
