/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/json_put.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_find.h"
#include "fleet/bus.h"
#include "fleet/control_client.h"
#include "fleet/fleet_settings.h"
#include "fleet/intake.h"
#include "fleet/jetstream.h"
#include "fleet/leaf.h"
#include "fleet/publisher.h"
#include "loop/loop.h"
#include "loop/timeout.h"

struct events {
    struct loop *loop;
    CAST_MARK;
    events_read *read;
    void *context;
    struct attach_place place;
    struct intake intake;
    struct publisher *publisher;
    struct leaf *leaf;              /* NULL: the broker is no leaf */
    struct control_client *control; /* NULL until it is known what the stream has */
    bool said_long;                 /* that some events are longer than the broker takes */
};

/* --- from telexd --- */

static void pace(struct events *events)
{
    control_client_hold(events->control, publisher_is_full(events->publisher));
}

static void lose(void *context, uint64_t first, uint64_t last, uint64_t messages)
{
    struct events *events = CAST(events, context);
    struct host host = loop_host(events->loop);
    UT_string line;
    struct json json;
    utstring_init(&line);
    json_put_init(&json, &line);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", host.wall(host.context));
    json_put_string(&json, "event", "lost");
    json_put_unsigned(&json, "messages", messages);
    json_put_unsigned(&json, "events", last - first + 1 - messages);
    json_put_object_end(&json);
    publisher_add(events->publisher, &(struct window_event){.kind = SUBJECT_LOST,
                                                            .run = events->intake.run,
                                                            .first = first,
                                                            .last = last,
                                                            .text = utstring_body(&line),
                                                            .size = utstring_len(&line)});
    utstring_done(&line);
}

static void say_long(struct events *events, const struct event_line *line)
{
    if (!events->said_long)
        log_error("event %" PRIu64
                  " of %zu bytes is more than the broker takes, and lost there: "
                  "give it a larger max_payload",
                  line->seq, line->size);
    events->said_long = true;
}

static void event(void *context, const struct event_line *line)
{
    struct events *events = CAST(events, context);
    const enum subject_kind kind = event_line_kind(line);
    const size_t behind = line->again + line->again_size;
    events->read(events->context, events->intake.run, line->seq);
    if (line->size >= publisher_most(events->publisher)) {
        say_long(events, line);
        lose(events, line->seq, line->seq, kind == SUBJECT_TALK);
        return;
    }
    publisher_add(events->publisher, &(struct window_event){.kind = kind,
                                                            .run = events->intake.run,
                                                            .first = line->seq,
                                                            .last = line->seq,
                                                            .text = line->text,
                                                            .size = behind - line->again_size,
                                                            .more = line->text + behind,
                                                            .more_size = line->size - behind});
}

static void replay(void *context, uint64_t after)
{
    struct events *events = CAST(events, context);
    char line[40];
    const int size = snprintf(line, sizeof line, "/replay %" PRIu64, after);
    control_client_send(events->control, line, (size_t)size);
}

static void hello(void *context, const struct control_hello *hello)
{
    struct events *events = CAST(events, context);
    intake_hello(&events->intake, hello->run, hello->seq);
    pace(events);
}

static void may_ask(void *context)
{
    struct events *events = CAST(events, context);
    intake_ready(&events->intake);
}

static void take_line(void *context, const char *line, size_t size)
{
    struct events *events = CAST(events, context);
    intake_line(&events->intake, line, size);
    pace(events);
}

static void telexd_lost(void *context)
{
    struct events *events = CAST(events, context);
    intake_away(&events->intake);
}

/* --- towards the stream --- */

static void listen_to_telexd(struct events *events, const struct jetstream_last *last)
{
    const struct intake_hooks intake = {
        .context = events, .event = event, .lost = lose, .replay = replay};
    const struct control_hooks control = {.context = events,
                                          .hello = hello,
                                          .ready = may_ask,
                                          .line = take_line,
                                          .lost = telexd_lost};
    intake_init(&events->intake, &intake, last->run, last->last);
    events->control =
        control_client_create(events->loop, &events->place, "/restrict\n/read-only", &control);
}

static void begin(void *context, const struct jetstream_last *last)
{
    struct events *events = CAST(events, context);
    listen_to_telexd(events, last);
}

static void room(void *context)
{
    struct events *events = CAST(events, context);
    if (events->control)
        pace(events);
}

struct events *events_create(struct loop *loop, struct bus *bus,
                             const struct fleet_settings *settings,
                             const struct attach_place *place, events_read *read, void *context)
{
    struct events *events = mem_zalloc(sizeof *events);
    const struct jetstream_settings stream = {.node = settings->node,
                                              .max_age = settings->max_age,
                                              .max_bytes = settings->max_bytes,
                                              .leaf = settings->leaf};
    CAST_INIT(events, events);
    events->loop = loop;
    events->read = read;
    events->context = context;
    events->place = *place;
    events->place.quiet = true; /* the commands' connections tell of telexd */
    const struct publisher_hooks hooks = {.context = events, .begin = begin, .room = room};
    events->publisher = publisher_create(loop, bus, &stream, &hooks);
    if (settings->leaf)
        events->leaf = leaf_create(loop, bus, &stream);
    return events;
}

void events_destroy(struct events *events)
{
    if (!events)
        return;
    if (events->control) {
        control_client_destroy(events->control);
        intake_finish(&events->intake);
    }
    leaf_destroy(events->leaf);
    publisher_destroy(events->publisher);
    free(events);
}

void events_connected(struct events *events)
{
    publisher_connected(events->publisher);
    if (events->leaf)
        leaf_connected(events->leaf);
}

void events_lost(struct events *events)
{
    publisher_lost(events->publisher);
    if (events->leaf)
        leaf_lost(events->leaf);
}

void events_drained(struct events *events)
{
    publisher_send(events->publisher);
}

void events_flush(struct events *events)
{
    publisher_flush(events->publisher);
}
