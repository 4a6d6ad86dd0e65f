/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that settings name: small, read whole, and without waiting. */
#ifndef TELEX_TLS_TLS_FILE_H
#define TELEX_TLS_TLS_FILE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "tls/tls_settings.h"

/* Nobody has a certificate, list or bundle so large. */
enum { TLS_FILE_MAX = 16 << 20 /* bytes */ };

/* What is in it, to be read from memory. NULL with *error: "cannot read FILE: reason". */
BIO *tls_file_open(const char *path, char **error);

/*
 * Certificate and key become ctx's; key NULL: it stands with the certificate. An expired one is
 * warned about. False with *error.
 */
bool tls_file_own(SSL_CTX *ctx, const char *cert, const char *key, char **error);

/*
 * Those whom ctx trusts, and asks clients for; revocation is looked at where there is a CRL
 * among them. trust: a digest of the file, so that nobody comes in by what another has granted.
 * False with *error.
 */
bool tls_file_trust(SSL_CTX *ctx, const char *ca, unsigned char trust[TLS_DIGEST],
                    char **error);

#endif
