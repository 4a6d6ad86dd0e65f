/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "console/console.h"
#include "console/text_line.h"
#include "core/hub.h"

/*
 * The beginning of a character that the end of a read cut off, to stand before the peer's next
 * message. Bounded by the peers: forgotten when they close.
 */
struct partial_text {
    uint64_t peer;
    unsigned char data[4];
    size_t size;
    UT_hash_handle hh;
};

static struct partial_text *partial_find(const struct console *console, uint64_t peer)
{
    struct partial_text *partial = NULL;
    if (console->partials)
        HASH_FIND(hh, console->partials, &peer, sizeof peer, partial);
    return partial;
}

static void partial_drop(struct console *console, struct partial_text *partial)
{
    HASH_DEL(console->partials, partial);
    free(partial);
}

static void partial_keep(struct console *console, uint64_t peer, const void *data, size_t size)
{
    struct partial_text *partial = partial_find(console, peer);
    if (size == 0) {
        if (partial)
            partial_drop(console, partial);
        return;
    }
    if (!partial) {
        partial = mem_zalloc(sizeof *partial);
        partial->peer = peer;
        HASH_ADD(hh, console->partials, peer, sizeof partial->peer, partial);
    }
    memcpy(partial->data, data, size);
    partial->size = size;
}

void text_message_forget(struct console *console, uint64_t peer)
{
    struct partial_text *partial, *next;
    if (peer != 0) {
        partial_keep(console, peer, NULL, 0);
        return;
    }
    HASH_ITER(hh, console->partials, partial, next) {
        partial_drop(console, partial);
    }
}

/*
 * "10:27:05 #3 boiler > ": from the peer; "<": to it. Who else sent it stands before the mark,
 * where no data can stand.
 */
static void message_begin(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    const struct message *message = &event->message;
    bool received = event->type != HUB_SENT;
    text_time(console, event->time);
    text_style(console, received ? TEXT_RECEIVED : TEXT_SENT);
    text_peer(out, event->peer);
    if (event->type == HUB_MESSAGE && message->partial)
        text_plain(out, " (partial)");
    else if (event->type == HUB_SENT && message->automatic)
        text_plain(out, " (auto)");
    else if (event->type == HUB_SENT && message->console != console->session.console)
        utstring_printf(out, " (console %u)", message->console);
    text_plain(out, received ? " >" : " <");
    text_style_end(console);
}

static void message_line_end(struct console *console)
{
    utstring_bincpy(&console->out, "\n", 1);
}

/* How much of size bytes to show. */
static size_t message_shown(const struct console *console, size_t size, size_t most)
{
    return console->columns > 0 && size > most ? most : size;
}

static void message_cut(struct console *console, size_t size)
{
    text_style(console, TEXT_NOTICE);
    text_plain(&console->out, "… ");
    text_count(&console->out, size, "byte", "bytes");
    text_plain(&console->out, " in all");
    text_style_end(console);
}

static void message_size(struct console *console, const struct hub_event *event)
{
    message_begin(console, event);
    text_plain(&console->out, " ");
    text_count(&console->out, event->message.size, "byte", "bytes");
    message_line_end(console);
}

static void message_hex(struct console *console, const struct hub_event *event)
{
    size_t size = event->message.size;
    size_t shown = message_shown(console, size, TEXT_HEX_SHOWN);
    message_size(console, event);
    bytes_hexdump(&console->out, "    ", event->message.data, shown, 0);
    if (shown == size)
        return;
    text_plain(&console->out, "    ");
    message_cut(console, size);
    message_line_end(console);
}

/* The bytes that belong to a character of the next message of a stream. */
static size_t message_unfinished(const struct hub_event *event, const void *data, size_t size)
{
    if (event->type != HUB_MESSAGE || event->peer->link->ops->datagram || size == 0)
        return 0;
    return utf8_unfinished(data, size);
}

static void message_text_of(struct console *console, const struct hub_event *event,
                            const void *data, size_t size)
{
    size_t shown = message_shown(console, size, TEXT_MESSAGE_SHOWN);
    if (shown < size)
        shown -= utf8_unfinished(data, shown);
    message_begin(console, event);
    utstring_bincpy(&console->out, " ", 1);
    escape_bytes(&console->out, data, shown);
    if (shown < size)
        message_cut(console, event->message.size);
    message_line_end(console);
}

/* The kept beginning and the message as one piece; freed by the caller. */
static unsigned char *message_join(const struct partial_text *partial,
                                   const struct message *message)
{
    unsigned char *joined = mem_alloc(partial->size + message->size);
    memcpy(joined, partial->data, partial->size);
    memcpy(joined + partial->size, message->data, message->size);
    return joined;
}

static void message_text(struct console *console, const struct hub_event *event)
{
    const struct message *message = &event->message;
    struct partial_text *partial =
        event->type == HUB_MESSAGE ? partial_find(console, event->peer->number) : NULL;
    unsigned char *joined = partial ? message_join(partial, message) : NULL;
    const unsigned char *data = joined ? joined : message->data;
    size_t size = message->size + (partial ? partial->size : 0);
    size_t rest = message_unfinished(event, data, size);
    if (size > rest || size == 0)
        message_text_of(console, event, data, size - rest);
    if (event->type == HUB_MESSAGE)
        partial_keep(console, event->peer->number, size > 0 ? data + size - rest : NULL, rest);
    free(joined);
}

void text_message_rest(struct console *console, const struct hub_event *event)
{
    struct partial_text *partial = partial_find(console, event->peer->number);
    if (!partial)
        return;
    struct hub_event rest = {.type = HUB_MESSAGE, .time = event->time, .peer = event->peer};
    message_text_of(console, &rest, partial->data, partial->size);
    partial_drop(console, partial);
}

static void message_none(struct console *console, const struct hub_event *event)
{
    (void)console, (void)event;
}

typedef void message_view(struct console *console, const struct hub_event *event);

static message_view *const message_views[] = {
    [VIEW_TEXT] = message_text,
    [VIEW_HEX] = message_hex,
    [VIEW_SIZE] = message_size,
    [VIEW_NONE] = message_none,
};

void text_message(struct console *console, const struct hub_event *event)
{
    enum view view = console->session.view;
    if (view != VIEW_TEXT && event->type == HUB_MESSAGE)
        text_message_rest(console, event);
    message_views[view](console, event);
}
