/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/event_feed.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "client/fields.h"
#include "fleet/bus.h"
#include "fleet/event_place.h"
#include "fleet/subject.h"
#include "loop/timeout.h"

/* Batches that are asked for at a time: 64 KiB each, at most. */
enum { AT_A_TIME = 16 };
/* Microseconds. */
enum {
    PATIENCE = 5000000, /* of a question to JetStream */
    SILENCE =
        12000000,   /* while batches are waited for: every 5 s the broker says that it lives */
    AGAIN = 500000, /* before a question that failed is asked again */
    FULL = 100000,  /* before it is seen whether there is room */
};

/* What a consumer says in place of a batch, nats.io's ADR-13: it lives; it has nothing more;
 * nothing came for as long as was asked. */
enum { LIVES = 100, HAS_NOTHING = 404, NOTHING_CAME = 408 };

struct event_feed {
    struct bus *bus;
    CAST_MARK;
    struct event_feed_hooks hooks;
    struct bus_request *request; /* of the API; NULL while nothing is asked */
    char *inbox;                 /* where batches of this consumer come; NULL: nowhere */
    struct bus_subscription *batches;
    struct timeout *again;
    char *consumer;  /* its name; malloc'ed, NULL: there is none */
    uint64_t last;   /* batches to begin with */
    uint64_t next;   /* the first that was not told, in the stream; 0: not known yet */
    uint64_t past;   /* up to here they were there before */
    uint64_t told;   /* by this consumer */
    unsigned pulled; /* that are still to come of those that were asked for */
    bool caught_up;
};

static void go_on(struct event_feed *feed);
static bus_receive take_pulled;

static void later(struct event_feed *feed, int64_t microseconds)
{
    timeout_set(feed->again, microseconds);
}

static void end_consumer(struct event_feed *feed)
{
    bus_unsubscribe(feed->batches);
    feed->batches = NULL;
    free(feed->inbox);
    feed->inbox = NULL;
    free(feed->consumer);
    feed->consumer = NULL;
}

static void begin_anew(struct event_feed *feed, int64_t microseconds)
{
    bus_request_end(feed->request);
    feed->request = NULL;
    feed->pulled = 0;
    end_consumer(feed);
    later(feed, microseconds);
}

static void ask(struct event_feed *feed, const char *subject, const char *data,
                bus_answer *answer)
{
    const struct bus_post post = {.subject = subject, .data = data, .size = strlen(data)};
    feed->request = bus_ask(feed->bus, &post, PATIENCE, answer, feed);
    if (!feed->request && bus_is_connected(feed->bus))
        later(feed, AGAIN);
}

/* The one answer to a question of the API, which is over then; NULL: none came. */
static json_t *take_answer(struct event_feed *feed, const struct bus_message *message)
{
    json_t *answer = message ? json_loadb(message->data, message->size, 0, NULL) : NULL;
    if (message)
        bus_request_end(feed->request);
    feed->request = NULL;
    if (!answer || json_object_get(answer, "error")) {
        json_decref(answer);
        answer = NULL;
        later(feed, AGAIN);
    }
    return answer;
}

/* --- where to begin --- */

static void say_caught_up(struct event_feed *feed)
{
    if (feed->caught_up || feed->next <= feed->past)
        return;
    feed->caught_up = true;
    feed->hooks.caught_up(feed->hooks.context);
}

/* Nothing has ever happened there. */
static bool says_that_there_is_none(const struct bus_message *message)
{
    static const char none[] = "\"err_code\":10059";
    return message && message->size > 0 &&
           memmem(message->data, message->size, none, sizeof none - 1);
}

static void take_info(void *context, const struct bus_message *message)
{
    struct event_feed *feed = CAST(event_feed, context);
    if (says_that_there_is_none(message))
        feed->next = 1;
    json_t *answer = take_answer(feed, message);
    const json_t *state = json_object_get(answer, "state");
    uint64_t first = 0;
    if (state && fields_unsigned(state, "last_seq", &feed->past)) {
        fields_unsigned(state, "first_seq", &first);
        feed->next = feed->past >= feed->last ? feed->past - feed->last + 1 : 1;
        if (feed->next < first)
            feed->next = first;
        if (feed->next == 0)
            feed->next = 1;
        go_on(feed);
    }
    if (feed->next > 0)
        say_caught_up(feed);
    json_decref(answer);
}

