/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_result.h"

#include <inttypes.h>
#include <time.h>

#include "base/escape.h"
#include "console/console.h"
#include "console/text_fold.h"
#include "console/text_help.h"
#include "console/text_line.h"
#include "console/text_table.h"
#include "core/hub.h"
#include "core/responder.h"
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

static int64_t result_idle(const struct result *result, const struct peer *peer)
{
    return result->peers.now > peer->active ? result->peers.now - peer->active : 0;
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

static void peers_row(struct text_table *table, const struct result *result,
                      const struct peer *peer)
{
    struct link_description room;
    const struct where where = told_where(peer, &room);
    utstring_printf(&table->cell, "%c #%" PRIu64,
                    peer->number == result->peers.target ? '*' : ' ', peer->number);
    text_table_next(table);
    peers_text(table, peer->name ? peer->name : "-");
    peers_text(table, peer->link->ops->transport);
    text_remote(&table->cell, &where);
    text_table_next(table);
    if (peer->origin->listener)
        utstring_printf(&table->cell, "%u", peer->origin->listener->number);
    else
        utstring_printf(&table->cell, "-");
    text_table_next(table);
    peers_text(table, peer_state_name(peer->state));
    peers_number(table, peer->received);
    peers_number(table, peer_sent(peer));
    peers_number(table, peer_queued(peer));
    text_duration(&table->cell, result_idle(result, peer));
    text_table_next(table);
}

static void result_peers(struct console *console, const struct result *result)
{
    struct text_table table;
    if (result->peers.count == 0) {
        if (result->first)
            result_nothing(console, "nobody is on the line");
        return;
    }
    text_table_init(&table, peers_columns, PEERS_COLUMNS);
    for (size_t i = 0; i < result->peers.count; i++)
        peers_row(&table, result, result->peers.items[i]);
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

static void info_duration(UT_string *out, const char *label, int64_t duration)
{
    info_label(out, label);
    text_duration(out, duration);
    utstring_printf(out, "\n");
}

static void info_line(UT_string *out, const struct peer *peer)
{
    struct link_description room;
    const struct where where = told_where(peer, &room);
    info_text(out, "transport", where.transport);
    info_label(out, "remote");
    text_remote(out, &where);
    utstring_printf(out, "\n");
    info_text(out, "local", where.local);
}

static void info_origin(UT_string *out, const struct origin *origin)
{
    const struct profile *profile = &origin->profile;
    const struct who who = listener_who(origin->listener);
    info_label(out, "listener");
    if (origin->listener)
        text_listener(out, &who);
    else
        utstring_printf(out, "none: called from here");
    utstring_printf(out, "\n");
    if (profile->eol == EOL_UNSET ||
        profile->framing == FRAMING_UNSET) /* another process has it, and did not tell */
        return;
    info_text(out, "reply", profile->reply ? profile->reply->name : "none");
    info_text(out, "eol", eol_name(profile->eol));
    info_text(out, "framing", framing_name(profile->framing));
}

static void result_peer(struct console *console, const struct result *result)
{
    UT_string *out = &console->out;
    const struct peer *peer = result->peers.items[0];
    const struct who who = peer_who(peer);
    text_style(console, TEXT_STRONG);
    text_peer(out, &who);
    text_style_end(console);
    utstring_printf(out, peer->number == result->peers.target ? ", the target\n" : "\n");
    info_line(out, peer);
    info_origin(out, peer->origin);
    info_text(out, "state", peer_state_name(peer->state));
    info_bytes(out, "received", peer->received);
    info_bytes(out, "sent", peer_sent(peer));
    info_bytes(out, "queued", peer_queued(peer));
    if (peer->opened >= 0) /* else another process knows, and did not tell */
        info_duration(out, "since", result->peers.now - peer->opened);
    info_duration(out, "idle", result_idle(result, peer));
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

static void listeners_row(struct text_table *table, const struct listener *listener)
{
    const struct profile *profile = &listener->origin.profile;
    utstring_printf(&table->cell, "%u", listener->number);
    text_table_next(table);
    peers_text(table, listener->origin.text);
    peers_text(table, profile->name ? profile->name : "-");
    peers_text(table, profile->reply ? profile->reply->name : "none");
    peers_text(table, eol_name(profile->eol));
    peers_text(table, framing_name(profile->framing));
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
        listeners_row(&table, result->listeners.items[i]);
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
};

void text_result(struct console *console, const struct result *result)
{
    result_printers[result->type](console, result);
    if (result->type != RESULT_DONE)
        result_note(console, result);
}
