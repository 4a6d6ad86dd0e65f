/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When operations begin. Without a rate: as soon as a client has room for one. With a rate they
 * are due at fixed times, whatever the server does, and whoever has had room the longest gets
 * the next. One that finds nobody with room begins later, and its latency counts from when it
 * was due: a server that stalls is told of every operation that it kept waiting.
 */
#ifndef TELEX_BENCH_PACE_H
#define TELEX_BENCH_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct client;
struct mode;

struct pace {
    const struct mode *mode;
    uint64_t rate; /* a second; 0: no limit */
    int64_t start; /* nanoseconds */
    uint64_t begun;
    int64_t due; /* when the next one is */
    bool stopped;
    struct client *first;
    struct client **end;
};

void pace_init(struct pace *pace, const struct mode *mode, uint64_t rate);
/* Operations may begin from now on. */
void pace_start(struct pace *pace, int64_t now);
/* None begins any more. */
void pace_stop(struct pace *pace);

/*
 * The client has room for count operations more: calls mode->begin for those that may begin at
 * once. The caller flushes.
 */
void pace_offer(struct pace *pace, struct client *client, uint32_t count, int64_t now);

/* Begins and flushes what is due. */
void pace_turn(struct pace *pace, int64_t now);

/* How many were due by then and have not begun. */
uint64_t pace_overdue(const struct pace *pace, int64_t now);

/* When pace_turn is to be called next; INT64_MAX: nobody has room. */
int64_t pace_next(const struct pace *pace);

#endif
