/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_result.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/escape.h"
#include "command/operators.h"
#include "command/repeats.h"
#include "console/console.h"
#include "console/text_fold.h"
#include "console/text_help.h"
#include "console/text_line.h"
#include "console/text_table.h"
#include "core/told.h"

/* Where the console is no terminal. */
enum { RESULT_WIDTH = 120 };

static unsigned result_width(const struct console *console)
{
    return console->columns > 0 ? text_row_width(console->columns) : RESULT_WIDTH;
}

static void result_note(struct console *console, const struct result *result)
{
    if (!result->note)
        return;
    escape_message(&console->out, result->note);
    utstring_bincpy(&console->out, "\n", 1);
}

static void result_nothing(struct console *console, const char *what)
{
    utstring_printf(&console->out, "%s\n", what);
}

enum { PEERS_COLUMNS = 10 };

/* Short words: a row has to fit 80 columns. ON is the listener, IN and OUT are bytes. */
static const struct text_column peers_columns[PEERS_COLUMNS] = {
    {"  PEER", false, TEXT_WHOLE, NULL, 0}, {"NAME", false, TEXT_CUT_END, "-", 1},
    {"LINE", false, TEXT_WHOLE, NULL, 3},   {"REMOTE", false, TEXT_CUT_MIDDLE, NULL, 0},
    {"ON", true, TEXT_WHOLE, "-", 2},       {"STATE", false, TEXT_WHOLE, NULL, 4},
    {"IN", true, TEXT_WHOLE, "0", 6},       {"OUT", true, TEXT_WHOLE, "0", 5},
    {"QUEUE", true, TEXT_WHOLE, "0", 7},    {"IDLE", true, TEXT_WHOLE, NULL, 8},
};

static void peers_number(struct text_table *table, uint64_t number)
{
    text_number(&table->cell, number);
    text_table_next(table);
}

static void peers_text(struct text_table *table, const char *text)
{
    text_safe(&table->cell, text);
    text_table_next(table);
}

static unsigned percent(const struct transfer_progress *file)
{
    return file->size > 0 ? (unsigned)((double)file->bytes * 100 / (double)file->size) : 0;
}

/* A file that is on its way is what one wants to know of a line that is up. */
static void peers_state(struct text_table *table, const struct card *card)
{
    if (card->file.path && card->state != PEER_CLOSING)
        utstring_printf(&table->cell, "file %u %%", percent(&card->file));
    else
        utstring_printf(&table->cell, "%s", peer_state_name(card->state));
    text_table_next(table);
}

static void peers_row(struct text_table *table, const struct card *card, uint64_t target)
{
    const struct where *where = &card->where;
    utstring_printf(&table->cell, "%c #%" PRIu64, card->peer.number == target ? '*' : ' ',
                    card->peer.number);
    text_table_next(table);
    peers_text(table, card->peer.name ? card->peer.name : "-");
    peers_text(table, where->transport);
    text_remote(&table->cell, where);
    text_table_next(table);
    if (where->listener.number != 0)
        utstring_printf(&table->cell, "%" PRIu64, where->listener.number);
    else
        utstring_printf(&table->cell, "-");
    text_table_next(table);
    peers_state(table, card);
    peers_number(table, card->received);
    peers_number(table, card->sent);
    peers_number(table, card->queued);
    text_duration(&table->cell, card->idle);
    text_table_next(table);
}

static void result_peers(struct console *console, const struct result *result)
{
    struct text_table table;
    struct card card;
    if (result->peers->count == 0) {
        if (result->first && !result->note) /* which else says what there is none of */
            result_nothing(console, "nobody is on the line");
        return;
    }
    text_table_init(&table, peers_columns, PEERS_COLUMNS);
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        peers_row(&table, &card, console->session.target);
    }
    text_table_print(&table, &console->out, result_width(console), result->first);
    text_table_finish(&table);
}

/* "  remote      " */
static void info_label(UT_string *out, const char *label)
{
    utstring_printf(out, "  %-12s", label);
}

static void info_text(UT_string *out, const char *label, const char *text)
{
    info_label(out, label);
    text_safe(out, text);
    utstring_printf(out, "\n");
}

static void info_bytes(UT_string *out, const char *label, uint64_t bytes)
{
    info_label(out, label);
    text_count(out, bytes, "byte", "bytes");
    utstring_printf(out, "\n");
}

