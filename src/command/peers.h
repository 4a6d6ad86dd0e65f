/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEER and PEERS as operators write them (telexd(8), CONSOLE). */
#ifndef TELEX_COMMAND_PEERS_H
#define TELEX_COMMAND_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ut.h"

struct hub;
struct peer;

/* "3", "#3" or a name. NULL with *error (malloc'ed): "no peer '#9' on the line". */
struct peer *peers_find_one(const struct hub *hub, const char *word, char **error);

/* Those that PEERS names, each once, in order of number. Numbers are held, for peers go. */
struct peers {
    bool all;         /* that were there when they were found */
    uint64_t last;    /* all: nobody with a higher number */
    UT_array numbers; /* else: uint64_t */
    unsigned place;   /* in numbers, of the next one */
    uint64_t at;      /* the number that peers_next gave last; 0: none yet */
};

/*
 * "*" or a comma list. On failure nothing is to be done to anyone, and nothing remains to be
 * freed; "*" with nobody on the line is one.
 */
bool peers_find(const struct hub *hub, const char *words, struct peers *peers, char **error);
/* One alone. */
void peers_just(struct peers *peers, uint64_t number);
void peers_finish(struct peers *peers);

/*
 * Goes on to the next one: peers->at is its number, and *peer NULL where it has gone meanwhile.
 * False when there are no more. Of all, those that have gone are passed over.
 */
bool peers_next(struct peers *peers, const struct hub *hub, struct peer **peer);
/* How many there are, those that have gone included but for all. */
uint64_t peers_count(const struct peers *peers, const struct hub *hub);
/* Begins anew. */
void peers_rewind(struct peers *peers);

#endif
