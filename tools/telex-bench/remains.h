/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has not come back when the time is over. To clock only what did come back would hide the
 * worst: a server that stalls until the end would be told of nothing that it kept waiting.
 */
#ifndef TELEX_BENCH_REMAINS_H
#define TELEX_BENCH_REMAINS_H

#include <stdbool.h>

struct run;

/*
 * With a rate, clocks what is under way, and what was due and found nobody with room: so late
 * is each already. Datagrams under way are not among them, since they may be lost.
 */
void remains_clock(struct run *run);

/* Whether a stream has anything under way. Nothing may begin any more. */
bool remains_any(struct run *run);

/* Counts what streams have under way, and the clients that never got an answer. */
void remains_count(struct run *run);

#endif
