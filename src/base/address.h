/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IP address with its port, as the socket calls take it, in 28 bytes. A mapped IPv4 address
 * (::ffff:10.1.2.3, RFC 4291 2.5.5.2) is shown and compared as IPv4.
 */
#ifndef TELEX_BASE_ADDRESS_H
#define TELEX_BASE_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Enough for "[v6%zone]:port" and its NUL. */
enum { ADDRESS_TEXT = 80 };

socklen_t address_length(const union address *address);
in_port_t address_port(const union address *address); /* host byte order */
void address_set_port(union address *address, in_port_t port);
/* Turns a mapped address into its IPv4 one; leaves all others. */
void address_unmap(union address *address);
/* Turns an IPv4 address into its mapped one, for a dual-stack socket; leaves all others. */
void address_map(union address *address);
/* "10.1.2.3:80", "[::1]:80", "[fe80::1%eth0]:80"; mapped as IPv4. */
void address_print(const union address *address, char text[ADDRESS_TEXT]);
/* The same host and port (and, where link-local, interface); mapped equals IPv4. */
bool address_equal(const union address *a, const union address *b);
/* The same host, whatever the port. */
bool address_same_host(const union address *a, const union address *b);
/* Whether it means something else on each interface, and does not say on which. */
bool address_lacks_zone(const union address *address);
bool address_is_any(const union address *address);
bool address_is_loopback(const union address *address);
bool address_is_multicast(const union address *address);
/* 255.255.255.255 or multicast: what must never be answered automatically. */
bool address_is_broadcast(const union address *address);
/* Address and port from digits (no names): "10.1.2.3", "::1", "fe80::1%eth0". */
bool address_parse(const char *host, in_port_t port, union address *address);

#endif
