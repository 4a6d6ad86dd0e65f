/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address prefixes, as in 10.0.0.0/8 and 2001:db8::/32 (RFC 4632, RFC 4291 2.3). */
#ifndef TELEX_BASE_CIDR_H
#define TELEX_BASE_CIDR_H

#include <stdbool.h>
#include <stdint.h>

enum { CIDR_BYTES = 16 };

union address;

struct cidr {
    bool v6;
    unsigned bits;              /* of the prefix: 0 to 32, or to 128 */
    uint8_t prefix[CIDR_BYTES]; /* network byte order; IPv4 in the first four; the rest is 0 */
};

/*
 * An address alone is its full prefix; bits beyond the prefix are cleared; a mapped IPv4 prefix
 * becomes IPv4. *error (malloc'ed): "'x' is not an address prefix like 10.0.0.0/8".
 */
bool cidr_parse(const char *text, struct cidr *cidr, char **error);

/* The full prefix of an IP address; a mapped one's is IPv4. */
void cidr_of_address(struct cidr *cidr, const union address *address);
/* Shortens a prefix to so many bits, no more than it has. */
void cidr_shorten(struct cidr *cidr, unsigned bits);

#endif
