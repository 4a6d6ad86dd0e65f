/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines that an operator has typed again and again: /every. They are the operator's own,
 * and end with it. A run that its operator has no room for waits; it is never made up for.
 */
#ifndef TELEX_COMMAND_REPEATS_H
#define TELEX_COMMAND_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct operator_session;
struct repeats;

enum {
    REPEATS_MAX = 64,             /* of one operator */
    REPEATS_BYTES_MAX = 64 << 10, /* of their lines together */
    REPEATS_PERIOD_MIN = 100000   /* microseconds */
};

/* One of them, as /every lists it. */
struct repeat_card {
    unsigned number; /* from 1, never used again by this operator */
    int64_t period;  /* microseconds */
    const char *line;
    size_t size;
};

/*
 * Runs the line at once, as soon as the present one is answered, and then in each period. The
 * card is borrowed until the next change. NULL with *error (malloc'ed) where there are too
 * many.
 */
const struct repeat_card *repeats_add(struct operator_session *session, int64_t period,
                                      const char *line, size_t size, char **error);
/* False where there is none of that number. */
bool repeats_end(struct operator_session *session, unsigned number);
/* All; there may be none. */
void repeats_end_all(struct operator_session *session);
unsigned repeats_count(const struct operator_session *session);
/* In order of number; NULL for the first. NULL where there is no next one. */
const struct repeat_card *repeats_next(const struct operator_session *session,
                                       const struct repeat_card *card);

/* --- for operators, of each answer --- */

/* An error: how often now in a row the repeat that is running has had the same one. 0 where
 * none is. */
uint64_t repeats_failed(struct operator_session *session, const char *error);
/* It was done. */
void repeats_worked(struct operator_session *session);

/* The operator goes. */
void repeats_finish(struct operator_session *session);

#endif
