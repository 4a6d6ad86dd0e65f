/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line on a terminal's stderr that tells how the run goes. */
#ifndef TELEX_BENCH_PROGRESS_H
#define TELEX_BENCH_PROGRESS_H

#include <stdint.h>

struct run;

/* When to show it first; INT64_MAX: never, because nobody looks or it was not wanted. */
int64_t progress_first(const struct run *run);
/* Shows it; returns when to do so next. */
int64_t progress_show(const struct run *run, int64_t now);
/* Takes it away. */
void progress_clear(const struct run *run);

#endif