static void take_consumer(void *context, const struct bus_message *message)
{
    struct event_feed *feed = CAST(event_feed, context);
    json_t *answer = take_answer(feed, message);
    const char *name = fields_string(answer, "name");
    if (name) {
        feed->consumer = mem_strdup(name);
        feed->inbox = bus_inbox(feed->bus);
        feed->batches = bus_subscribe(feed->bus, feed->inbox, take_pulled, feed);
        feed->told = 0;
        feed->pulled = 0;
        go_on(feed);
    } else if (answer) {
        later(feed, AGAIN);
    }
    json_decref(answer);
}

static void ask_consumer(struct event_feed *feed)
{
    char *data = mem_printf("{\"stream_name\":\"" SUBJECT_STREAM "\",\"config\":{"
                            "\"ack_policy\":\"none\",\"deliver_policy\":\"by_start_sequence\","
                            "\"opt_start_seq\":%" PRIu64 ",\"replay_policy\":\"instant\","
                            "\"inactive_threshold\":30000000000,\"mem_storage\":true}}",
                            feed->next);
    ask(feed, "$JS.API.CONSUMER.CREATE." SUBJECT_STREAM, data, take_consumer);
    free(data);
}

/* --- batches --- */

/* Whether it is the one that comes next from this consumer. */
static bool take_batch(struct event_feed *feed, const struct bus_message *message)
{
    struct event_place place;
    if (!message->reply || !event_place_read(&place, message->reply) ||
        place.told != feed->told + 1)
        return false;
    feed->told = place.told;
    feed->next = place.seq + 1;
    feed->pulled -= feed->pulled > 0;
    const char *id = bus_header(message, "Nats-Msg-Id");
    const struct event_batch batch = {.subject = message->subject,
                                      .id = id ? id : "",
                                      .data = message->data,
                                      .size = message->size,
                                      .past = place.seq <= feed->past};
    feed->hooks.batch(feed->hooks.context, &batch);
    say_caught_up(feed);
    return true;
}

/* A batch bears the subject that it was published to, so it is no answer that bus_ask would
 * know. */
static void take_pulled(void *context, const struct bus_message *message)
{
    struct event_feed *feed = CAST(event_feed, context);
    timeout_set(feed->again, SILENCE);
    if (message->status == 0) {
        if (!take_batch(feed, message))
            begin_anew(feed, 0);
        else if (feed->pulled == 0)
            go_on(feed);
    } else if (message->status == NOTHING_CAME || message->status == HAS_NOTHING) {
        feed->pulled = 0;
        go_on(feed);
    } else if (message->status != LIVES) {
        begin_anew(feed, AGAIN);
    }
}

static void pull(struct event_feed *feed)
{
    if (feed->hooks.is_full(feed->hooks.context)) {
        later(feed, FULL);
        return;
    }
    char *subject =
        mem_printf("$JS.API.CONSUMER.MSG.NEXT." SUBJECT_STREAM ".%s", feed->consumer);
    char *data = mem_printf("{\"batch\":%d,\"expires\":20000000000,"
                            "\"idle_heartbeat\":5000000000}",
                            AT_A_TIME);
    const struct bus_post post = {
        .subject = subject, .reply = feed->inbox, .data = data, .size = strlen(data)};
    feed->pulled = AT_A_TIME;
    if (bus_publish(feed->bus, &post))
        timeout_set(feed->again, SILENCE);
    else
        begin_anew(feed, AGAIN);
    free(subject);
    free(data);
}

static void go_on(struct event_feed *feed)
{
    timeout_stop(feed->again);
    if (!bus_is_connected(feed->bus))
        return;
    if (feed->next == 0)
        ask(feed, "$JS.API.STREAM.INFO." SUBJECT_STREAM, "", take_info);
    else if (!feed->consumer)
        ask_consumer(feed);
    else
        pull(feed);
}

/* What was asked for does not come, or there may be room now. */
static void again_cb(void *context)
{
    struct event_feed *feed = CAST(event_feed, context);
    if (feed->pulled > 0)
        begin_anew(feed, 0);
    else
        go_on(feed);
}

/* --- its life --- */

struct event_feed *event_feed_create(struct loop *loop, struct bus *bus, uint64_t last,
                                     const struct event_feed_hooks *hooks)
{
    struct event_feed *feed = mem_zalloc(sizeof *feed);
    CAST_INIT(event_feed, feed);
    feed->bus = bus;
    feed->hooks = *hooks;
    feed->last = last;
    feed->again = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, again_cb, feed);
    return feed;
}

void event_feed_destroy(struct event_feed *feed)
{
    if (!feed)
        return;
    bus_request_end(feed->request);
    end_consumer(feed);
    timeout_destroy(feed->again);
    free(feed);
}

void event_feed_connected(struct event_feed *feed)
{
    begin_anew(feed, 0);
}
