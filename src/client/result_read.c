/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/result_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/known.h"
#include "client/told_read.h"
#include "command/command.h"
#include "command/operators.h"
#include "command/repeats.h"

/* Lists are told in pieces of RESULT_LIST_MAX; more than this is no answer of a daemon's. */
enum { ENTRIES_MAX = 100000 };

/* Takes the member that holds an answer; false where it is of another shape. */
typedef bool member_reader(struct result_read *read, const json_t *member);

static void *keep(struct result_read *read, void *memory)
{
    utarray_push_back(&read->memory, &memory);
    return memory;
}

static void get_card(struct cards *cards, size_t index, struct card *card)
{
    const struct result_read *read = container_of(cards, struct result_read, cards);
    told_read_card(card, json_array_get(read->peers, index));
    known_complete(read->known, card, read->time);
}

static bool read_peers(struct result_read *read, const json_t *member)
{
    struct card card;
    for (size_t i = 0; i < json_array_size(member); i++)
        if (!told_read_card(&card, json_array_get(member, i)))
            return false;
    read->peers = member;
    read->cards = (struct cards){.count = json_array_size(member), .get = get_card};
    const bool faults = strcmp(read->result.command, "fault") == 0;
    read->result.type = faults ? RESULT_FAULTS : RESULT_PEERS;
    read->result.peers = &read->cards;
    return json_is_array(member);
}

static bool read_peer(struct result_read *read, const json_t *member)
{
    if (json_is_integer(member)) {
        read->result.type = RESULT_CALLED;
        read->result.number = (uint64_t)json_integer_value(member);
        return json_integer_value(member) > 0;
    }
    struct card *card = &read->result.peer.card;
    read->result.type = RESULT_PEER;
    if (!told_read_card(card, member))
        return false;
    known_complete(read->known, card, read->time);
    read->result.peer.origin = known_origin(read->known, card->where.listener.number);
    card_fill_origin(&read->result.peer.origin, card);
    return true;
}

static bool read_listeners(struct result_read *read, const json_t *member)
{
    const size_t count = json_array_size(member);
    struct origin_card *cards = keep(read, mem_zalloc((count + 1) * sizeof *cards));
    for (size_t i = 0; i < count; i++)
        if (!told_read_origin(&cards[i], json_array_get(member, i)))
            return false;
    read->result.type = RESULT_LISTENERS;
    read->result.listeners.items = cards;
    read->result.listeners.count = count;
    return json_is_array(member);
}

static bool read_figure(struct stats_figure *figure, const json_t *member, const char *key)
{
    const char *help = stats_help(key); /* names and numbers are told, what they count is not */
    *figure = (struct stats_figure){
        .name = key, .help = help ? help : key, .word = fields_string(member, key)};
    return strcmp(key, "start_time") != 0 &&
           (figure->word || fields_unsigned(member, key, &figure->value));
}

static bool read_stats(struct result_read *read, const json_t *member)
{
    struct result *result = &read->result;
    struct stats_figure *figures =
        keep(read, mem_zalloc((json_object_size(member) + 1) * sizeof *figures));
    const char *key;
    json_t *value;
    result->type = RESULT_STATS;
    result->stats.figures = figures;
    result->stats.count = 0;
    result->stats.started = fields_time(member, "start_time");
    json_object_foreach((json_t *)member, key, value) result->stats.count +=
        read_figure(&figures[result->stats.count], member, key);
    return result->stats.started != FIELDS_MISSING;
}

/* What help says is printed as it is. */
static const char *safe(struct result_read *read, const char *text, bool lines)
{
    UT_string out;
    utstring_init(&out);
    if (text && lines)
        escape_text(&out, text, strlen(text));
    else if (text)
        escape_bytes(&out, text, strlen(text));
    return keep(read, utstring_body(&out));
}

