/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/relay.h"

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

struct relay {
    struct relay_settings settings;
    struct relay_hooks hooks;
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

static struct peer *peer_of(const struct relay *relay)
{
    return hub_find(relay->settings.hub, 1);
}

static void tell_end(struct relay *relay)
{
    if (!relay->end_told)
        relay->hooks.end(relay->hooks.context);
    relay->end_told = true;
}

/* --- stdin to a stream --- */

static void send_stream(struct relay *relay, const char *data, size_t size)
{
    struct peer *peer = peer_of(relay);
    if (!peer || hub_send(relay->settings.hub, peer, data, size, 1, NULL) != SEND_OK)
        return; /* the line is closing: its close says how much was not sent */
    if (peer_queued(peer) >= QUEUE_HIGH)
        inlet_hold(relay->inlet, true);
}

static void drained(void *context, struct peer *peer)
{
    (void)peer;
    struct relay *relay = context;
    if (relay->inlet && !relay->waiting && !relay->held)
        inlet_hold(relay->inlet, false);
}

/* --- stdin to datagrams --- */

static void report_long_line(struct relay *relay)
{
    char *text = mem_printf("line %" PRIu64 " is too long: a datagram holds at most %d bytes",
                            relay->line, SEND_DATAGRAM_MAX);
    relay->hooks.error(relay->hooks.context, text);
    free(text);
}

/* Sends relay->datagram. Returns false where it has to wait for room. */
static bool send_datagram(struct relay *relay)
{
    struct peer *peer = peer_of(relay);
    int cause = 0;
    if (!peer)
        return true;
    enum send_status status =
        hub_send(relay->settings.hub, peer, utstring_body(&relay->datagram),
                 utstring_len(&relay->datagram), 1, &cause);
    bool full = status == SEND_FAILED && (cause == EAGAIN || cause == ENOBUFS);
    if (status == SEND_TOO_LONG)
        report_long_line(relay);
    else if (status == SEND_FAILED && !full && cause != ECONNREFUSED) /* that closes the line */
        relay->hooks.error(relay->hooks.context, strerror(cause));
    relay->waiting = full;
    inlet_hold(relay->inlet, full);
    if (full)
        loop_arm(relay->retry, RETRY_AFTER);
    return !full;
}

/* Loads the next line into relay->datagram; false where there is none. */
static bool next_datagram(struct relay *relay)
{
    const char *line;
    size_t size;
    enum lines_result result = lines_next(&relay->lines, &line, &size);
    if (result == LINES_NONE && relay->ended)
        result = lines_last(&relay->lines, &line, &size);
    if (result == LINES_NONE)
        return false;
    relay->line++;
    utstring_clear(&relay->datagram);
    size_t eol_size;
    const char *eol = eol_bytes(relay->settings.eol, &eol_size);
    if (result == LINES_TOO_LONG) {
        report_long_line(relay);
        return next_datagram(relay);
    }
    ut_append(&relay->datagram, line, size);
    ut_append(&relay->datagram, eol, eol_size);
    return true;
}

static void send_lines(struct relay *relay)
{
    while (!relay->waiting && next_datagram(relay))
        send_datagram(relay);
    if (relay->ended && !relay->waiting)
        tell_end(relay);
}

static void retry_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct relay *relay = context;
    if (!send_datagram(relay))
        return;
    if (relay->settings.whole)
        tell_end(relay);
    else
        send_lines(relay);
}

static void collect_whole(struct relay *relay, const char *data, size_t size)
{
    size_t room = WHOLE_MAX + 1 - utstring_len(&relay->datagram);
    ut_append(&relay->datagram, data, size < room ? size : room);
}

static void send_whole(struct relay *relay)
{
    if (utstring_len(&relay->datagram) > WHOLE_MAX)
        relay->hooks.error(relay->hooks.context,
                           "the input is too long: a datagram holds at most 65507 bytes");
    else if (!send_datagram(relay))
        return;
    tell_end(relay);
}

/* --- stdin --- */

