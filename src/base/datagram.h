/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TELEX_BASE_DATAGRAM_H
#define TELEX_BASE_DATAGRAM_H

/* The most bytes of a datagram over IPv4: 65,535 less the IP and UDP headers (RFC 768). */
enum { DATAGRAM_MAX = 65507 };

#endif
