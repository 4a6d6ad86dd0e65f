/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fault.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/ut.h"
#include "core/fault_item.h"

/* How long a message waits for another one to pass it. */
enum { REORDER_WAIT = 1000000 /* microseconds */ };
/* With a rate bytes come out in pieces of so long, which is as often as timers go off. */
enum { RATE_PIECE = 4000 /* microseconds */ };

const char *fault_count_name(enum fault_count count)
{
    static const char *const names[] = {
#define FAULT_COUNT_NAME(key, name) name,
        FAULT_COUNTS_LIST(FAULT_COUNT_NAME)
#undef FAULT_COUNT_NAME
    };
    return names[count];
}

static void count(struct fault *fault, enum fault_count what)
{
    fault->card.counts[what]++;
}

static const struct fault_plan *plan_of(const struct fault *fault)
{
    return &fault->card.plan;
}

/* --- what is held --- */

static struct fault_item *hold(struct fault *fault, struct fault_item *item)
{
    fault->card.held += fault_item_held(item);
    return item;
}

/* --- when it comes out --- */

/* How long so many bytes take. */
static int64_t duration(const struct fault *fault, size_t size)
{
    const uint64_t rate = plan_of(fault)->values[FAULT_RATE];
    return rate > 0 ? (int64_t)((uint64_t)size * 1000000 / rate) : 0;
}

/* Behind all others, and not before that time. */
static void schedule(struct fault *fault, struct fault_item *item, int64_t start)
{
    item->start = start > fault->free ? start : fault->free;
    fault->free = item->start + duration(fault, item->size);
}

static void append(struct fault *fault, struct fault_item *item, int64_t start)
{
    schedule(fault, item, start);
    DL_APPEND(fault->items, item);
}

static void stop_waiting(struct fault *fault, int64_t start)
{
    struct fault_item *item = fault->waiting;
    fault->waiting = NULL;
    if (item)
        append(fault, item, start);
}

/* The next piece of it. */
static size_t piece_of(const struct fault *fault, const struct fault_item *item)
{
    const struct fault_plan *plan = plan_of(fault);
    uint64_t size = item->size - item->given;
    if (fault->ends)
        return (size_t)size;
    if (fault_plan_has(plan, FAULT_SLICE) && plan->values[FAULT_SLICE] < size)
        size = plan->values[FAULT_SLICE];
    if (fault_plan_has(plan, FAULT_RATE) && item->what == FAULT_BYTES) {
        const uint64_t most = plan->values[FAULT_RATE] / (1000000 / RATE_PIECE);
        size = most == 0 ? 1 : most < size ? most : size;
    }
    return (size_t)size;
}

static int64_t due_of(const struct fault *fault, const struct fault_item *item)
{
    return fault->ends ? 0 : item->start + duration(fault, item->given + piece_of(fault, item));
}

/* --- life --- */

void fault_init(struct fault *fault)
{
    *fault = (struct fault){.reset = FAULT_NEVER};
}

void fault_finish(struct fault *fault)
{
    struct fault_item *item, *next;
    DL_FOREACH_SAFE(fault->items, item, next) {
        free(item);
    }
    free(fault->waiting);
    fault_init(fault);
}

/* One that people can type, so that the run can be had again. */
static void need_seed(struct fault_plan *plan)
{
    const unsigned chance = 1u << FAULT_JITTER | 1u << FAULT_LOSS | 1u << FAULT_DUPLICATE |
                            1u << FAULT_REORDER | 1u << FAULT_CORRUPT;
    struct hash_key random;
    if (!(plan->given & chance) || fault_plan_has(plan, FAULT_SEED))
        return;
    hash_key_init(&random);
    fault_plan_set(plan, FAULT_SEED, random.words[0] % FAULT_MILLIONTHS);
}

static void schedule_all(struct fault *fault, int64_t now)
{
    const int64_t latest = now + fault_plan_time(plan_of(fault), FAULT_LATENCY);
    struct fault_item *item;
    fault->free = now;
    DL_FOREACH(fault->items, item) {
        schedule(fault, item, item->start < latest ? item->start : latest);
    }
}

void fault_begin(struct fault *fault, const struct fault_plan *plan, int64_t now)
{
    struct fault_card *card = &fault->card;
    *card = (struct fault_card){.plan = *plan, .held = card->held};
    need_seed(&card->plan);
    fault->dice.state = card->plan.values[FAULT_SEED];
    fault->inside = fault->ends = false;
    fault->reset = fault_plan_has(plan, FAULT_RESET) ? now + fault_plan_time(plan, FAULT_RESET)
                                                     : FAULT_NEVER;
    schedule_all(fault, now);
}

