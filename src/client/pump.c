/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/pump.h"

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "console/inlet.h"
#include "console/lines.h"
#include "console/outlet.h"
#include "core/hub.h"
#include "transport/loop.h"

enum {
    QUEUE_HIGH = 256 << 10, /* bytes to the peer from which on stdin waits */
    BACKLOG_HIGH = 1 << 20, /* bytes to stdout from which on the peer waits */
    WHOLE_MAX = SEND_DATAGRAM_MAX
};
/* How long a datagram waits that the kernel has no room for. */
enum { RETRY_AFTER = 4000 /* microseconds */ };

struct pump {
    struct pump_settings settings;
    struct pump_hooks hooks;
    struct event_base *base;
    struct inlet *inlet; /* NULL before the start */
    struct outlet *outlet;
    struct observer observer;
    struct lines lines; /* of datagrams */
    UT_string datagram; /* being sent, or all of stdin */
    bool waiting;       /* it waits for room */
    bool held;          /* there is no line */
    bool ended;         /* stdin has */
    bool end_told;
    uint64_t line;
    struct event *retry;
    char tail[4]; /* of an unfinished character, for display */
    size_t tail_size;
    UT_string shown;
};

static struct peer *peer_of(const struct pump *pump)
{
    return hub_find(pump->settings.hub, 1);
}

static void tell_end(struct pump *pump)
{
    if (!pump->end_told)
        pump->hooks.end(pump->hooks.context);
    pump->end_told = true;
}

/* --- stdin to a stream --- */

static void send_stream(struct pump *pump, const char *data, size_t size)
{
    struct peer *peer = peer_of(pump);
    if (!peer || hub_send(pump->settings.hub, peer, data, size, 1, NULL) != SEND_OK)
        return; /* the line is closing: its close says how much was not sent */
    if (peer_queued(peer) >= QUEUE_HIGH)
        inlet_hold(pump->inlet, true);
}

static void drained(void *context, struct peer *peer)
{
    (void)peer;
    struct pump *pump = context;
    if (pump->inlet && !pump->waiting && !pump->held)
        inlet_hold(pump->inlet, false);
}

/* --- stdin to datagrams --- */

static void report_long_line(struct pump *pump)
{
    char *text = mem_printf("line %" PRIu64 " is too long: a datagram holds at most %d bytes",
                            pump->line, SEND_DATAGRAM_MAX);
    pump->hooks.error(pump->hooks.context, text);
    free(text);
}

/* Sends pump->datagram. Returns false where it has to wait for room. */
static bool send_datagram(struct pump *pump)
{
    struct peer *peer = peer_of(pump);
    int cause = 0;
    if (!peer)
        return true;
    enum send_status status = hub_send(pump->settings.hub, peer, utstring_body(&pump->datagram),
                                       utstring_len(&pump->datagram), 1, &cause);
    bool full = status == SEND_FAILED && (cause == EAGAIN || cause == ENOBUFS);
    if (status == SEND_TOO_LONG)
        report_long_line(pump);
    else if (status == SEND_FAILED && !full && cause != ECONNREFUSED) /* that closes the line */
        pump->hooks.error(pump->hooks.context, strerror(cause));
    pump->waiting = full;
    inlet_hold(pump->inlet, full);
    if (full)
        loop_arm(pump->retry, RETRY_AFTER);
    return !full;
}

/* Loads the next line into pump->datagram; false where there is none. */
static bool next_datagram(struct pump *pump)
{
    const char *line;
    size_t size;
    enum lines_result result = lines_next(&pump->lines, &line, &size);
    if (result == LINES_NONE && pump->ended)
        result = lines_last(&pump->lines, &line, &size);
    if (result == LINES_NONE)
        return false;
    pump->line++;
    utstring_clear(&pump->datagram);
    size_t eol_size;
    const char *eol = eol_bytes(pump->settings.eol, &eol_size);
    if (result == LINES_TOO_LONG) {
        report_long_line(pump);
        return next_datagram(pump);
    }
    ut_append(&pump->datagram, line, size);
    ut_append(&pump->datagram, eol, eol_size);
    return true;
}

static void send_lines(struct pump *pump)
{
    while (!pump->waiting && next_datagram(pump))
        send_datagram(pump);
    if (pump->ended && !pump->waiting)
        tell_end(pump);
}

static void retry_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct pump *pump = context;
    if (!send_datagram(pump))
        return;
    if (pump->settings.whole)
        tell_end(pump);
    else
        send_lines(pump);
}

