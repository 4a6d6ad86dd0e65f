/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a handshake has failed, in a sentence that a person understands. */
#ifndef TELEX_TLS_TLS_WHY_H
#define TELEX_TLS_TLS_WHY_H

struct ssl_st;

/*
 * Right after SSL_do_handshake, or SSL_read later on, has said so: empties OpenSSL's queue of
 * errors. ssl is one of tls_context_ssl. Text from outside is escaped. malloc'ed.
 */
char *tls_why(struct ssl_st *ssl);

#endif
