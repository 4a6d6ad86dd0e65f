/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_result.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "command/operators.h"
#include "command/repeats.h"
#include "console/console.h"
#include "console/text_fold.h"
#include "console/text_help.h"
#include "console/text_info.h"
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

/* --- tables --- */

static void cell_number(struct text_table *table, uint64_t number)
{
    text_number(&table->cell, number);
    text_table_next(table);
}

static void cell_text(struct text_table *table, const char *text)
{
    text_safe(&table->cell, text);
    text_table_next(table);
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

/* A file that is on its way is what one wants to know of a line that is up. */
static void peers_state(struct text_table *table, const struct card *card)
{
    if (card->file.path && card->state != PEER_CLOSING)
        utstring_printf(&table->cell, "file %u %%", text_info_percent(&card->file));
    else
        utstring_printf(&table->cell, "%s", peer_state_name(card->state));
    text_table_next(table);
}

static void peers_row(struct text_table *table, const struct card *card, uint64_t target)
{
    const struct where *where = &card->where;
    utstring_printf(&table->cell, "%c ", card->peer.number == target ? '*' : ' ');
    text_peer_number(&table->cell, &card->peer);
    text_table_next(table);
    cell_text(table, card->peer.name ? card->peer.name : "-");
    cell_text(table, where->transport);
    text_remote(&table->cell, where);
    text_table_next(table);
    if (where->listener.number != 0)
        utstring_printf(&table->cell, "%" PRIu64, where->listener.number);
    else
        utstring_printf(&table->cell, "-");
    text_table_next(table);
    peers_state(table, card);
    cell_number(table, card->received);
    cell_number(table, card->sent);
    cell_number(table, card->queued);
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

static void result_faults(struct console *console, const struct result *result)
{
    struct card card;
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        text_peer(&console->out, &card.peer);
        utstring_printf(&console->out, ": ");
        text_info_fault(&console->out, &card.fault);
        utstring_printf(&console->out, "\n");
    }
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

/* As it can be typed. */
static void listeners_endpoint(struct text_table *table, const struct origin_card *card)
{
    text_safe(&table->cell, card->endpoint);
    if (card->to) {
        text_plain(&table->cell, strchr(card->endpoint, '?') ? "&to=" : "?to=");
        text_safe(&table->cell, card->to);
    }
    text_table_next(table);
}

static void listeners_row(struct text_table *table, const struct origin_card *card)
{
    utstring_printf(&table->cell, "%" PRIu64, card->listener.number);
    text_table_next(table);
    listeners_endpoint(table, card);
    cell_text(table, card->listener.name ? card->listener.name : "-");
    cell_text(table, card->reply);
    cell_text(table, card->eol);
    cell_text(table, card->framing);
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
        cell_number(&table, result->repeats.items[i].number);
        repeats_seconds(&table, result->repeats.items[i].period);
        cell_text(&table, result->repeats.items[i].line);
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
    cell_text(table, card->read_only ? "read" : "write");
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
            cell_text(&table, result->stats.figures[i].word);
        else
            cell_number(&table, result->stats.figures[i].value);
        cell_text(&table, result->stats.figures[i].help);
    }
    text_table_print(&table, &console->out, result_width(console), false);
    text_table_finish(&table);
}

/* Its note says all. */
static void result_line(struct console *console, const struct result *result)
{
    (void)console, (void)result;
}

typedef void result_printer(struct console *console, const struct result *result);

static result_printer *const result_printers[RESULT_TYPES] = {
    [RESULT_DONE] = result_note,
    [RESULT_PEERS] = result_peers,
    [RESULT_PEER] = text_info,
    [RESULT_CALLED] = result_called,
    [RESULT_LISTENERS] = result_listeners,
    [RESULT_STATS] = result_stats,
    [RESULT_HELP] = text_help,
    [RESULT_REPEATS] = result_repeats,
    [RESULT_CONSOLES] = result_consoles,
    [RESULT_LINE] = result_line,
    [RESULT_FAULTS] = result_faults,
};

void text_result(struct console *console, const struct result *result)
{
    result_printers[result->type](console, result);
    if (result->type != RESULT_DONE)
        result_note(console, result);
}
