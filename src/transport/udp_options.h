/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that UDP alone knows. */
#ifndef TELEX_TRANSPORT_UDP_OPTIONS_H
#define TELEX_TRANSPORT_UDP_OPTIONS_H

#include "base/cast.h"
#include "core/keys.h"

struct origin;

struct udp_options {
    CAST_MARK;
    char *from;      /* the listener a call leaves from, its number or name; NULL: none */
    char *interface; /* by its name; NULL: the system's choice */
    int ttl;         /* hops that what a call sends may take; negative: not set */
    int loop;        /* whether this machine gets what is sent to a group; likewise */
};

extern const struct key_set udp_options_keys;

/* Of an origin whose scheme is udp. */
const struct udp_options *udp_options_of(const struct origin *origin);

#endif
