/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a call would reach one of our own listeners: joined to it, words go round for ever.
 */
#ifndef TELEX_TRANSPORT_OWN_H
#define TELEX_TRANSPORT_OWN_H

#include <stdbool.h>

struct endpoint;
struct hub;
struct listener;
union address;

/* Of a name only localhost is known here; what others stand for shows when they are reached. */
bool own_is_listener(const struct listener *listener, const struct endpoint *called);
/* The same of any of a utlist of them. */
bool own_is_endpoint(const struct listener *listeners, const struct endpoint *called);
/* Whether one of the hub's, of datagrams or of streams, is at that address. */
bool own_is_address(const struct hub *hub, bool datagram, const union address *address);

#endif
