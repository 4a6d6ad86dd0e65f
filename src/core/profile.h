/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a listener, or one outgoing call, treats its peers: the keys that all endpoints know
 * (telexd(8), ENDPOINTS), with the defaults filled in.
 */
#ifndef TELEX_CORE_PROFILE_H
#define TELEX_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/eol.h"
#include "core/fault_plan.h"
#include "core/keys.h"
#include "core/view.h"
#include "framing/framing.h"

struct endpoint;
struct agent;

struct profile {
    const struct agent *reply; /* NULL: not set */
    enum eol eol;
    bool eol_follows; /* the framing: nobody has said otherwise */
    bool messages;    /* what is sent at once is one, so that a raw text needs no end */
    struct framing framing;
    bool has_view; /* how consoles show its messages, where they are told nothing else */
    enum view view;
    int64_t half_close; /* microseconds; negative: not set */
    int64_t again; /* microseconds, of a call: the longest pause before the next; 0: none */
    struct fault_plan fault; /* of what comes from its peers */
    char *to;   /* of a listener: what its peers are joined to, as it was typed; or NULL */
    char *name; /* the listener's, or the peer's of an outgoing call; NULL: none */
};

/* A half_close without an end. */
#define PROFILE_HALF_CLOSE_NEVER (INT64_MAX / 4)

/* The keys that all schemes know; their options are a struct profile. */
extern const struct key_set profile_keys;

/* Whether to= means a peer that is on the line, not an endpoint. */
bool profile_to_is_name(const char *to);

/* With nothing set. */
void profile_init(struct profile *profile);
void profile_finish(struct profile *profile);

/* How it is called: "crlf", or its bytes in hex. */
const char *profile_eol_name(const struct profile *profile);
/* That of a framing, where nobody says otherwise. */
enum eol profile_eol_of(const struct profile *profile, const struct framing *framing);
/* Another framing, which may have another end. */
void profile_set_framing(struct profile *profile, const struct framing *framing);

/* Whether its keys go together: false with *error (malloc'ed). */
bool profile_check(const struct profile *profile, const struct endpoint *endpoint,
                   char **error);

/*
 * Fills what is not set from the program's options, where those are set, else with what suits
 * the endpoint. half_close may stay unset: it is the agent's then (hub_half_close).
 */
void profile_default(struct profile *profile, const struct endpoint *endpoint, enum key_use use,
                     const struct agent *reply, enum eol eol, int64_t half_close);

#endif
