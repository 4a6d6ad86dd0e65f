/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who of several did not get what was sent, and why: makes one error of it. */
#ifndef TELEX_COMMAND_FAILURES_H
#define TELEX_COMMAND_FAILURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

struct peer;

struct failures {
    UT_string text;
    size_t count;
};

void failures_init(struct failures *failures);
/* Takes reason, which is malloc'ed: a fragment, "it is closing". */
void failures_add(struct failures *failures, const struct peer *peer, char *reason);
/* A peer that there was when the command was given. */
void failures_add_gone(struct failures *failures, uint64_t number);
/*
 * NULL where there was none, else malloc'ed: "not sent to #3: it is closing; #4 boiler: its
 * queue is full (70000 bytes wait); and 5 more".
 */
char *failures_text(const struct failures *failures);
void failures_finish(struct failures *failures);

#endif
