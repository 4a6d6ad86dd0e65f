/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What telexd's lines are to somebody who has sent one of his own and passes on what is
 * answered: the events that are told again, and the results, of which the last ends the answer.
 * Pure. Looks at the line as it stands: in a string of it no quote is bare.
 */
#ifndef TELEX_FLEET_ANSWER_H
#define TELEX_FLEET_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

enum answer_kind {
    ANSWER_NONE,  /* what happens, and is no answer */
    ANSWER_AGAIN, /* an event that is told again */
    ANSWER_LOST,  /* how many are missing */
    ANSWER_MORE,  /* a result that others follow */
    ANSWER_LAST   /* the last result, or an error */
};

enum answer_kind answer_kind(const char *line, size_t size);
/* Whether others follow this one, as an object that came over the bus says. */
bool answer_goes_on(const char *line, size_t size);

/* Appends the object with a last member that says that the answer goes on: "more":true. */
void answer_with_more(UT_string *out, const char *line, size_t size);
/* Appends an error of our own. wall: microseconds since the epoch. */
void answer_error(UT_string *out, int64_t wall, const char *text, bool more);
/* Appends that one message is missing, and that the answer goes on. */
void answer_lost(UT_string *out, int64_t wall);

#endif
