/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-1 (RFC 3174), for protocols that name it. It keeps nothing secret and proves nothing. */
#ifndef TELEX_BASE_SHA1_H
#define TELEX_BASE_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_SIZE = 20 };

/* size: less than 2^61 bytes. */
void sha1(const void *data, size_t size, uint8_t digest[SHA1_SIZE]);

#endif
