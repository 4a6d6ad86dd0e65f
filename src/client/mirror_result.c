/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/mirror_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/fields.h"
#include "client/mirror.h"
#include "client/mirror_listener.h"
#include "client/mirror_peer.h"
#include "command/command.h"
#include "console/console.h"

/* The daemon tells its lists in pieces of RESULT_LIST_MAX; more than this is no answer of its.
 */
enum { RESULT_ENTRIES_MAX = 100000 };

/* What a result borrows while it is shown. */
struct parts {
    struct result result;
    struct cards cards; /* of the peers in items */
    int64_t now;
    struct link_description room;
    UT_array items;   /* of pointers: peers, listeners, commands */
    UT_array strings; /* malloc'ed */
};

typedef bool result_reader(struct mirror *mirror, const json_t *member, struct parts *parts);

static void show(struct mirror *mirror, const struct result *result)
{
    struct operator_session *session = &mirror->console->session;
    session->ops->result(session, result);
}

/* --- one reader for each kind of answer --- */

static void get_card(struct cards *cards, size_t index, struct card *card)
{
    struct parts *parts = container_of(cards, struct parts, cards);
    const struct peer *peer = *(struct peer **)utarray_eltptr(&parts->items, (unsigned)index);
    card_of_peer(card, peer, parts->now, &parts->room);
    if (peer->opened == MIRROR_SINCE_UNKNOWN)
        card->since = CARD_SINCE_UNKNOWN;
}

static void card_of(struct origin_card *card, const struct origin *origin)
{
    card_of_origin(card, origin);
    if (origin->profile.eol == EOL_UNSET || origin->profile.framing == FRAMING_UNSET)
        card->reply = NULL; /* the daemon did not tell */
}

static bool add_peer(struct mirror *mirror, const json_t *entry, struct parts *parts)
{
    struct peer *peer = mirror_peer_entry(mirror, entry);
    if (peer)
        utarray_push_back(&parts->items, &peer);
    return peer != NULL;
}

static bool read_peers(struct mirror *mirror, const json_t *member, struct parts *parts)
{
    if (parts->result.first)
        mirror->lists++;
    for (size_t i = 0; i < json_array_size(member); i++)
        if (!add_peer(mirror, json_array_get(member, i), parts))
            return false;
    if (!parts->result.more)
        mirror_peer_sweep(mirror, false);
    parts->now = mirror->time;
    parts->cards = (struct cards){.count = utarray_len(&parts->items), .get = get_card};
    parts->result.type = RESULT_PEERS;
    parts->result.peers = &parts->cards;
    return json_is_array(member);
}

static bool read_peer(struct mirror *mirror, const json_t *member, struct parts *parts)
{
    if (json_is_integer(member) && json_integer_value(member) > 0) {
        parts->result.type = RESULT_CALLED;
        parts->result.number = (uint64_t)json_integer_value(member);
        return true;
    }
    if (!json_is_object(member) || !add_peer(mirror, member, parts))
        return false;
    const struct peer *peer = *(struct peer **)utarray_front(&parts->items);
    parts->now = mirror->time;
    parts->result.type = RESULT_PEER;
    get_card(&parts->cards, 0, &parts->result.peer.card);
    card_of(&parts->result.peer.origin, peer->origin);
    return true;
}

static bool read_listeners(struct mirror *mirror, const json_t *member, struct parts *parts)
{
    struct result *result = &parts->result;
    struct origin_card *cards = mem_zalloc((json_array_size(member) + 1) * sizeof *cards);
    utarray_push_back(&parts->strings, &cards);
    for (size_t i = 0; i < json_array_size(member); i++) {
        struct listener *listener = mirror_listener_entry(mirror, json_array_get(member, i));
        if (!listener)
            return false;
        mirror_listener_complete(listener);
        card_of(&cards[i], &listener->origin);
    }
    result->type = RESULT_LISTENERS;
    result->listeners.items = cards;
    result->listeners.count = json_array_size(member);
    return json_is_array(member);
}

/* The daemon tells names and numbers; what they count is known here. */
static void explain(const struct stats_figure *known, unsigned count,
                    struct stats_figure *figure)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(known[i].name, figure->name) == 0)
            figure->help = known[i].help;
}

