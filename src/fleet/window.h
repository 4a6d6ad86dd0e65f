/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is published and not known to be stored: batches in their order, sent one behind the
 * other without waiting. Where one fails, it and all behind it that are not stored are sent
 * again, as they were (go-back-N). Bounded by whoever fills it. Pure.
 */
#ifndef TELEX_FLEET_WINDOW_H
#define TELEX_FLEET_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fleet/batch.h"

/* Full from so many bytes on, until half of it is stored. */
enum { WINDOW_MOST = 4 << 20 };

struct window {
    struct batch *batches; /* utlist: complete ones, the oldest first */
    struct batch *unsent;  /* none before this one waits to be sent; NULL: none at all */
    struct batch *open;    /* the one that events are added to, behind them, or NULL */
    size_t bytes;          /* that all of them take */
    size_t batch_most;     /* bytes of a batch of several events; 0: BATCH_MOST */
    bool full;
};

/* Zeroed, it begins. */
void window_finish(struct window *window);

/* A line, without its newline, in one or two parts. */
struct window_event {
    enum subject_kind kind;
    const char *run;
    uint64_t first, last; /* seq; the same but where events are lost */
    const char *text, *more;
    size_t size, more_size;
};

/* The next event. True where it begins a batch, which is to be complete after BATCH_TIME. */
bool window_add(struct window *window, const struct window_event *event);
/* Nothing is added to the last batch any more. */
void window_complete(struct window *window);

/* The first that waits to be sent, or NULL. */
struct batch *window_next(struct window *window);
/* It is on its way. */
void window_sent(struct window *window, struct batch *batch);
/* It is in the stream, and nobody asks for it any more. Frees it, as soon as all before it are
 * stored too. */
void window_stored(struct window *window, struct batch *batch);
/* All events of the run up to that number are in the stream, and so is what was before. */
void window_stored_up_to(struct window *window, const char *run, uint64_t seq);
/* All that are sent and not stored wait again, and nobody asks for them any more. */
void window_rewind(struct window *window);
/* Whether so much waits that nothing is to be added. */
bool window_is_full(struct window *window);

#endif
