/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a command does to each of many peers: as many at once as a turn of the loop has time
 * for, the others in later turns (command/operator_task.h), so that nobody waits while tens of
 * thousands are served. Peers come and go meanwhile; the answer is given when all were visited.
 */
#ifndef TELEX_COMMAND_ERRAND_H
#define TELEX_COMMAND_ERRAND_H

#include <stdbool.h>

#include "command/operator_task.h"
#include "command/peers.h"

struct errand;

struct errand_ops {
    /*
     * Why it is not to be done to anyone (malloc'ed), or NULL. All are asked before the first
     * is visited, those excepted that have gone meanwhile. May be NULL.
     */
    char *(*object)(struct errand *errand, const struct peer *peer);
    /* Does it to one of them. peer is NULL where it has gone: errand->peers.at was its number.
     */
    void (*visit)(struct operator_session *session, struct errand *errand, struct peer *peer);
    void (*answer)(struct operator_session *session, struct errand *errand);
    /* Frees the errand, but for peers: after the answer, or where the operator goes. */
    void (*destroy)(struct errand *errand);
};

/* First in whatever the command needs to know meanwhile. */
struct errand {
    struct operator_task task; /* first */
    const struct errand_ops *ops;
    struct peers peers; /* found by peers_find */
    bool agreed;        /* nobody objects */
};

/* The most peers that are visited in one turn; fewer, where they take JOBS_SLICE. */
enum { ERRAND_PIECE = 1000 };

/* From within a command's run, as all it does: answers, now or later, and destroys the errand.
 */
void errand_run(struct operator_session *session, struct errand *errand);

#endif
