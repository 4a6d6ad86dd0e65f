/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SSLKEYLOGFILE: the secrets of each handshake, appended to that file, so that Wireshark can
 * read what was recorded. Only where the environment says so.
 */
#ifndef TELEX_TLS_TLS_KEY_LOG_H
#define TELEX_TLS_TLS_KEY_LOG_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* Sets *fd, which is -1 where nobody asked for it. False with *error. */
bool tls_key_log_open(int *fd, char **error);
/* Has ctx, whose app data is a tls_context with key_log, write to it. */
void tls_key_log_use(SSL_CTX *ctx);

#endif