static bool read_stats(struct mirror *mirror, const json_t *member, struct parts *parts)
{
    struct stats_figure known[STATS_FIGURES_MAX];
    unsigned known_count = stats_collect(&mirror->hub, known), count = 0;
    struct stats_figure *figures = mem_zalloc((json_object_size(member) + 1) * sizeof *figures);
    struct result *result = &parts->result;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)member, key, value)
    {
        struct stats_figure figure = {.name = key, .help = key};
        if (strcmp(key, "start_time") == 0)
            continue;
        figure.word = fields_string(member, key);
        if (!figure.word && !fields_unsigned(member, key, &figure.value))
            continue;
        explain(known, known_count, &figure);
        figures[count++] = figure;
    }
    utarray_push_back(&parts->strings, &figures);
    result->type = RESULT_STATS;
    result->stats.figures = figures;
    result->stats.count = count;
    result->stats.started = fields_time(member, "start_time");
    return json_is_object(member) && result->stats.started != FIELDS_MISSING;
}

/* What help says is printed as it is. */
static const char *safe(struct parts *parts, const char *text, bool lines)
{
    UT_string out;
    utstring_init(&out);
    if (!text)
        text = "";
    if (lines)
        escape_text(&out, text, strlen(text));
    else
        escape_bytes(&out, text, strlen(text));
    char *copy = utstring_body(&out);
    utarray_push_back(&parts->strings, &copy);
    return copy;
}

static bool add_command(const json_t *entry, struct parts *parts)
{
    const char *name = fields_string(entry, "command");
    const char *help = fields_string(entry, "help");
    if (!name)
        return false;
    struct command *command = mem_zalloc(sizeof *command);
    utarray_push_back(&parts->items, &command);
    utarray_push_back(&parts->strings, &command);
    command->name = safe(parts, name, false);
    command->arguments = safe(parts, fields_string(entry, "arguments"), false);
    command->summary = safe(parts, fields_string(entry, "summary"), false);
    command->help = help ? safe(parts, help, true) : NULL;
    return true;
}

static bool read_help(struct mirror *mirror, const json_t *member, struct parts *parts)
{
    struct result *result = &parts->result;
    (void)mirror;
    for (size_t i = 0; i < json_array_size(member); i++)
        if (!add_command(json_array_get(member, i), parts))
            return false;
    result->type = RESULT_HELP;
    result->help.items = (const struct command *const *)utarray_front(&parts->items);
    result->help.count = utarray_len(&parts->items);
    return json_array_size(member) > 0;
}

static const struct {
    const char *field;
    result_reader *read;
} readers[] = {
    {"peers", read_peers}, {"peer", read_peer}, {"listeners", read_listeners},
    {"stats", read_stats}, {"help", read_help},
};

/* --- the whole --- */

static bool read_member(struct mirror *mirror, const json_t *event, struct parts *parts)
{
    parts->result.type = RESULT_DONE;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        const json_t *member = json_object_get(event, readers[i].field);
        if (member)
            return json_array_size(member) <= RESULT_ENTRIES_MAX &&
                   readers[i].read(mirror, member, parts);
    }
    return true;
}

static void tell(struct mirror *mirror, const json_t *event, struct parts *parts)
{
    struct mirror_answer answer = {.command = parts->result.command,
                                   .more = parts->result.more};
    fields_unsigned(event, "input", &answer.input);
    if (mirror->hooks.answer(mirror->hooks.context, &answer))
        show(mirror, &parts->result);
}

static void free_strings(UT_array *strings)
{
    for (unsigned i = 0; i < utarray_len(strings); i++)
        free(*(char **)utarray_eltptr(strings, i));
    utarray_done(strings);
}

bool mirror_result_take(struct mirror *mirror, const json_t *event)
{
    struct parts parts = {.result = {.command = fields_string(event, "command"),
                                     .note = fields_string(event, "note"),
                                     .more = fields_true(event, "more"),
                                     .first = !mirror->in_answer}};
    if (!parts.result.command)
        return false;
    utarray_init(&parts.items, &ut_ptr_icd);
    utarray_init(&parts.strings, &ut_ptr_icd);
    mirror->in_answer = parts.result.more;
    bool good = read_member(mirror, event, &parts);
    if (good)
        tell(mirror, event, &parts);
    utarray_done(&parts.items);
    free_strings(&parts.strings);
    return good;
}
