/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PEERS of the past (telexd(8), CONSOLE): also those who are gone, by their number or by a name
 * that they had. Whoever had it at any time is meant with all that it said, before it was
 * called so, too.
 */
#ifndef TELEX_COMMAND_RETELL_PEERS_H
#define TELEX_COMMAND_RETELL_PEERS_H

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct operator_session;
struct retell_peer;
struct retell_word;
struct told;

/* Zeroed, it means everybody, and what is of no peer. */
struct retell_peers {
    struct retell_word *words; /* utlist */
    struct retell_peer *met;   /* uthash: those who were called so */
    bool by_name;              /* some are to be met, by going back through what was told */
};

/*
 * "*", or as in command/selection. False with *error (malloc'ed) where a word is none of these,
 * or a number that no peer has had; then nothing remains to be freed.
 */
bool retell_peers_find(struct retell_peers *peers, const struct operator_session *session,
                       const char *words, char **error);
void retell_peers_finish(struct retell_peers *peers);

/* Whether it is of one of them. Meets who is called so there. */
bool retell_peers_has(struct retell_peers *peers, const struct told *told);
/* The sentence (malloc'ed) that nobody was met who ever had that name; NULL: each was. */
char *retell_peers_missing(const struct retell_peers *peers, const struct hub *hub);

#endif
