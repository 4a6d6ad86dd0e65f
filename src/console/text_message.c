/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "command/command.h"
#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_fold.h"
#include "console/text_line.h"
#include "core/told.h"

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
static void message_begin(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const struct message *message = &told->message;
    bool received = told->type != HUB_SENT;
    text_time(console, told->time);
    text_style(console, received ? TEXT_RECEIVED : TEXT_SENT);
    text_peer(out, &told->peer);
    if (told->type == HUB_MESSAGE && message->partial)
        text_plain(out, " (partial)");
    else if (told->type == HUB_SENT && message->automatic)
        text_plain(out, " (auto)");
    else if (told->type == HUB_SENT && message->console != console->session.console)
        utstring_printf(out, " (console %u)", message->console);
    text_plain(out, received ? " >" : " <");
    text_style_end(console);
}

static void message_line_end(struct console *console)
{
    utstring_bincpy(&console->out, "\n", 1);
}

/* The bytes that hex rows on this terminal hold. */
static size_t message_hex_most(const struct console *console)
{
    unsigned width = text_row_width(console->columns);
    return TEXT_HEX_ROWS *
           (size_t)bytes_hexdump_row(width - text_width(text_gutter(console->columns)));
}

/* A row that says how much of a message was left out, and how to see more of the next ones. */
static void message_left_out(struct console *console, size_t left, size_t size)
{
    UT_string *out = &console->out;
    text_plain(out, text_gutter(console->columns));
    text_style(console, TEXT_NOTICE);
    text_plain(out, "… ");
    text_count(out, left, "byte", "bytes");
    text_plain(out, " more, ");
    text_number(out, size);
    text_plain(out, " in all");
    if (size - left < message_hex_most(console)) {
        text_plain(out, "; /view hex shows ");
        text_number(out, message_hex_most(console));
    }
    text_style_end(console);
    message_line_end(console);
}

static void message_size(struct console *console, const struct told *told)
{
    message_begin(console, told);
    text_plain(&console->out, " ");
    text_count(&console->out, told->message.size, "byte", "bytes");
    message_line_end(console);
}

static void message_hex(struct console *console, const struct told *told)
{
    const struct message *message = &told->message;
    message_size(console, told);
    if (console->columns == 0) {
        bytes_hexdump(&console->out, "    ", message->data, message->size, 0);
        return;
    }
    const char *gutter = text_gutter(console->columns);
    size_t most = message_hex_most(console);
    size_t shown = message->size < most ? message->size : most;
    bytes_hexdump(&console->out, gutter, message->data, shown,
                  text_row_width(console->columns) - text_width(gutter));
    if (shown < message->size)
        message_left_out(console, message->size - shown, message->size);
}

/* The bytes that belong to a character of the next message of a stream. */
static size_t message_unfinished(const struct told *told, const void *data, size_t size)
{
    if (told->type != HUB_MESSAGE || told->datagram || size == 0)
        return 0;
    return utf8_unfinished(data, size);
}

/* As much of a message as can ever stand in its rows: a cell takes up to three characters. */
static size_t message_shown(const struct console *console, const void *data, size_t size)
{
    size_t most = (size_t)TEXT_MESSAGE_ROWS * console->columns * (1 + ESCAPE_MARKS) * 4;
    if (console->columns == 0 || size <= most)
        return size;
    return most - utf8_unfinished(data, most);
}

/* Folds the line that stands in out from start on; behind prefix it shows size bytes. */
static void message_fold(struct console *console, size_t start, size_t prefix, size_t size)
{
    const struct text_fold how = {
        .columns = console->columns, .rows = TEXT_MESSAGE_ROWS, .message = true};
    UT_string *out = &console->out;
    size_t length = utstring_len(out) - start;
    char *line = mem_dup(utstring_body(out) + start, length);
    out->i = start;
    size_t held = text_fold(out, line, length, &how);
    size_t shown = held > prefix ? escape_source(line + prefix, held - prefix) : 0;
    message_line_end(console);
    if (shown < size)
        message_left_out(console, size - shown, size);
    free(line);
}

static void message_text_of(struct console *console, const struct told *told, const void *data,
                            size_t size)
{
    UT_string *out = &console->out;
    size_t start = utstring_len(out);
    message_begin(console, told);
    text_plain(out, " ");
    size_t prefix = utstring_len(out) - start;
    escape_bytes(out, data, message_shown(console, data, size));
    if (console->columns > 0)
        message_fold(console, start, prefix, size);
    else
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

static void message_text(struct console *console, const struct told *told)
{
    const struct message *message = &told->message;
    struct partial_text *partial =
        told->type == HUB_MESSAGE ? partial_find(console, told->peer.number) : NULL;
    unsigned char *joined = partial ? message_join(partial, message) : NULL;
    const unsigned char *data = joined ? joined : message->data;
    size_t size = message->size + (partial ? partial->size : 0);
    size_t rest = message_unfinished(told, data, size);
    if (size > rest || size == 0)
        message_text_of(console, told, data, size - rest);
    if (told->type == HUB_MESSAGE)
        partial_keep(console, told->peer.number, size > 0 ? data + size - rest : NULL, rest);
    free(joined);
}

void text_message_rest(struct console *console, const struct told *told)
{
    struct partial_text *partial = partial_find(console, told->peer.number);
    if (!partial)
        return;
    const struct told rest = {.type = HUB_MESSAGE, .time = told->time, .peer = told->peer};
    message_text_of(console, &rest, partial->data, partial->size);
    partial_drop(console, partial);
}

static void message_none(struct console *console, const struct told *told)
{
    (void)console, (void)told;
}

typedef void message_view(struct console *console, const struct told *told);

static message_view *const message_views[] = {
    [VIEW_TEXT] = message_text,
    [VIEW_HEX] = message_hex,
    [VIEW_SIZE] = message_size,
    [VIEW_NONE] = message_none,
};

/* Who has spelled out bytes wants to see bytes. */
static bool spells(const struct console *console, const struct told *told)
{
    const struct operator_session *session = &console->session;
    return told->type == HUB_SENT && !told->message.automatic && told->message.data &&
           told->message.console == session->console && session->running &&
           session->running->hex;
}

void text_message(struct console *console, const struct told *told)
{
    const enum view view =
        spells(console, told) ? VIEW_HEX : operator_view(&console->session, told);
    if (view != VIEW_TEXT && told->type == HUB_MESSAGE)
        text_message_rest(console, told);
    message_views[view](console, told);
}
