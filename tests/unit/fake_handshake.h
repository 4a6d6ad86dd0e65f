/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two ends of TLS that shake hands in memory. */
#ifndef TELEX_TESTS_FAKE_HANDSHAKE_H
#define TELEX_TESTS_FAKE_HANDSHAKE_H

#include <openssl/ssl.h>

struct tls_context;

struct fake_handshake {
    SSL *server, *client;
    char *server_why, *client_why; /* what each says where it has failed; NULL: it has not */
};

/* Until both are done, and each has read what the other had to say then. */
void fake_handshake_run(struct fake_handshake *hands, struct tls_context *server,
                        struct tls_context *client, const char *host);
/* The same with a session of before, or NULL. */
void fake_handshake_resume(struct fake_handshake *hands, struct tls_context *server,
                           struct tls_context *client, const char *host, SSL_SESSION *session);
void fake_handshake_end(struct fake_handshake *hands);

#endif
