/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEERS of one node of many, as they are typed: "berlin/3", "berlin/3,berlin/boiler". Pure. */
#ifndef TELEX_CLIENT_NODE_WORDS_H
#define TELEX_CLIENT_NODE_WORDS_H

#include <stdbool.h>

#include "core/names.h"

struct node_words {
    char node[NAMES_ROOM]; /* "": no word names one */
    char *peers;           /* as the node itself calls them: "3,boiler"; malloc'ed */
};

/*
 * False with *error (malloc'ed) where they are not all of one node, or name one that is none:
 * what was typed never goes to anybody else than was named. What they are there is not looked
 * at.
 */
bool node_words_read(struct node_words *words, const char *text, char **error);
void node_words_finish(struct node_words *words);

#endif
