/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the answers that a daemon has written (telex-json(7), ANSWERS), as told_read does. */
#ifndef TELEX_CLIENT_RESULT_READ_H
#define TELEX_CLIENT_RESULT_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "base/ut.h"
#include "command/operator.h"

/* result, and what it borrows besides the event. */
struct result_read {
    struct result result; /* whether it is the first one is not told; of a peer, no origin */
    struct cards cards;   /* of peers */
    const json_t *peers;
    UT_array commands; /* struct command *: in memory too */
    UT_array memory;   /* malloc'ed */
};

/* false where it is no result. To be finished in any case. */
bool result_read(struct result_read *read, const json_t *event);
void result_read_finish(struct result_read *read);

#endif
