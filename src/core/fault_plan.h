/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How badly what comes from a peer is to be treated (telexd(8), /fault): a value, as an
 * operator has typed it. To add a key: a line in the list below, and what it does in
 * core/fault.
 */
#ifndef TELEX_CORE_FAULT_PLAN_H
#define TELEX_CORE_FAULT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ut.h"

/* What is typed behind a key. Those with a fraction are kept in millionths of it. */
enum fault_unit {
    FAULT_IN_MILLISECONDS, /* with a fraction */
    FAULT_IN_SECONDS,      /* likewise */
    FAULT_IN_PERCENT,      /* likewise */
    FAULT_IN_BYTES,        /* k, M and G multiply */
    FAULT_IN_NUMBERS,
    FAULT_ALONE /* the key alone is all */
};

/* X(KEY, "name", unit, "what stands behind it"), in the order in which people are told. */
#define FAULT_KEYS_LIST(X)                                   \
    X(LATENCY, "latency", FAULT_IN_MILLISECONDS, "=MS")      \
    X(JITTER, "jitter", FAULT_IN_MILLISECONDS, "=MS")        \
    X(RATE, "rate", FAULT_IN_BYTES, "=BYTES") /* a second */ \
    X(SLICE, "slice", FAULT_IN_BYTES, "=BYTES")              \
    X(LOSS, "loss", FAULT_IN_PERCENT, "=%")                  \
    X(DUPLICATE, "duplicate", FAULT_IN_PERCENT, "=%")        \
    X(REORDER, "reorder", FAULT_IN_PERCENT, "=%")            \
    X(CORRUPT, "corrupt", FAULT_IN_PERCENT, "=%")            \
    X(RESET, "reset", FAULT_IN_SECONDS, "=SECONDS")          \
    X(STALL, "stall", FAULT_ALONE, "")                       \
    X(SEED, "seed", FAULT_IN_NUMBERS, "=N")

enum fault_key {
#define FAULT_KEY_ENUM(key, name, unit, value) FAULT_##key,
    FAULT_KEYS_LIST(FAULT_KEY_ENUM)
#undef FAULT_KEY_ENUM
        FAULT_KEYS
};

#define FAULT_MILLIONTHS 1000000

struct fault_plan {
    unsigned given; /* bit 1 << key: it is */
    uint64_t values[FAULT_KEYS];
};

static inline bool fault_plan_has(const struct fault_plan *plan, enum fault_key key)
{
    return plan->given & 1u << key;
}

void fault_plan_set(struct fault_plan *plan, enum fault_key key, uint64_t value);

const char *fault_key_name(enum fault_key key);
enum fault_unit fault_key_unit(enum fault_key key);

/* The time of a key in microseconds; 0 where it is not given. */
int64_t fault_plan_time(const struct fault_plan *plan, enum fault_key key);

/* The keys as completion and help tell them: "latency=MS", ..., NULL ends them. */
extern const char *const fault_forms[];

/*
 * Reads "latency=200 loss=0.5", or with other marks "latency:200,loss:0.5", into a zeroed plan.
 * False with *error (malloc'ed), which names the key and what may stand there: also where
 * nothing is said.
 */
bool fault_plan_parse(const char *text, const char *between, char is, struct fault_plan *plan,
                      char **error);
/* As it is typed at the console. */
void fault_plan_print(const struct fault_plan *plan, UT_string *out);
bool fault_plan_differs(const struct fault_plan *one, const struct fault_plan *other);

/*
 * Why the plan cannot be for lines of that kind (a fragment, malloc'ed), or NULL: only whole
 * messages can be lost, doubled or passed by others, and only streams cut into slices or reset.
 */
char *fault_plan_object(const struct fault_plan *plan, bool datagrams, bool raw);

#endif
