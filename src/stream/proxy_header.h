/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header that a proxy sends before all else, to say whom it speaks for: the PROXY protocol,
 * versions 1 and 2 (proxy-protocol.txt of HAProxy). A pure function.
 */
#ifndef TELEX_STREAM_PROXY_HEADER_H
#define TELEX_STREAM_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>

union address;

/* Longer ones are refused; what follows the addresses in version 2 is skipped. */
enum { PROXY_HEADER_MAX = 4096 };

/*
 * Looks at the first bytes of a stream. *length is the header's, 0 where more bytes are needed;
 * *remote is set where it names a TCP client, and stays as it is where the proxy speaks for
 * itself or cannot tell. False: this is no such header.
 */
bool proxy_header_parse(const char *data, size_t size, size_t *length, union address *remote);

#endif
