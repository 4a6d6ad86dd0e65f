/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that both ends know before (RFC 4279, RFC 8446 2.2), from a file "IDENTITY HEXKEY". */
#ifndef TELEX_TLS_TLS_PSK_H
#define TELEX_TLS_TLS_PSK_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "tls/tls_settings.h"

struct tls_psk;

/* One a line; empty ones and those that begin with # are passed over. NULL with *error. */
struct tls_psk *tls_psk_read(const char *path, char **error);
void tls_psk_destroy(struct tls_psk *psk); /* NULL is fine */
/* SHA-256 of all that is in it. */
void tls_psk_digest(const struct tls_psk *psk, unsigned char digest[TLS_DIGEST]);

/* Has ctx, whose app data is a tls_context with psk, take those who know one, or, of a call,
 * show the first. */
void tls_psk_use(SSL_CTX *ctx, bool calls);

#endif