static bool add_command(struct result_read *read, const json_t *entry)
{
    const char *name = fields_string(entry, "command");
    const char *help = fields_string(entry, "help");
    if (!name)
        return false;
    struct command *command = keep(read, mem_zalloc(sizeof *command));
    utarray_push_back(&read->commands, &command);
    command->name = safe(read, name, false);
    command->arguments = safe(read, fields_string(entry, "arguments"), false);
    command->summary = safe(read, fields_string(entry, "summary"), false);
    command->help = help ? safe(read, help, true) : NULL;
    return true;
}

static bool read_help(struct result_read *read, const json_t *member)
{
    struct result *result = &read->result;
    for (size_t i = 0; i < json_array_size(member); i++)
        if (!add_command(read, json_array_get(member, i)))
            return false;
    result->type = RESULT_HELP;
    result->help.items = (const struct command *const *)utarray_front(&read->commands);
    result->help.count = utarray_len(&read->commands);
    return json_array_size(member) > 0;
}

static bool read_repeat(struct repeat_card *card, const json_t *entry)
{
    uint64_t number = 0;
    const int64_t period = fields_seconds(entry, "seconds");
    const char *line = fields_string(entry, "line");
    if (!fields_unsigned(entry, "every", &number) || period == FIELDS_MISSING || !line)
        return false;
    *card = (struct repeat_card){
        .number = (unsigned)number, .period = period, .line = line, .size = strlen(line)};
    return true;
}

/* A number is that of a line that was typed again (follow.c), and no list of them. */
static bool read_repeats(struct result_read *read, const json_t *member)
{
    const size_t count = json_array_size(member);
    if (json_is_integer(member))
        return true;
    struct repeat_card *cards = keep(read, mem_zalloc((count + 1) * sizeof *cards));
    for (size_t i = 0; i < count; i++)
        if (!read_repeat(&cards[i], json_array_get(member, i)))
            return false;
    read->result.type = RESULT_REPEATS;
    read->result.repeats.items = cards;
    read->result.repeats.count = count;
    return json_is_array(member);
}

static bool read_console(struct console_card *card, const json_t *entry)
{
    const char *access = fields_string(entry, "access");
    uint64_t console = 0, uid = 0;
    *card = (struct console_card){.read_only = !access || strcmp(access, "write") != 0};
    fields_unsigned(entry, "uid", &uid);
    fields_unsigned(entry, "target", &card->target);
    card->uid = (uid_t)uid;
    if (!fields_unsigned(entry, "console", &console))
        return false;
    card->console = (unsigned)console;
    return true;
}

static bool read_consoles(struct result_read *read, const json_t *member)
{
    const size_t count = json_array_size(member);
    struct console_card *cards = keep(read, mem_zalloc((count + 1) * sizeof *cards));
    for (size_t i = 0; i < count; i++)
        if (!read_console(&cards[i], json_array_get(member, i)))
            return false;
    read->result.type = RESULT_CONSOLES;
    read->result.consoles.items = cards;
    read->result.consoles.count = count;
    return json_is_array(member);
}

static const struct {
    const char *field;
    member_reader *read;
} members[] = {
    {"peers", read_peers},   {"peer", read_peer}, {"listeners", read_listeners},
    {"stats", read_stats},   {"help", read_help}, {"consoles", read_consoles},
    {"every", read_repeats}, /* last: every answer may have a number of that name */
};

bool result_read(struct result_read *read, const json_t *event, const struct known *known,
                 int64_t time)
{
    *read = (struct result_read){.result = {.type = RESULT_DONE,
                                            .command = fields_string(event, "command"),
                                            .note = fields_string(event, "note"),
                                            .more = fields_true(event, "more")},
                                 .known = known,
                                 .time = time};
    utarray_init(&read->commands, &ut_ptr_icd);
    utarray_init(&read->memory, &ut_ptr_icd);
    if (!read->result.command)
        return false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *member = json_object_get(event, members[i].field);
        if (member)
            return json_array_size(member) <= ENTRIES_MAX && members[i].read(read, member);
    }
    return true;
}

void result_read_finish(struct result_read *read)
{
    for (unsigned i = 0; i < utarray_len(&read->memory); i++)
        free(*(void **)utarray_eltptr(&read->memory, i));
    utarray_done(&read->memory);
    utarray_done(&read->commands);
}
