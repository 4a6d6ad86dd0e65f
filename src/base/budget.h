/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bound on the memory that others make us hold: input whose message has not ended, output
 * that is not read, backlogs of consoles. Sums alone: who holds says how much, and hub_memory.c
 * does what budget_step says is due.
 */
#ifndef TELEX_BASE_BUDGET_H
#define TELEX_BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget;

/*
 * Somebody who holds memory and is no peer, such as a console. close ends it, now, and with it
 * the holder; NULL where it has to stay.
 */
struct budget_holder {
    struct budget *budget; /* NULL: not counted */
    uint64_t held;         /* bytes */
    void (*close)(struct budget_holder *holder);
    struct budget_holder *prev, *next;
};

struct budget {
    uint64_t limit;                /* bytes; 0: none */
    uint64_t held;                 /* bytes, of all */
    bool out;                      /* of memory itself, whatever the limit */
    bool over;                     /* past either, and not back below it yet */
    bool far;                      /* past the limit by more than may wait */
    int64_t since;                 /* hub clock: when that began */
    struct budget_holder *holders; /* utlist */
    /* over or far has become true: budget_step is due. Called in the depth of whatever holds
     * more. */
    void (*passed)(void *context);
    void *context;
};

/* What is to be done while the budget is over. */
enum budget_step {
    BUDGET_GOOD,  /* it is over no more */
    BUDGET_WAIT,  /* those who hold much are not read, nobody is let in; look again */
    BUDGET_CLOSE, /* those who hold most are to go, until budget_excess is freed */
};

/* How long it may be over before somebody has to go: microseconds. */
enum { BUDGET_GRACE = 1000000 };
/* Nobody is held back for less, and nobody has to go for less than the second: bytes. */
enum { BUDGET_SHARE_LEAST = 64 << 10, BUDGET_WORTH = 4 << 10 };

/* Somebody held before bytes, and holds now. */
void budget_change(struct budget *budget, uint64_t before, uint64_t now);
void budget_set_limit(struct budget *budget, uint64_t limit);
/* Memory has run out, or there is some again. */
void budget_set_out(struct budget *budget, bool out);
/* What each of so many may hold while the budget is over. */
uint64_t budget_share(const struct budget *budget, uint64_t peers);
/* now: hub clock. */
enum budget_step budget_step(struct budget *budget, int64_t now);
/* How much has to be given back, at least, until it is good again. */
uint64_t budget_excess(const struct budget *budget);

void budget_add_holder(struct budget *budget, struct budget_holder *holder);
void budget_remove_holder(struct budget_holder *holder); /* one that was not added is fine */
void budget_hold(struct budget_holder *holder, uint64_t bytes);
/* Of those who may be closed; NULL where there is none. */
struct budget_holder *budget_greatest(const struct budget *budget);

#endif
