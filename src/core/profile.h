/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a listener, or one outgoing call, treats its peers: the keys of an endpoint
 * (telexd(8), ENDPOINTS) with the defaults filled in.
 */
#ifndef TELEX_CORE_PROFILE_H
#define TELEX_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/eol.h"
#include "core/framing.h"

struct endpoint;
struct responder;

struct profile {
    const struct responder *reply; /* NULL: not set */
    enum eol eol;
    enum framing framing;
    int64_t half_close; /* microseconds; negative: not set */
    unsigned mode;      /* of a unix socket's file; 0: not set */
    char *name;         /* the listener's, or the peer's of an outgoing call; NULL: none */
    char *from;         /* the listener a UDP call leaves from; NULL: none */
    char *interface;    /* of UDP, by its name; NULL: the system's choice */
    int ttl;            /* hops that what a UDP call sends may take; negative: not set */
    int loop;           /* whether this machine gets what is sent to a group; likewise */
};

/* A half_close without an end. */
#define PROFILE_HALF_CLOSE_NEVER (INT64_MAX / 4)

enum profile_use { PROFILE_LISTEN, PROFILE_CALL };

/*
 * Reads the keys of endpoint into a zeroed *profile; on failure it is finished and *error names
 * the key or value and lists what may stand there.
 */
bool profile_init(struct profile *profile, const struct endpoint *endpoint,
                  enum profile_use use, char **error);
void profile_finish(struct profile *profile);

/*
 * Fills what is not set from the program's options, where those are set, else with what suits
 * the endpoint. half_close may stay unset: it is the responder's then (hub_half_close).
 */
void profile_default(struct profile *profile, const struct endpoint *endpoint,
                     enum profile_use use, const struct responder *reply, enum eol eol,
                     int64_t half_close);

#endif
