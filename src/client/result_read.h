/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the answers that a daemon has written (telex-json(7), ANSWERS), as told_read does. */
#ifndef TELEX_CLIENT_RESULT_READ_H
#define TELEX_CLIENT_RESULT_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "base/ut.h"
#include "command/operator.h"

struct known;

/* result, and what it borrows besides the event. */
struct result_read {
    struct result result;
    struct cards cards; /* of peers */
    const json_t *peers;
    const struct known *known;
    int64_t time;
    UT_array commands; /* struct command *: in memory too */
    UT_array memory;   /* malloc'ed */
};

/*
 * What it leaves out is filled in from what is known; time: now, in microseconds since the
 * epoch. Whether it is the first one for its line the caller knows. false where it is no
 * result. To be finished in any case, but after use.
 */
bool result_read(struct result_read *read, const json_t *event, const struct known *known,
                 int64_t time);
void result_read_finish(struct result_read *read);

#endif