static void info_file(UT_string *out, const struct transfer_progress *file)
{
    info_label(out, "file");
    text_safe(out, file->path);
    utstring_printf(out, ": ");
    text_number(out, file->bytes);
    utstring_printf(out, " of ");
    text_count(out, file->size, "byte", "bytes");
    utstring_printf(out, " (%u %%)\n", percent(file));
}

static void info_duration(UT_string *out, const char *label, int64_t duration)
{
    info_label(out, label);
    text_duration(out, duration);
    utstring_printf(out, "\n");
}

static void info_where(UT_string *out, const struct where *where)
{
    info_text(out, "transport", where->transport);
    info_label(out, "remote");
    text_remote(out, where);
    utstring_printf(out, "\n");
    info_text(out, "local", where->local);
}

static void info_origin(UT_string *out, const struct origin_card *origin)
{
    info_label(out, "listener");
    if (origin->listener.number != 0)
        text_listener(out, &origin->listener);
    else
        utstring_printf(out, "none: called from here");
    utstring_printf(out, "\n");
    if (origin->reply)
        info_text(out, "reply", origin->reply);
    if (origin->eol)
        info_text(out, "eol", origin->eol);
    if (origin->framing)
        info_text(out, "framing", origin->framing);
}

/* How this console shows its messages, where not as all others. */
static void info_view(struct console *console, const struct card *card)
{
    const struct told told = {
        .type = HUB_MESSAGE, .peer = card->peer, .listener = card->where.listener};
    const enum view view = operator_view(&console->session, &told);
    if (view != console->session.view)
        info_text(&console->out, "view", view_name(view));
}

static void result_peer(struct console *console, const struct result *result)
{
    UT_string *out = &console->out;
    const struct card *card = &result->peer.card;
    const bool target = card->peer.number == console->session.target;
    text_style(console, TEXT_STRONG);
    text_peer(out, &card->peer);
    text_style_end(console);
    utstring_printf(out, target ? ", the target\n" : "\n");
    info_where(out, &card->where);
    info_origin(out, &result->peer.origin);
    info_view(console, card);
    info_text(out, "state", peer_state_name(card->state));
    info_bytes(out, "received", card->received);
    info_bytes(out, "sent", card->sent);
    info_bytes(out, "queued", card->queued);
    if (card->file.path)
        info_file(out, &card->file);
    if (card->since >= 0)
        info_duration(out, "since", card->since);
    info_duration(out, "idle", card->idle);
}

static void result_called(struct console *console, const struct result *result)
{
    utstring_printf(&console->out, "calling as #%" PRIu64 "\n", result->number);
}

enum { LISTENERS_COLUMNS = 6 };

static const struct text_column listeners_columns[LISTENERS_COLUMNS] = {
    {"LISTENER", true, TEXT_WHOLE, NULL, 0}, {"ENDPOINT", false, TEXT_CUT_MIDDLE, NULL, 0},
    {"NAME", false, TEXT_CUT_END, "-", 1},   {"REPLY", false, TEXT_WHOLE, "none", 2},
    {"EOL", false, TEXT_WHOLE, NULL, 4},     {"FRAMING", false, TEXT_WHOLE, "raw", 3},
};

static void listeners_row(struct text_table *table, const struct origin_card *card)
{
    utstring_printf(&table->cell, "%" PRIu64, card->listener.number);
    text_table_next(table);
    peers_text(table, card->endpoint);
    peers_text(table, card->listener.name ? card->listener.name : "-");
    peers_text(table, card->reply);
    peers_text(table, card->eol);
    peers_text(table, card->framing);
}

static void result_listeners(struct console *console, const struct result *result)
{
    struct text_table table;
    if (result->listeners.count == 0) {
        if (result->first)
            result_nothing(console, "nothing is listened on");
        return;
    }
    text_table_init(&table, listeners_columns, LISTENERS_COLUMNS);
    for (size_t i = 0; i < result->listeners.count; i++)
        listeners_row(&table, &result->listeners.items[i]);
    text_table_print(&table, &console->out, result_width(console), result->first);
    text_table_finish(&table);
}

enum { REPEATS_COLUMNS = 3 };

