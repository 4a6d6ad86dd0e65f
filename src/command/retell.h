/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer that tells again what was told (core/history): as much at once as a turn of the
 * loop has time for and the operator's console room, the rest in later turns. What happens
 * meanwhile is told as ever, in between; it is none of the answer, which ends with what had
 * happened when it was asked for.
 */
#ifndef TELEX_COMMAND_RETELL_H
#define TELEX_COMMAND_RETELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct operator_session;

/* What is asked for. Borrowed for the call. */
struct retell_query {
    const char *peers;  /* as in command/retell_peers; "*": all */
    const void *text;   /* only what has that in it, whatever the case of its letters */
    size_t text_size;   /* 0: whatever it says */
    unsigned types;     /* set of OBSERVER_WANTS(HUB_...) */
    uint64_t most;      /* so many, the last ones; 0: all */
    uint64_t after;     /* seq: only what came later */
    bool says_lost;     /* what is kept no more is told, too */
    const char *called; /* "message", "event": for people, who are told how many; NULL: only
                           where there is none */
};

/* From within a command's run, as all it does: answers, now or later. */
void retell_run(struct operator_session *session, const struct retell_query *query);

#endif
