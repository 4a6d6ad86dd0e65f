/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a certificate, in words; and one that we make ourselves. */
#ifndef TELEX_TLS_TLS_CERTIFICATE_H
#define TELEX_TLS_TLS_CERTIFICATE_H

#include <openssl/ssl.h>

#include "tls/tls_settings.h"

/* SHA-256 of its DER form. */
void tls_certificate_digest(const X509 *cert, unsigned char digest[TLS_DIGEST]);
/* "sha256:HEX" into text, of TLS_FINGERPRINT bytes. */
void tls_certificate_fingerprint(const X509 *cert, char *text);
/* "2027-03-31", of its last day and of its first. malloc'ed. */
char *tls_certificate_end(const X509 *cert);
char *tls_certificate_begin(const X509 *cert);
/* "CN=boiler, O=Works" as RFC 2253 writes it, the common name alone (NULL: none), and whom it
 * is for: "a.example, b.example", "" for nobody. UTF-8, not escaped; malloc'ed. */
char *tls_certificate_subject(const X509 *cert);
char *tls_certificate_common_name(const X509 *cert);
char *tls_certificate_names(const X509 *cert);

/* Gives ctx a key on P-256 and a certificate for it, signed by itself, good for ten years. */
void tls_certificate_make(SSL_CTX *ctx);

#endif
