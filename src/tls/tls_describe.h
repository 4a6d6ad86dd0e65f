/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a line under TLS once its handshake is done. */
#ifndef TELEX_TLS_TLS_DESCRIBE_H
#define TELEX_TLS_TLS_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/tls_facts.h"

struct ssl_st;

/* The texts stand in room, which is of that size; what finds none there is left out. */
void tls_describe(const struct ssl_st *ssl, struct tls_facts *facts, char *room, size_t size);
/* The common name in the far end's certificate: malloc'ed; NULL: there is none. */
char *tls_describe_name(const struct ssl_st *ssl);

#endif
