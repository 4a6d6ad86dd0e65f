/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/pump.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "client/losses.h"
#include "client/pump_datagrams.h"
#include "client/pump_state.h"
#include "loop/inlet.h"
#include "loop/outlet.h"

enum {
    QUEUE_HIGH = 256 << 10, /* bytes to the peer from which on stdin waits */
    BACKLOG_HIGH = 1 << 20, /* bytes to stdout from which on the peer waits */
};

struct peer *pump_peer(const struct pump *pump)
{
    return hub_find(pump->settings.hub, 1);
}

void pump_tell_end(struct pump *pump)
{
    if (!pump->end_told)
        pump->hooks.end(pump->hooks.context);
    pump->end_told = true;
}

/* --- stdin to the peer --- */

static void send_stream(struct pump *pump, const char *data, size_t size)
{
    struct peer *peer = pump_peer(pump);
    if (!peer || hub_send(pump->settings.hub, peer, data, size, 1, NULL) != SEND_OK)
        pump->lost += size;
    else if (peer_queued(peer) >= QUEUE_HIGH)
        inlet_hold(pump->inlet, true);
}

static void send_translated(struct pump *pump, const char *data, size_t size)
{
    utstring_clear(&pump->text);
    newlines_add(&pump->newlines, &pump->text, data, size);
    if (utstring_len(&pump->text) > 0)
        send_stream(pump, utstring_body(&pump->text), utstring_len(&pump->text));
}

/* The peer has read what waited: stdin goes on, at its own pace. */
static enum feed_result more_input(struct feed *feed, struct hub *hub, struct peer *peer)
{
    struct pump *pump = container_of(feed, struct pump, feed);
    (void)hub, (void)peer;
    if (!pump->held)
        inlet_hold(pump->inlet, false);
    return FEED_RESTS;
}

static void line_over(struct feed *feed, struct hub *hub, struct peer *peer, const char *error)
{
    (void)feed, (void)hub, (void)peer, (void)error; /* what is not sent counts as lost */
}

/* What is wished may end the line, and what is behind it is nobody's then. */
static void send_keys(struct pump *pump, const char *data, size_t size)
{
    enum keypress_wish wish;
    while (size > 0 && !pump->held) {
        utstring_clear(&pump->text);
        const size_t taken = keypress_take(&pump->keys, data, size, &pump->text, &wish);
        data += taken;
        size -= taken;
        if (utstring_len(&pump->text) > 0)
            send_stream(pump, utstring_body(&pump->text), utstring_len(&pump->text));
        if (wish != KEYPRESS_NOTHING)
            pump->hooks.wish(pump->hooks.context, wish);
    }
}

static void input(void *context, const char *data, size_t size)
{
    struct pump *pump = CAST(pump, context);
    if (pump->settings.keys)
        send_keys(pump, data, size);
    else if (pump->settings.messages)
        pump_datagrams_add(pump, data, size);
    else if (pump->settings.eol != EOL_UNSET)
        send_translated(pump, data, size);
    else
        send_stream(pump, data, size);
}

static void tell_read_error(struct pump *pump, int error)
{
    char *text = mem_printf("cannot read stdin: %s", strerror(error));
    pump->hooks.error(pump->hooks.context, text);
    free(text);
}

static void input_end(void *context)
{
    struct pump *pump = CAST(pump, context);
    pump->input_ended = true;
    if (inlet_error(pump->inlet))
        tell_read_error(pump, inlet_error(pump->inlet));
    if (pump->settings.messages)
        pump_datagrams_end(pump);
    else
        pump_tell_end(pump);
}

/* --- the peer to stdout --- */

static void show(struct pump *pump, const char *data, size_t size)
{
    utstring_clear(&pump->shown);
    escape_text(&pump->shown, data, size);
    outlet_write(pump->outlet, utstring_body(&pump->shown), utstring_len(&pump->shown));
}

/* A character split between two reads is joined. */
static void display(struct pump *pump, const struct message *message)
{
    UT_string joined;
    utstring_init(&joined);
    ut_append(&joined, pump->tail, pump->tail_size);
    ut_append(&joined, message->data, message->size);
    const char *data = utstring_body(&joined);
    size_t size = utstring_len(&joined);
    pump->tail_size = pump->settings.messages ? 0 : utf8_unfinished(data, size);
    size -= pump->tail_size;
    memcpy(pump->tail, data + size, pump->tail_size);
    show(pump, data, size);
    utstring_done(&joined);
}

