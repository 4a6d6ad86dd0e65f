/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and keys on P-256, made for a test, as files in a directory of its own. */
#ifndef TELEX_TESTS_FAKE_PKI_H
#define TELEX_TESTS_FAKE_PKI_H

#include <openssl/x509.h>
#include <stdbool.h>

struct fake_cert {
    X509 *cert;
    EVP_PKEY *key;
};

struct fake_cert_spec {
    const char *name;               /* its common name, and of its files: NAME.pem, NAME.key */
    const char *names;              /* whom it is for: "DNS:localhost,IP:127.0.0.1"; or NULL */
    const struct fake_cert *issuer; /* NULL: itself */
    bool ca;
    int from, to; /* days from now; to 0: a year */
};

void fake_pki_begin(void);
void fake_pki_end(void); /* removes the files */

/* To be freed by fake_pki_free. */
struct fake_cert fake_pki_make(const struct fake_cert_spec *spec);
void fake_pki_free(struct fake_cert *cert);

/* The path of a file, made or not: "boiler.pem". Good until the sixteenth call after this. */
const char *fake_pki_path(const char *file);
/* Writes text into a file, and returns its path. */
const char *fake_pki_write(const char *file, const char *text);
/* Writes key as openssl does with a passphrase. */
const char *fake_pki_write_encrypted(const char *file, const struct fake_cert *cert);
/* Appends a CRL of issuer, which revokes one, to a file. */
void fake_pki_append_crl(const char *file, const struct fake_cert *issuer,
                         const struct fake_cert *revoked);

#endif
