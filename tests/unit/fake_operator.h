/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An operator for tests, in a fake world: it writes down every answer. Its program listens and
 * calls with fake links.
 */
#ifndef TELEX_TESTS_FAKE_OPERATOR_H
#define TELEX_TESTS_FAKE_OPERATOR_H

#include "command/operator.h"
#include "command/operators.h"
#include "core/program.h"
#include "fake.h"

struct fake_operator {
    struct operator_session session; /* first */
    struct fake *fake;
    struct operators operators; /* it alone */
    struct program program;
    const char *program_error; /* what listen and connect fail with; NULL: they succeed */
    bool full;                 /* has no room for what is typed again and again */
    const char *waiting;       /* the name of a call that waits to be made again; NULL: none */
    bool listen_waits;         /* until the test calls ready(asker) */
    void (*ready)(void *asker);
    void *asker;
    unsigned listenings; /* that were prepared and not released */
    unsigned shutdowns;
    unsigned answers; /* final results and errors so far */
    bool in_result;   /* the last result had more */
    UT_string log;
    UT_string taken;
};

/* Console 1 of the daemon: may do everything, has no target. */
void fake_operator_init(struct fake_operator *fake, struct fake *world);
void fake_operator_finish(struct fake_operator *fake);
/* Its program's prepare (core/program.h). */
struct listening *fake_operator_prepare(void *fake, const char *endpoint,
                                        void (*ready)(void *asker), void *asker, bool *waits,
                                        char **text);

/*
 * Runs the line and returns what was answered, a line each, borrowed until the next call. Fails
 * unless there was exactly one answer, or, for an empty line, at most one.
 *     send: done                       close: done (closing #1)
 *     error send: TEXT                 error -: TEXT
 *     peers: #1 #2 target 1 now 5      peers: #3 target 0 now 5 more
 *     fault: #1 latency=200 #2 stall target 0 now 5
 *     info: #1 target 0 now 5          connect: called 3
 *     listeners: 1 2                   stats: 30 figures since 5
 *     help: send to peers ...          changed target 3
 *     changed view hex                 changed read-only          changed leaving
 *     consoles: 1 uid 0 target 3       consoles: 1 uid 0 2 uid 7 read
 *     every: 1 each 2000000 'LINE'     every 1 send: done         every 1 error send: TEXT (2)
 * "more" ends all results of a line but the last; "next" begins all but the first. A command
 * that answers later is given its turns; command_line alone begins it.
 */
const char *fake_say(struct fake_operator *fake, const char *line);
const char *fake_say_bytes(struct fake_operator *fake, const void *line, size_t size);
/* What was answered since then, or since the last call of it. */
const char *fake_operator_take(struct fake_operator *fake);

#endif
