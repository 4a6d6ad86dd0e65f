/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names that operators have given to peers, each found at once however many there are. The
 * hub's; a peer that has none costs nothing.
 */
#ifndef TELEX_CORE_NAMES_H
#define TELEX_CORE_NAMES_H

#include <stdbool.h>

#include "base/hash.h"

struct name;
struct peer;

struct names {
    struct hash_key key; /* names come from operators, and some may be hostile */
    struct name *table;  /* uthash */
};

void names_init(struct names *names);
/* The peers keep theirs, for names_free. */
void names_finish(struct names *names);
/* Who has that name, or NULL. */
struct peer *names_find(const struct names *names, const char *name);
/* Sets peer->name, in place of another; NULL takes it away. Nobody else has the name. */
void names_set(struct names *names, struct peer *peer, const char *name);
/* The peer is found by its name no more, though it still has it: others may get it. */
void names_retire(struct names *names, struct peer *peer);
/* Frees the name of a peer that was retired. */
void names_free(struct peer *peer);

enum { NAMES_LENGTH = 32, NAMES_ROOM = NAMES_LENGTH + 1 };

/* A name that serves where a number does: [A-Za-z][A-Za-z0-9_-]{0,31}. */
bool names_valid(const char *word);
/* The same, and false with *error (malloc'ed), which says what a name looks like. */
bool names_check(const char *word, char **error);

#endif
