/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the addresses of a host without blocking the loop: numbers at once, names through
 * /etc/hosts and the name servers of /etc/resolv.conf (libevent's resolver; NSS is not asked).
 */
#ifndef TELEX_TRANSPORT_RESOLVE_H
#define TELEX_TRANSPORT_RESOLVE_H

#include <netinet/in.h>
#include <stddef.h>

#include "base/address.h"

struct loop;
struct resolve;

enum { RESOLVE_MAX = 16 };

/*
 * Called once, never from within resolve_create: the addresses, IPv6 and IPv4 in turn (RFC 8305
 * section 4), at least one; or error. The resolve frees itself after it.
 */
typedef void resolve_done(void *context, const union address *addresses, size_t count,
                          const char *error);

/* host "*" is this machine. type: SOCK_STREAM or SOCK_DGRAM. */
struct resolve *resolve_create(struct loop *loop, const char *host, in_port_t port, int type,
                               resolve_done *done, void *context);
/* Gives up; no callback comes. NULL is fine. */
void resolve_destroy(struct resolve *resolve);

#endif
