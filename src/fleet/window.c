/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/window.h"

#include <assert.h>
#include <string.h>

static size_t taken_by(const struct batch *batch)
{
    return sizeof *batch + utstring_len(&batch->lines);
}

static void forget_first(struct window *window)
{
    struct batch *first = window->batches;
    assert(!first->request);
    if (window->unsent == first)
        window->unsent = first->next;
    DL_DELETE(window->batches, first);
    window->bytes -= taken_by(first);
    batch_destroy(first);
}

void window_finish(struct window *window)
{
    window_complete(window);
    while (window->batches)
        forget_first(window);
}

void window_complete(struct window *window)
{
    struct batch *complete = window->open;
    if (!complete)
        return;
    window->open = NULL;
    DL_APPEND(window->batches, complete);
    if (!window->unsent)
        window->unsent = complete;
}

static bool fits(const struct window *window, const struct window_event *event, size_t size)
{
    const size_t most = window->batch_most ? window->batch_most : BATCH_MOST;
    return batch_takes(window->open, event->kind, event->run, event->first) &&
           utstring_len(&window->open->lines) + size <= most;
}

bool window_add(struct window *window, const struct window_event *event)
{
    const size_t size = event->size + event->more_size + 1;
    if (window->open && !fits(window, event, size))
        window_complete(window);
    const bool begins = !window->open;
    if (begins) {
        window->open = batch_create(event->kind, event->run, event->first);
        window->bytes += taken_by(window->open);
    }
    batch_add(window->open, event->last, event->text, event->size);
    batch_add(window->open, event->last, event->more, event->more_size);
    batch_add(window->open, event->last, "\n", 1);
    window->bytes += size;
    return begins;
}

struct batch *window_next(struct window *window)
{
    while (window->unsent && window->unsent->state != BATCH_WAITS)
        window->unsent = window->unsent->next;
    return window->unsent;
}

void window_sent(struct window *window, struct batch *batch)
{
    batch->state = BATCH_SENT;
    batch->sends++;
    window->unsent = batch->next;
}

void window_stored(struct window *window, struct batch *batch)
{
    batch->state = BATCH_STORED;
    while (window->batches && window->batches->state == BATCH_STORED)
        forget_first(window);
}

static void trim_first(struct window *window, uint64_t seq)
{
    struct batch *first = window->batches;
    window->bytes -= taken_by(first);
    batch_trim(first, seq);
    window->bytes += taken_by(first);
}

void window_stored_up_to(struct window *window, const char *run, uint64_t seq)
{
    struct batch *batch, *last = NULL;
    DL_FOREACH(window->batches, batch)
        if (batch->first <= seq && strcmp(batch->run, run) == 0)
            last = batch;
    if (!last)
        return;
    while (window->batches != last)
        forget_first(window);
    if (last->last <= seq)
        forget_first(window);
    else
        trim_first(window, seq);
}

void window_rewind(struct window *window)
{
    struct batch *batch;
    DL_FOREACH(window->batches, batch)
        if (batch->state == BATCH_SENT) {
            assert(!batch->request);
            batch->state = BATCH_WAITS;
        }
    window->unsent = window->batches;
}

bool window_is_full(struct window *window)
{
    window->full = window->bytes >= (window->full ? WINDOW_MOST / 2 : WINDOW_MOST);
    return window->full;
}
