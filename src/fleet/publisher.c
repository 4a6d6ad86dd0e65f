/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/publisher.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "fleet/bus.h"
#include "fleet/jetstream_config.h"
#include "loop/timeout.h"

/* How long a batch may go without an answer, and how long to wait after one that failed. */
enum { PATIENCE = 5000000, PAUSE = 250000 /* microseconds */ };
/* What the broker counts of a message besides its data, at most: headers. */
enum { BESIDE = 512 };

struct publisher {
    struct bus *bus;
    CAST_MARK;
    const char *node;
    struct publisher_hooks hooks;
    struct jetstream *stream;
    struct window window;
    struct timeout *complete; /* the open batch is */
    size_t most;              /* bytes of a message, when the broker last said so */
    bool begun;
    bool ready; /* the stream is known to be there on this connection */
    bool holes; /* before what was stored last there may be batches that were not */
    char *said; /* why the last batch failed; NULL after one that did not */
};

/*
 * Where a connection ends, all that arrived of it is a beginning of what was sent. Where a
 * batch fails and the connection stands, those behind it may be stored: of several servers the
 * one that keeps the stream has changed. Then what was stored last says nothing about those
 * before.
 */

/* Nobody waits for answers any more: what is not stored is to be sent again. */
static void rewind_all(struct publisher *publisher)
{
    struct batch *batch;
    DL_FOREACH(publisher->window.batches, batch) {
        bus_request_end(batch->request);
        batch->request = NULL;
    }
    publisher->ready = false;
    window_rewind(&publisher->window);
}

static void fail(struct publisher *publisher, const char *why)
{
    rewind_all(publisher);
    publisher->holes = true;
    jetstream_look(publisher->stream, PAUSE);
    if (publisher->said && strcmp(publisher->said, why) == 0)
        return;
    log_error("NATS does not store events: %s; they are sent again", why);
    free(publisher->said);
    publisher->said = mem_strdup(why);
}

static void stored(struct publisher *publisher, struct batch *batch)
{
    const bool was_full = publisher->window.full;
    bus_request_end(batch->request);
    batch->request = NULL;
    window_stored(&publisher->window, batch);
    publisher->holes = publisher->holes && publisher->window.batches;
    free(publisher->said);
    publisher->said = NULL;
    if (was_full && !window_is_full(&publisher->window))
        publisher->hooks.room(publisher->hooks.context);
}

/* Another process of this node's, which was killed, may have stored a part of it. */
static void look_what_is_stored(struct publisher *publisher)
{
    rewind_all(publisher);
    jetstream_look(publisher->stream, 0);
}

/* To one batch. */
static void answer(void *context, const struct bus_message *message)
{
    struct batch *batch = CAST(batch, context);
    struct publisher *publisher = CAST(publisher, batch->sender);
    char *why;
    if (!message) {
        batch->request = NULL;
        if (bus_is_connected(publisher->bus))
            fail(publisher, "no answer");
    } else if (message->status == BUS_NOBODY) {
        fail(publisher, "no stream takes them");
    } else if (jetstream_error(message->data, message->size, &why) == 0) {
        if (batch->sends == 1 && jetstream_is_duplicate(message->data, message->size))
            look_what_is_stored(publisher);
        else
            stored(publisher, batch);
    } else {
        fail(publisher, why);
        free(why);
    }
}

static bool send_batch(struct publisher *publisher, struct batch *batch)
{
    char subject[SUBJECT_ROOM], id[BATCH_ID_ROOM], last[24];
    subject_make(subject, batch->kind, publisher->node);
    batch_id(id, publisher->node, batch->run, batch->first);
    snprintf(last, sizeof last, "%" PRIu64, batch->last);
    const struct bus_header headers[] = {{"Nats-Msg-Id", id}, {BATCH_LAST, last}};
    const struct bus_post post = {.subject = subject,
                                  .data = utstring_body(&batch->lines),
                                  .size = utstring_len(&batch->lines),
                                  .headers = headers,
                                  .header_count = sizeof headers / sizeof *headers};
    batch->sender = publisher;
    batch->request = bus_ask(publisher->bus, &post, PATIENCE, answer, batch);
    return batch->request;
}

void publisher_send(struct publisher *publisher)
{
    struct batch *batch;
    while (publisher->ready && (batch = window_next(&publisher->window)) &&
           send_batch(publisher, batch))
        window_sent(&publisher->window, batch);
}

static void complete_cb(void *context)
{
    publisher_flush(CAST(publisher, context));
}

void publisher_flush(struct publisher *publisher)
{
    timeout_stop(publisher->complete);
    window_complete(&publisher->window);
    publisher_send(publisher);
}

void publisher_add(struct publisher *publisher, const struct window_event *event)
{
    if (window_add(&publisher->window, event))
        timeout_set(publisher->complete, BATCH_TIME);
    publisher_send(publisher);
}

/* What was stored by another process before us is none of the window's. */
static void ready(void *context, const struct jetstream_last *last)
{
    struct publisher *publisher = CAST(publisher, context);
    publisher->ready = true;
    publisher->most = bus_most(publisher->bus);
    if (publisher_most(publisher) < BATCH_MOST)
        publisher->window.batch_most = publisher_most(publisher);
    if (!publisher->begun) {
        publisher->begun = true;
        publisher->hooks.begin(publisher->hooks.context, last);
        return;
    }
    if (!publisher->holes)
        window_stored_up_to(&publisher->window, last->run, last->last);
    publisher_send(publisher);
    publisher->hooks.room(publisher->hooks.context);
}

struct publisher *publisher_create(struct loop *loop, struct bus *bus,
                                   const struct jetstream_settings *settings,
                                   const struct publisher_hooks *hooks)
{
    struct publisher *publisher = mem_zalloc(sizeof *publisher);
    CAST_INIT(publisher, publisher);
    publisher->bus = bus;
    publisher->node = settings->node;
    publisher->hooks = *hooks;
    publisher->stream = jetstream_create(loop, bus, settings, ready, publisher);
    publisher->complete =
        timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, complete_cb, publisher);
    return publisher;
}

void publisher_destroy(struct publisher *publisher)
{
    rewind_all(publisher);
    window_finish(&publisher->window);
    jetstream_destroy(publisher->stream);
    timeout_destroy(publisher->complete);
    free(publisher->said);
    free(publisher);
}

bool publisher_is_full(struct publisher *publisher)
{
    return window_is_full(&publisher->window);
}

size_t publisher_most(const struct publisher *publisher)
{
    return publisher->most > BESIDE ? publisher->most - BESIDE : 0;
}

void publisher_connected(struct publisher *publisher)
{
    jetstream_look(publisher->stream, 0);
}

void publisher_lost(struct publisher *publisher)
{
    jetstream_stop(publisher->stream);
    rewind_all(publisher);
}
