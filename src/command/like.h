/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a peer is as somebody remembers it: /peers PATTERN. */
#ifndef TELEX_COMMAND_LIKE_H
#define TELEX_COMMAND_LIKE_H

#include <stdbool.h>

#include "base/search.h"

struct card;

/*
 * A word that stands in a text somewhere, or, with * or ? in it, is like the whole text. The
 * case of (ASCII) letters is the same to it.
 */
struct like {
    const char *word; /* borrowed; "": all are like that */
    struct search part;
    char *pattern; /* for fnmatch(3); NULL: it is a part */
};

void like_init(struct like *like, const char *word);
void like_finish(struct like *like);
/* text may be NULL: nothing is like that. */
bool like_text(const struct like *like, const char *text);
/* By name, address, transport, state, or the listener's name; or by "2:", its number. */
bool like_card(const struct like *like, const struct card *card);

#endif