/* A stream waits for the reader of stdout; datagrams come all the same, and are counted. */
static void notice(struct observer *observer, const struct hub_event *event)
{
    struct pump *pump = container_of(observer, struct pump, observer);
    const struct message *message = &event->message;
    bool full = outlet_backlog(pump->outlet) >= BACKLOG_HIGH;
    if (full && pump->settings.datagrams)
        pump->dropped += message->size;
    else if (pump->settings.display)
        display(pump, message);
    else
        outlet_write(pump->outlet, message->data, message->size);
    if (outlet_backlog(pump->outlet) >= BACKLOG_HIGH)
        hold_all(pump->settings.hub, &pump->hold);
}

static void output_drained(void *context)
{
    struct pump *pump = CAST(pump, context);
    if (pump->closing)
        pump->hooks.written(pump->hooks.context);
    else
        hold_release(pump->settings.hub, &pump->hold);
}

static void output_broken(void *context)
{
    struct pump *pump = CAST(pump, context);
    pump->hooks.broken(pump->hooks.context);
}

/* --- life --- */

struct pump *pump_create(struct loop *loop, const struct pump_settings *settings,
                         const struct pump_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {.drained = output_drained,
                                                      .broken = output_broken};
    static const struct feed_ops ops = {.more = more_input, .over = line_over};
    struct pump *pump = mem_zalloc(sizeof *pump);
    CAST_INIT(pump, pump);
    pump->settings = *settings;
    pump->hooks = *hooks;
    pump->loop = loop;
    pump->newlines.eol = settings->eol;
    pump->outlet = outlet_create(loop, STDOUT_FILENO, &callbacks, pump);
    outlet_set_strict(pump->outlet);
    outlet_set_patience(pump->outlet, 0); /* all that it needs was given by pump_close */
    utstring_init(&pump->text);
    utstring_init(&pump->shown);
    pump_datagrams_init(pump);
    pump->observer = (struct observer){.notice = notice, .wants = OBSERVER_WANTS(HUB_MESSAGE)};
    audience_join(&settings->hub->audience, &pump->observer);
    pump->feed.ops = &ops;
    return pump;
}

void pump_start(struct pump *pump)
{
    static const struct inlet_callbacks callbacks = {.data = input, .end = input_end};
    pump->inlet = inlet_create(pump->loop, STDIN_FILENO, &callbacks, pump);
    pump_hold(pump, false);
}

void pump_hold(struct pump *pump, bool on)
{
    struct peer *peer = pump_peer(pump);
    pump->held = on;
    if (pump->settings.keys)
        keypress_set(&pump->keys, !on);
    if (pump->inlet)
        inlet_hold(pump->inlet, on || pump->waiting);
    if (pump->inlet && !on && peer && !feed_of(peer) && !pump->settings.messages)
        feed_start(pump->settings.hub, &pump->feed, peer);
}

void pump_close(struct pump *pump)
{
    pump_hold(pump, true);
    if (pump->tail_size > 0)
        show(pump, pump->tail, pump->tail_size);
    pump->tail_size = 0;
    pump->closing = true;
    outlet_close(pump->outlet);
}

void pump_losses(const struct pump *pump, struct losses *losses)
{
    uint64_t unread = pump->inlet ? inlet_unread(pump->inlet) : 0;
    losses->undelivered += pump->lost + pump_datagrams_left(pump) + unread;
    losses->at_least = !pump->input_ended;
    losses->datagrams = pump->failed > 0 ? pump->failed - 1 : 0; /* the first was told */
    losses->output = outlet_error(pump->outlet);
    losses->unwritten = pump->dropped + outlet_unwritten(pump->outlet);
}

void pump_destroy(struct pump *pump)
{
    if (!pump)
        return;
    keypress_set(&pump->keys, false);
    feed_stop(pump->settings.hub, &pump->feed);
    audience_leave(&pump->settings.hub->audience, &pump->observer);
    hold_release(pump->settings.hub, &pump->hold);
    inlet_destroy(pump->inlet);
    outlet_destroy(pump->outlet);
    pump_datagrams_finish(pump);
    utstring_done(&pump->text);
    utstring_done(&pump->shown);
    free(pump);
}