/* One that has come out in part comes first. */
static int compare(const struct fault_item *one, const struct fault_item *other)
{
    if ((one->given > 0) != (other->given > 0))
        return one->given > 0 ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

void fault_end(struct fault *fault)
{
    fault->ends = true;
    fault->reset = FAULT_NEVER;
    stop_waiting(fault, 0);
    DL_SORT(fault->items, compare);
}

bool fault_is_over(const struct fault *fault)
{
    return fault->ends && fault->card.held == 0;
}

/* --- in --- */

static struct fault_fate draw(struct fault *fault, bool partial, bool whole)
{
    struct fault_fate fate = fault_fate_draw(&fault->dice, plan_of(fault));
    if (!whole)
        fate.lost = false;
    if (!whole || partial || fate.duplicated)
        fate.reordered = false;
    if (!whole || partial)
        fate.duplicated = false;
    return fate;
}

/* The pieces of a long message have one fate, and one bit of it is another. What nobody is told
 * of has none, but it waits as long. */
static struct fault_fate fate_of(struct fault *fault, const struct framing_piece *piece,
                                 bool whole)
{
    if (fault->ends)
        return (struct fault_fate){0};
    if (piece->quiet)
        return (struct fault_fate){.delay = fault_plan_time(plan_of(fault), FAULT_LATENCY)};
    if (!fault->inside) {
        count(fault, FAULT_COUNT_MESSAGES);
        fault->fate = draw(fault, piece->partial, whole);
        if (fault->fate.lost)
            count(fault, FAULT_COUNT_LOST);
    }
    const struct fault_fate fate = fault->fate;
    fault->inside = piece->partial;
    fault->fate.corrupted = false;
    return fate;
}

static void put(struct fault *fault, struct fault_item *item, const struct fault_fate *fate,
                int64_t now)
{
    const int64_t start = now + fate->delay;
    if (fate->reordered && !fault->waiting) {
        item->start = start + REORDER_WAIT;
        fault->waiting = item;
        return;
    }
    append(fault, item, start);
    if (fault->waiting)
        count(fault, FAULT_COUNT_REORDERED);
    stop_waiting(fault, start);
    if (fate->duplicated) {
        count(fault, FAULT_COUNT_DUPLICATED);
        append(fault, hold(fault, fault_item_copy(item)), start);
    }
}

void fault_take(struct fault *fault, const struct framing_piece *piece, bool whole, int64_t now)
{
    const struct fault_fate fate = fate_of(fault, piece, whole);
    const enum fault_what what = whole ? FAULT_MESSAGE : FAULT_BYTES;
    if (fate.lost)
        return;
    struct fault_item *item = hold(fault, fault_item_create(what, piece, ++fault->taken));
    if (fate.corrupted && item->size > 0) {
        fault_item_corrupt(item, fate.bit);
        count(fault, FAULT_COUNT_CORRUPTED);
    }
    put(fault, item, &fate, now);
}

/* Behind all that was taken before. */
static void take_last(struct fault *fault, enum fault_what what, int64_t now)
{
    const struct fault_fate fate = fault_fate_draw(&fault->dice, plan_of(fault));
    struct fault_item *item = hold(fault, fault_item_create(what, NULL, ++fault->taken));
    stop_waiting(fault, now);
    append(fault, item, now + (fault->ends ? 0 : fate.delay));
}

void fault_take_end(struct fault *fault, int64_t now)
{
    take_last(fault, FAULT_END, now);
}

void fault_take_gone(struct fault *fault, int64_t now)
{
    take_last(fault, FAULT_GONE, now);
}

/* --- out --- */

static bool is_stalled(const struct fault *fault)
{
    return fault_plan_has(plan_of(fault), FAULT_STALL) && !fault->ends;
}

int64_t fault_due(const struct fault *fault)
{
    if (is_stalled(fault))
        return FAULT_NEVER;
    const int64_t due = fault->items ? due_of(fault, fault->items) : FAULT_NEVER;
    return fault->waiting && fault->waiting->start < due ? fault->waiting->start : due;
}

static void give(struct fault *fault, struct fault_item *item, struct fault_output *output)
{
    const size_t size = piece_of(fault, item);
    if (item->given == 0 && size < item->size)
        count(fault, FAULT_COUNT_SLICED);
    *output = (struct fault_output){
        .what = item->what, .piece = fault_item_give(item, size), .item = item};
}

bool fault_give(struct fault *fault, int64_t now, struct fault_output *output)
{
    if (is_stalled(fault))
        return false;
    if (fault->waiting && fault->waiting->start <= now)
        stop_waiting(fault, now);
    struct fault_item *item = fault->items;
    if (!item || due_of(fault, item) > now)
        return false;
    DL_DELETE(fault->items, item);
    give(fault, item, output);
    return true;
}

void fault_put_back(struct fault *fault, struct fault_item *item)
{
    if (fault && item->given < item->size) {
        DL_PREPEND(fault->items, item);
        return;
    }
    if (fault)
        fault->card.held -= fault_item_held(item);
    free(item);
}
