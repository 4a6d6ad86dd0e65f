/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be seen of a datagram of DTLS from outside: RFC 6347, 4.1 and 4.2.2. */
#ifndef TELEX_TLS_DTLS_RECORD_H
#define TELEX_TLS_DTLS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

enum { DTLS_RANDOM = 32 /* bytes */ };

/*
 * The random of the ClientHello that it begins with, under no key: one for each handshake of a
 * client, whether it shows a cookie or not. NULL where it is no such hello.
 */
const char *dtls_record_hello(const char *data, size_t size);
/* How many of its records are under a key. */
unsigned dtls_record_sealed(const char *data, size_t size);

#endif