static const struct text_column repeats_columns[REPEATS_COLUMNS] = {
    {"EVERY", true, TEXT_WHOLE, NULL, 0},
    {"SECONDS", true, TEXT_WHOLE, NULL, 0},
    {"LINE", false, TEXT_CUT_END, NULL, 0}};

/* As they were typed: "2", "0.5". */
static void repeats_seconds(struct text_table *table, int64_t period)
{
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%.6f", (double)period / 1e6);
    while (digits[size - 1] == '0')
        size--;
    size -= digits[size - 1] == '.';
    utstring_bincpy(&table->cell, digits, (size_t)size);
    text_table_next(table);
}

static void result_repeats(struct console *console, const struct result *result)
{
    struct text_table table;
    if (result->repeats.count == 0) {
        result_nothing(console, "nothing is typed again and again: see /help every");
        return;
    }
    text_table_init(&table, repeats_columns, REPEATS_COLUMNS);
    for (size_t i = 0; i < result->repeats.count; i++) {
        peers_number(&table, result->repeats.items[i].number);
        repeats_seconds(&table, result->repeats.items[i].period);
        peers_text(&table, result->repeats.items[i].line);
    }
    text_table_print(&table, &console->out, result_width(console), true);
    text_table_finish(&table);
}

enum { CONSOLES_COLUMNS = 4 };

static const struct text_column consoles_columns[CONSOLES_COLUMNS] = {
    {"  CONSOLE", false, TEXT_WHOLE, NULL, 0},
    {"UID", true, TEXT_WHOLE, NULL, 2},
    {"ACCESS", false, TEXT_WHOLE, NULL, 1},
    {"TARGET", false, TEXT_CUT_END, NULL, 0}};

static void consoles_row(struct console *console, struct text_table *table,
                         const struct console_card *card)
{
    const struct directory *directory = console->directory;
    utstring_printf(&table->cell, "%c %u",
                    card->console == console->session.console ? '*' : ' ', card->console);
    text_table_next(table);
    utstring_printf(&table->cell, "%u", (unsigned)card->uid);
    text_table_next(table);
    peers_text(table, card->read_only ? "read" : "write");
    if (card->target != 0) {
        const struct who who = directory->find(directory, card->target);
        text_peer(&table->cell, &who);
    } else {
        utstring_printf(&table->cell, "-");
    }
    text_table_next(table);
}

static void result_consoles(struct console *console, const struct result *result)
{
    struct text_table table;
    text_table_init(&table, consoles_columns, CONSOLES_COLUMNS);
    for (size_t i = 0; i < result->consoles.count; i++)
        consoles_row(console, &table, &result->consoles.items[i]);
    text_table_print(&table, &console->out, result_width(console), result->first);
    text_table_finish(&table);
}

enum { STATS_COLUMNS = 2 };

static const struct text_column stats_columns[STATS_COLUMNS] = {
    {"", true, TEXT_WHOLE, NULL, 0}, {"", false, TEXT_WHOLE, NULL, 0}};

static void result_stats(struct console *console, const struct result *result)
{
    time_t started = (time_t)(result->stats.started / 1000000);
    struct text_table table;
    struct tm local;
    char text[32];
    localtime_r(&started, &local);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    utstring_printf(&console->out, "since %s\n", text);
    text_table_init(&table, stats_columns, STATS_COLUMNS);
    for (unsigned i = 0; i < result->stats.count; i++) {
        if (result->stats.figures[i].word)
            peers_text(&table, result->stats.figures[i].word);
        else
            peers_number(&table, result->stats.figures[i].value);
        peers_text(&table, result->stats.figures[i].help);
    }
    text_table_print(&table, &console->out, result_width(console), false);
    text_table_finish(&table);
}

typedef void result_printer(struct console *console, const struct result *result);

static result_printer *const result_printers[RESULT_TYPES] = {
    [RESULT_DONE] = result_note,
    [RESULT_PEERS] = result_peers,
    [RESULT_PEER] = result_peer,
    [RESULT_CALLED] = result_called,
    [RESULT_LISTENERS] = result_listeners,
    [RESULT_STATS] = result_stats,
    [RESULT_HELP] = text_help,
    [RESULT_REPEATS] = result_repeats,
    [RESULT_CONSOLES] = result_consoles,
};

void text_result(struct console *console, const struct result *result)
{
    result_printers[result->type](console, result);
    if (result->type != RESULT_DONE)
        result_note(console, result);
}