static void collect_whole(struct pump *pump, const char *data, size_t size)
{
    size_t room = WHOLE_MAX + 1 - utstring_len(&pump->datagram);
    ut_append(&pump->datagram, data, size < room ? size : room);
}

static void send_whole(struct pump *pump)
{
    if (utstring_len(&pump->datagram) > WHOLE_MAX)
        pump->hooks.error(pump->hooks.context,
                          "the input is too long: a datagram holds at most 65507 bytes");
    else if (!send_datagram(pump))
        return;
    tell_end(pump);
}

/* --- stdin --- */

static void input(void *context, const char *data, size_t size)
{
    struct pump *pump = context;
    if (!pump->settings.datagrams) {
        send_stream(pump, data, size);
    } else if (pump->settings.whole) {
        collect_whole(pump, data, size);
    } else {
        lines_add(&pump->lines, data, size);
        send_lines(pump);
    }
}

static void input_end(void *context)
{
    struct pump *pump = context;
    pump->ended = true;
    if (!pump->settings.datagrams)
        tell_end(pump);
    else if (pump->settings.whole)
        send_whole(pump);
    else
        send_lines(pump);
}

/* --- the peer to stdout --- */

/* A character split between two reads is joined. */
static void display(struct pump *pump, const struct message *message)
{
    UT_string joined;
    utstring_init(&joined);
    ut_append(&joined, pump->tail, pump->tail_size);
    ut_append(&joined, message->data, message->size);
    const char *data = utstring_body(&joined);
    size_t size = utstring_len(&joined);
    pump->tail_size = pump->settings.datagrams ? 0 : utf8_unfinished(data, size);
    size -= pump->tail_size;
    memcpy(pump->tail, data + size, pump->tail_size);
    utstring_clear(&pump->shown);
    escape_text(&pump->shown, data, size);
    outlet_write(pump->outlet, utstring_body(&pump->shown), utstring_len(&pump->shown));
    utstring_done(&joined);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct pump *pump = (struct pump *)((char *)observer - offsetof(struct pump, observer));
    if (pump->settings.display)
        display(pump, &event->message);
    else
        outlet_write(pump->outlet, event->message.data, event->message.size);
    if (outlet_backlog(pump->outlet) >= BACKLOG_HIGH)
        hub_hold(pump->settings.hub, true);
}

static void output_drained(void *context)
{
    struct pump *pump = context;
    hub_hold(pump->settings.hub, false);
}

static void output_broken(void *context)
{
    struct pump *pump = context;
    pump->hooks.broken(pump->hooks.context);
}

/* --- life --- */

struct pump *pump_create(struct event_base *base, const struct pump_settings *settings,
                         const struct pump_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {.drained = output_drained,
                                                      .broken = output_broken};
    struct pump *pump = mem_zalloc(sizeof *pump);
    pump->settings = *settings;
    pump->hooks = *hooks;
    pump->base = base;
    pump->outlet = outlet_create(base, STDOUT_FILENO, &callbacks, pump);
    outlet_set_patience(pump->outlet, -1);
    lines_init(&pump->lines);
    utstring_init(&pump->datagram);
    utstring_init(&pump->shown);
    pump->retry = loop_event(base, -1, 0, retry_cb, pump, LOOP_OPERATOR);
    pump->observer = (struct observer){.notice = notice, .wants = OBSERVER_WANTS(HUB_MESSAGE)};
    hub_observe(settings->hub, &pump->observer);
    settings->hub->on_drained = drained;
    settings->hub->on_drained_context = pump;
    return pump;
}

void pump_start(struct pump *pump)
{
    static const struct inlet_callbacks callbacks = {.data = input, .end = input_end};
    pump->inlet = inlet_create(pump->base, STDIN_FILENO, &callbacks, pump);
}

void pump_hold(struct pump *pump, bool on)
{
    pump->held = on;
    if (pump->inlet)
        inlet_hold(pump->inlet, on || pump->waiting);
}

size_t pump_destroy(struct pump *pump)
{
    if (!pump)
        return 0;
    pump->settings.hub->on_drained = NULL;
    hub_unobserve(pump->settings.hub, &pump->observer);
    if (pump->tail_size > 0) {
        utstring_clear(&pump->shown);
        escape_text(&pump->shown, pump->tail, pump->tail_size);
        outlet_write(pump->outlet, utstring_body(&pump->shown), utstring_len(&pump->shown));
    }
    inlet_destroy(pump->inlet);
    size_t left = outlet_destroy(pump->outlet);
    lines_finish(&pump->lines);
    utstring_done(&pump->datagram);
    utstring_done(&pump->shown);
    event_free(pump->retry);
    free(pump);
    return left;
}
