/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a listener, or a call, brings to its handshakes: certificate and key, whom it trusts,
 * what it offers. Made from the files that its settings name, and not changed from then on: a
 * reload makes another, and lines that stand live on with theirs. Counted.
 *
 * In a build without TLS none can be made, and the error says so.
 */
#ifndef TELEX_TLS_TLS_CONTEXT_H
#define TELEX_TLS_TLS_CONTEXT_H

#include "tls/tls_settings.h"

struct ssl_st; /* the SSL of <openssl/ssl.h>, which this room alone knows */
struct tls_context;

/*
 * For listening. Where settings name neither a certificate nor keys known to both (psk), it has
 * a certificate of its own, made here. before: that of the same listener so far, or NULL; its
 * tickets stay good, and a certificate that was made is taken over. NULL with *error
 * (malloc'ed), one sentence that names the file and what is wrong with it. A certificate that
 * has expired can be used, and is warned about.
 */
struct tls_context *tls_context_listen(const struct tls_settings *settings,
                                       const struct tls_context *before, char **error);
/* For calling; likewise, with no certificate where none is named. */
struct tls_context *tls_context_call(const struct tls_settings *settings, char **error);

struct tls_context *tls_context_reference(struct tls_context *context);
void tls_context_release(struct tls_context *context); /* NULL is fine */

/* "sha256:HEX" of our certificate; NULL: there is none. */
const char *tls_context_fingerprint(const struct tls_context *context);

/*
 * One line's handshake, which has its side set and holds the context; it has no BIO yet. host,
 * of a call: whose certificate has to be shown, where the settings have no server_name; "" is
 * this machine. Freed by tls_context_ssl_free; its app data is taken (SSL_get_app_data).
 */
struct ssl_st *tls_context_ssl(struct tls_context *context, const char *host);
void tls_context_ssl_free(struct ssl_st *ssl); /* NULL is fine */

#endif
