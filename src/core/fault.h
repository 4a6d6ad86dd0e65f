/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a peer and all who hear of it while what comes from it is treated badly:
 * it takes each message, decides what becomes of it, and gives out what is due. No socket, no
 * timer: the times are the caller's, microseconds of one clock.
 *
 * What comes out of a stream stays in order, whatever latency, jitter, rate and slice say, and
 * jitter does not change the order of datagrams either: reorder does. An end comes out behind
 * all that was taken before it.
 */
#ifndef TELEX_CORE_FAULT_H
#define TELEX_CORE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault_fate.h"
#include "core/fault_plan.h"
#include "framing/framing.h"

/* X(KEY, "name"): what was done, as it is told. */
#define FAULT_COUNTS_LIST(X)                            \
    X(MESSAGES, "messages")                             \
    X(LOST, "lost")                                     \
    X(DUPLICATED, "duplicated")                         \
    X(REORDERED, "reordered")                           \
    X(CORRUPTED, "corrupted")                           \
    X(SLICED, "sliced")   /* that came out in pieces */ \
    X(DROPPED, "dropped") /* datagrams, for want of room */

enum fault_count {
#define FAULT_COUNT_ENUM(key, name) FAULT_COUNT_##key,
    FAULT_COUNTS_LIST(FAULT_COUNT_ENUM)
#undef FAULT_COUNT_ENUM
        FAULT_COUNTS
};

/* What people are shown of one. */
struct fault_card {
    struct fault_plan plan; /* with the seed, where something is left to chance */
    uint64_t counts[FAULT_COUNTS];
    uint64_t held; /* bytes of memory that wait */
};

#define FAULT_NEVER INT64_MAX

struct fault_item;

struct fault {
    struct fault_card card;
    struct fault_dice dice;
    struct fault_item *items;   /* utlist, in the order in which they come out */
    struct fault_item *waiting; /* for the next message to pass it; NULL: none does */
    uint64_t taken;             /* counts them */
    int64_t free;               /* when all that is in items has come out */
    int64_t reset;              /* when the line is to be reset; FAULT_NEVER */
    struct fault_fate fate;     /* of the message whose pieces come */
    bool inside;                /* they do */
    bool ends;                  /* what is held is due, and nothing is done to what comes */
};

enum fault_what {
    FAULT_MESSAGE,
    FAULT_BYTES,
    FAULT_END, /* the peer has ended its sending side */
    FAULT_GONE /* its line is lost */
};

/* What comes out. */
struct fault_output {
    enum fault_what what;
    struct framing_piece piece; /* its bytes are in item; no line where that is another now */
    struct fault_item *item;    /* the caller's, until fault_put_back */
};

/* With nothing done to anything. */
void fault_init(struct fault *fault);
/* Frees what is held. */
void fault_finish(struct fault *fault);

/* From now on so, with counters and dice that begin anew; what is held waits no longer than
 * what comes now, and stays in order. */
void fault_begin(struct fault *fault, const struct fault_plan *plan, int64_t now);
/* What is held is due at once, in the order in which it came. */
void fault_end(struct fault *fault);
/* It has ended, and holds nothing any more. */
bool fault_is_over(const struct fault *fault);

/* whole: it is a message, or part of a long one, and not just what arrived together. */
void fault_take(struct fault *fault, const struct framing_piece *piece, bool whole,
                int64_t now);
void fault_take_end(struct fault *fault, int64_t now);
void fault_take_gone(struct fault *fault, int64_t now);

/* When something comes out next; FAULT_NEVER where nothing does by itself. */
int64_t fault_due(const struct fault *fault);
/* The next of what is due by now; false where nothing is. */
bool fault_give(struct fault *fault, int64_t now, struct fault_output *output);
/* What of it has not come out yet waits on. fault is NULL where that has gone meanwhile. */
void fault_put_back(struct fault *fault, struct fault_item *item);

const char *fault_count_name(enum fault_count count);

#endif
