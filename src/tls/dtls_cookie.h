/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cookies (RFC 6347, 4.2.1): whoever says hello gets one, of which nothing is kept, and has to
 * show it. So a forged source costs no memory.
 */
#ifndef TELEX_TLS_DTLS_COOKIE_H
#define TELEX_TLS_DTLS_COOKIE_H

struct tls_context;

/* Gives the context, which is one of datagrams and listens, a key of its own for them. Each of
 * its SSLs is a dtls_session's. */
void dtls_cookie_use(struct tls_context *context);

#endif
