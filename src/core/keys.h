/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of endpoints (telexd(8), ENDPOINTS) stand in sets: one that all schemes know
 * (core/profile.h), and one of each transport, of what it alone knows. Errors, help and
 * completion come from them.
 */
#ifndef TELEX_CORE_KEYS_H
#define TELEX_CORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

struct endpoint;

enum key_use { KEY_LISTEN = 1, KEY_CALL = 2, KEY_EITHER = KEY_LISTEN | KEY_CALL };

/* What becomes of one while its endpoint is listened on. */
enum key_hold {
    KEY_LIVE,    /* it can be given another value */
    KEY_SETTLED, /* it is settled when that is bound */
    KEY_PLACE,   /* the same: it is part of where that is, and shown with it */
    KEY_ROUTE    /* of a call: it is part of the way there, and shown with it */
};

struct key {
    const char *name;
    enum key_use use;   /* where it may stand */
    const char *values; /* as help shows them: "no|yes" to choose from, "SECONDS" */
    /* Takes a value into the options of its set; false with *error, which names the value. */
    bool (*take)(void *options, const char *value, char **error);
    bool (*fits)(const struct endpoint *endpoint); /* NULL: all of its schemes */
    enum key_hold hold;
};

struct key_set {
    const struct key *keys;
    size_t count;
    void *(*create)(void); /* what the keys set, with nothing set; its owner destroys it */
    void (*destroy)(void *options);
};

/* A set, and the options that its keys go to. NULL for a set: there is none. */
struct key_target {
    const struct key_set *set;
    void *options;
};

/* For take: the value of a key that is "yes" or "no". False with *error. */
bool key_take_flag(bool *flag, const char *name, const char *value, char **error);

/* Whether the key may stand at such an endpoint. */
bool key_fits(const struct key *key, enum key_use use, const struct endpoint *endpoint);

/*
 * Gives each key of endpoint to the first of the targets that knows it. False with *error,
 * which names the key or value and lists what may stand there; some may have been taken then.
 */
bool keys_read(const struct endpoint *endpoint, enum key_use use,
               const struct key_target *targets, size_t count, char **error);

#endif