static void input(void *context, const char *data, size_t size)
{
    struct relay *relay = context;
    if (!relay->settings.datagrams) {
        send_stream(relay, data, size);
    } else if (relay->settings.whole) {
        collect_whole(relay, data, size);
    } else {
        lines_add(&relay->lines, data, size);
        send_lines(relay);
    }
}

static void input_end(void *context)
{
    struct relay *relay = context;
    relay->ended = true;
    if (!relay->settings.datagrams)
        tell_end(relay);
    else if (relay->settings.whole)
        send_whole(relay);
    else
        send_lines(relay);
}

/* --- the peer to stdout --- */

/* A character split between two reads is joined. */
static void display(struct relay *relay, const struct message *message)
{
    UT_string joined;
    utstring_init(&joined);
    ut_append(&joined, relay->tail, relay->tail_size);
    ut_append(&joined, message->data, message->size);
    const char *data = utstring_body(&joined);
    size_t size = utstring_len(&joined);
    relay->tail_size = relay->settings.datagrams ? 0 : utf8_unfinished(data, size);
    size -= relay->tail_size;
    memcpy(relay->tail, data + size, relay->tail_size);
    utstring_clear(&relay->shown);
    escape_text(&relay->shown, data, size);
    outlet_write(relay->outlet, utstring_body(&relay->shown), utstring_len(&relay->shown));
    utstring_done(&joined);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct relay *relay = (struct relay *)((char *)observer - offsetof(struct relay, observer));
    if (relay->settings.display)
        display(relay, &event->message);
    else
        outlet_write(relay->outlet, event->message.data, event->message.size);
    if (outlet_backlog(relay->outlet) >= BACKLOG_HIGH)
        hub_hold(relay->settings.hub, true);
}

static void output_drained(void *context)
{
    struct relay *relay = context;
    hub_hold(relay->settings.hub, false);
}

static void output_broken(void *context)
{
    struct relay *relay = context;
    relay->hooks.broken(relay->hooks.context);
}

/* --- life --- */

struct relay *relay_create(struct event_base *base, const struct relay_settings *settings,
                           const struct relay_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {.drained = output_drained,
                                                      .broken = output_broken};
    struct relay *relay = mem_zalloc(sizeof *relay);
    relay->settings = *settings;
    relay->hooks = *hooks;
    relay->base = base;
    relay->outlet = outlet_create(base, STDOUT_FILENO, &callbacks, relay);
    outlet_set_patience(relay->outlet, -1);
    lines_init(&relay->lines);
    utstring_init(&relay->datagram);
    utstring_init(&relay->shown);
    relay->retry = loop_event(base, -1, 0, retry_cb, relay, LOOP_OPERATOR);
    relay->observer = (struct observer){.notice = notice, .wants = OBSERVER_WANTS(HUB_MESSAGE)};
    hub_observe(settings->hub, &relay->observer);
    settings->hub->on_drained = drained;
    settings->hub->on_drained_context = relay;
    return relay;
}

void relay_start(struct relay *relay)
{
    static const struct inlet_callbacks callbacks = {.data = input, .end = input_end};
    relay->inlet = inlet_create(relay->base, STDIN_FILENO, &callbacks, relay);
}

void relay_hold(struct relay *relay, bool on)
{
    relay->held = on;
    if (relay->inlet)
        inlet_hold(relay->inlet, on || relay->waiting);
}

size_t relay_destroy(struct relay *relay)
{
    if (!relay)
        return 0;
    relay->settings.hub->on_drained = NULL;
    hub_unobserve(relay->settings.hub, &relay->observer);
    if (relay->tail_size > 0) {
        utstring_clear(&relay->shown);
        escape_text(&relay->shown, relay->tail, relay->tail_size);
        outlet_write(relay->outlet, utstring_body(&relay->shown), utstring_len(&relay->shown));
    }
    inlet_destroy(relay->inlet);
    size_t left = outlet_destroy(relay->outlet);
    lines_finish(&relay->lines);
    utstring_done(&relay->datagram);
    utstring_done(&relay->shown);
    event_free(relay->retry);
    free(relay);
    return left;
}
