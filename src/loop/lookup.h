/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses of a host, as the system finds them: digits in all their forms, and names by
 * getaddrinfo(3) with whatever nsswitch.conf(5) lists. Knows no loop; see resolve.h for that.
 */
#ifndef TELEX_LOOP_LOOKUP_H
#define TELEX_LOOP_LOOKUP_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/address.h"

struct addrinfo;

/* The most addresses of one name that are used. */
enum { LOOKUP_MAX = 256 };

/* One name that is asked for, and what the system says of it. */
struct lookup {
    char *host;
    int failure; /* 0, or an EAI_ code */
    int cause;   /* the errno of EAI_SYSTEM */
    struct addrinfo *found;
};

/* "10.1.2.3", "127.1", "::1", "fe80::1%eth0": settled at once. False for a name. */
bool lookup_digits(const char *host, in_port_t port, union address *address);

/* host is copied. */
void lookup_init(struct lookup *lookup, const char *host);
/* Asks the system, once. Blocks for as long as name servers let it; may run in any thread. */
void lookup_run(struct lookup *lookup);
void lookup_finish(struct lookup *lookup);

/*
 * What was found: IPv6 and IPv4 in turn, beginning with the family that the system would try
 * first (RFC 8305 section 4), none twice. Returns how many; *addresses is malloc'ed. 0: see
 * lookup_error.
 */
size_t lookup_addresses(const struct lookup *lookup, in_port_t port, union address **addresses);
/* Why nothing was found, for people. */
const char *lookup_error(const struct lookup *lookup);

#endif
