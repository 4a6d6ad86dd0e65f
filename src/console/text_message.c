/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "command/command.h"
#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_entry.h"
#include "console/text_fold.h"
#include "console/text_group.h"
#include "console/text_line.h"
#include "console/text_partial.h"
#include "console/text_time.h"
#include "console/text_to.h"
#include "core/told.h"

enum { MESSAGE_GUTTER = 2 }; /* cells of "│ " */

void text_message_forget(struct console *console, uint64_t peer)
{
    text_partial_forget(console, peer);
    if (peer == 0)
        console->groups = (struct text_groups){0};
}

/* Who else sent it stands in the label, where no data can stand. */
static const char *message_tag(const struct console *console, const struct told *told,
                               char *room, size_t size)
{
    const struct message *message = &told->message;
    if (told->type == HUB_MESSAGE)
        return message->bad ? "(bad)" : message->partial ? "(partial)" : NULL;
    if (message->automatic)
        return "(auto)";
    if (message->console == console->session.console)
        return NULL;
    snprintf(room, size, "(console %u)", message->console);
    return room;
}

static struct text_entry message_begin(struct console *console, const struct told *told)
{
    char tag[32], group[TEXT_GROUP_LABEL], to[TEXT_TO_LABEL];
    const char *passed = text_to_label(console, told, to);
    const bool sent = told->type == HUB_SENT;
    struct text_entry entry = {.time = told->time,
                               .peer = &told->peer,
                               .label =
                                   passed ? passed : text_group_label(console, told, group),
                               .passed = passed != NULL,
                               .tag = message_tag(console, told, tag, sizeof tag),
                               .mark = passed ? TEXT_MARK_NONE
                                       : sent ? TEXT_MARK_SENT
                                              : TEXT_MARK_RECEIVED};
    text_entry_begin(console, &entry);
    text_time_message(console, told->time);
    entry.tag = NULL; /* their room ends here */
    entry.label = entry.label ? "" : NULL;
    return entry;
}

static void message_line_end(struct console *console)
{
    utstring_bincpy(&console->out, "\n", 1);
}

/* --- what is left out --- */

/* telex keeps no history. */
static bool message_can_be_shown(const struct console *console)
{
    return !command_is_client(console->session.commands);
}

/* A row that says how much of a message was left out, and how to see it. */
static void message_left_out(struct console *console, const struct text_entry *entry,
                             size_t left, size_t size)
{
    UT_string *out = &console->out;
    text_entry_below(console, entry);
    text_style(console, TEXT_NOTICE);
    text_count(out, left, "byte", "bytes");
    text_plain(out, " more of ");
    text_number(out, size);
    if (message_can_be_shown(console))
        utstring_printf(out, ": /show %" PRIu64 " 1", entry->peer->number);
    else if (console->session.view == VIEW_TEXT)
        text_plain(out, ": /view hex");
    text_style_end(console);
    message_line_end(console);
}

/* --- bytes --- */

static struct text_entry message_size_of(struct console *console, const struct told *told)
{
    const struct text_entry entry = message_begin(console, told);
    text_count(&console->out, told->message.size, "byte", "bytes");
    text_entry_end(console, &entry);
    return entry;
}

static void message_size(struct console *console, const struct told *told)
{
    message_size_of(console, told);
}

/* Where whole rows have no room below the words, they stand at the left. */
static void message_hex_rows(struct console *console, struct text_entry entry,
                             const struct told *told)
{
    const struct message *message = &told->message;
    UT_string gutter;
    const unsigned row = text_row_width(console->columns);
    if (row < entry.indent + MESSAGE_GUTTER + bytes_hexdump_width(4))
        entry.indent = 0;
    utstring_init(&gutter);
    text_entry_gutter(console, &entry, &gutter);
    const unsigned width = row - text_width(utstring_body(&gutter));
    const size_t rows = message_can_be_shown(console) ? TEXT_MESSAGE_ROWS : TEXT_HEX_ROWS;
    const size_t most = rows * bytes_hexdump_row(width);
    const size_t shown = told->whole || message->size < most ? message->size : most;
    bytes_hexdump(&console->out, utstring_body(&gutter), message->data, shown, width);
    utstring_done(&gutter);
    if (shown < message->size)
        message_left_out(console, &entry, message->size - shown, message->size);
}

