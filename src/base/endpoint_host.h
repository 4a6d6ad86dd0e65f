/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HOST:PORT of an endpoint: names, IPv4, IPv6 in brackets; a port alone. */
#ifndef TELEX_BASE_ENDPOINT_HOST_H
#define TELEX_BASE_ENDPOINT_HOST_H

#include <stdbool.h>

struct endpoint;

/*
 * Reads what stands between "://" and "?" into the host and port of *endpoint, whose scheme is
 * set; cuts text up. On failure *error (malloc'ed) names the fault; the host may be set.
 */
bool endpoint_host_parse(struct endpoint *endpoint, char *text, char **error);
/* Whether host is digits of an IPv6 address, perhaps with a zone. */
bool endpoint_host_is_ipv6(const char *host);

#endif
