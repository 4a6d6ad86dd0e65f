/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the far end's certificate is taken, and why not, in a sentence. */
#ifndef TELEX_TLS_TLS_VERDICT_H
#define TELEX_TLS_TLS_VERDICT_H

#include <openssl/ssl.h>

/*
 * Has ctx, whose app data is a tls_context, look at certificates: at the pin where there is
 * one, at who signed it and whom it is for. What is wrong stays with the SSL, as the verdict of
 * its tls_session.
 */
void tls_verdict_use(SSL_CTX *ctx);

#endif