static void message_hex(struct console *console, const struct told *told)
{
    const struct message *message = &told->message;
    const struct text_entry entry = message_size_of(console, told);
    if (console->columns > 0)
        message_hex_rows(console, entry, told);
    else
        bytes_hexdump(&console->out, "  ", message->data, message->size, 0);
}

/* --- text --- */

/* Whether a character that it cuts off may be continued by the next one: what is told again
 * stands for itself. */
static bool message_goes_on(const struct told *told)
{
    return told->type == HUB_MESSAGE && !told->datagram && !told->replayed;
}

/* As much of a message as can ever stand in its rows: a cell takes up to three characters. */
static size_t message_shown(const struct console *console, bool whole, const void *data,
                            size_t size)
{
    size_t most = (size_t)TEXT_MESSAGE_ROWS * console->columns * (1 + ESCAPE_MARKS) * 4;
    if (console->columns == 0 || whole || size <= most)
        return size;
    return most - utf8_unfinished(data, most);
}

/* Makes rows of an entry that shows size bytes. */
static void message_fold(struct console *console, const struct text_entry *entry, bool whole,
                         size_t size)
{
    const struct text_fold how = {
        .rows = whole ? 0 : TEXT_MESSAGE_ROWS,
        .message = true,
        .newline = console->colours != TEXT_COLOURS_NONE ? "\x1b[2m\\n" TEXT_COLOUR_END : NULL};
    UT_string *out = &console->out;
    const size_t prefix = entry->words - entry->start;
    char *words = mem_strdup(utstring_body(out) + entry->words);
    const size_t held = text_entry_fold(console, entry, how);
    const size_t shown = held > prefix ? escape_source(words, held - prefix) : 0;
    message_line_end(console);
    if (shown < size)
        message_left_out(console, entry, size - shown, size);
    free(words);
}

static void message_text_of(struct console *console, const struct told *told, const void *data,
                            size_t size)
{
    const struct text_entry entry = message_begin(console, told);
    escape_bytes(&console->out, data, message_shown(console, told->whole, data, size));
    if (console->columns > 0)
        message_fold(console, &entry, told->whole, size);
    else
        message_line_end(console);
}

static void message_text(struct console *console, const struct told *told)
{
    const struct message *message = &told->message;
    const bool goes_on = message_goes_on(told);
    struct text_partial *partial =
        goes_on ? text_partial_find(console, told->peer.number) : NULL;
    unsigned char *joined = partial ? text_partial_join(partial, message) : NULL;
    const unsigned char *data = joined ? joined : message->data;
    size_t size = message->size + (partial ? partial->size : 0);
    size_t rest = goes_on && size > 0 ? utf8_unfinished(data, size) : 0;
    if (size > rest || size == 0)
        message_text_of(console, told, data, size - rest);
    if (goes_on)
        text_partial_keep(console, told->peer.number, size > 0 ? data + size - rest : NULL,
                          rest);
    free(joined);
}

void text_message_rest(struct console *console, const struct told *told)
{
    struct text_partial *partial = text_partial_find(console, told->peer.number);
    if (!partial || told->replayed)
        return;
    const struct told rest = {.type = HUB_MESSAGE, .time = told->time, .peer = told->peer};
    message_text_of(console, &rest, partial->data, partial->size);
    text_partial_forget(console, told->peer.number);
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

/* Of one whose bytes are kept no more there is only the size. */
static enum view message_view_of(const struct console *console, const struct told *told)
{
    const enum view view =
        spells(console, told) ? VIEW_HEX : operator_view(&console->session, told);
    return view != VIEW_NONE && !told->message.data ? VIEW_SIZE : view;
}

void text_message(struct console *console, const struct told *told)
{
    if (text_group_is_shown(console, told))
        return;
    const enum view view = message_view_of(console, told);
    if (view != VIEW_TEXT && told->type == HUB_MESSAGE)
        text_message_rest(console, told);
    message_views[view](console, told);
}
