/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PEERS as they are meant for longer than a moment (telexd(8), CONSOLE): who is not on the line
 * may be among them, and is known when it comes. A number stays a number, a name a name;
 * "boil*" are all whose names are like that, "meters:" all that a listener let in.
 */
#ifndef TELEX_COMMAND_SELECTION_H
#define TELEX_COMMAND_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/who.h"

/* The most words of one: each event is held against them all. */
enum { SELECTION_MAX = 64 };

struct selected;

/* Zeroed, it has no words, and nobody is in it. */
struct selection {
    struct selected *words; /* utlist, in the order in which they were added */
    unsigned count;
    bool nodes; /* "berlin/boil*" may be said: those of that node, which may be a pattern too */
};

/*
 * Adds what the comma list names, each word once. False with *error (malloc'ed) where one is
 * none of the above, or where there would be too many; then it is as it was.
 */
bool selection_add(struct selection *selection, const char *words, char **error);
void selection_finish(struct selection *selection);

/* Whether the word, if it is one of the above, may mean several: a pattern, or a listener. */
bool selection_is_open(const char *word);

/* listener: by which the peer came in; number 0: it was called. */
bool selection_has(const struct selection *selection, const struct who *peer,
                   const struct who *listener);
/* Whether it is the same words, in the same order. */
bool selection_equals(const struct selection *one, const struct selection *other);
/* The highest of its numbers of peers; 0: it has none. */
uint64_t selection_highest(const struct selection *selection);
/* Takes its numbers of peers out; whether there were any. */
bool selection_drop_numbers(struct selection *selection);
/* "3,boiler,pump*,meters:", as it can be typed. malloc'ed. */
char *selection_text(const struct selection *selection);
/* Those of its names of peers of any node that is_here denies, likewise; NULL: there are none.
 */
char *selection_absent(const struct selection *selection,
                       bool (*is_here)(void *context, const char *name), void *context);

#endif
