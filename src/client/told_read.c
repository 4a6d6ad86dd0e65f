/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/told_read.h"

#include <limits.h>
#include <string.h>

#include "client/fields.h"
#include "core/modem.h"

/* --- who and where --- */

static bool read_number(const json_t *object, const char *key, uint64_t *number)
{
    return fields_unsigned(object, key, number) && *number != 0;
}

static bool read_listener(struct who *listener, const json_t *object)
{
    return read_number(object, "listener", &listener->number);
}

static const char *read_or(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = fields_string(object, key);
    return text ? text : otherwise;
}

/* It is shown as it is. */
static bool is_word(const char *text)
{
    return *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0';
}

/* One that has no version is none. */
static void read_tls(struct tls_facts *tls, const json_t *object)
{
#define READ_FACT(name) tls->name = fields_string(object, #name);
    TLS_FACTS(READ_FACT)
#undef READ_FACT
    tls->resumed = fields_true(object, "resumed");
    if (!tls->version)
        *tls = (struct tls_facts){0};
}

static void read_where(struct where *where, const json_t *object)
{
    uint64_t pid = 0, uid = 0;
    const char *transport = read_or(object, "transport", "?");
    *where = (struct where){.transport = is_word(transport) ? transport : "?",
                            .remote = read_or(object, "remote", "?"),
                            .local = read_or(object, "local", "?")};
    read_listener(&where->listener, object);
    where->has_credentials =
        fields_unsigned(object, "pid", &pid) && fields_unsigned(object, "uid", &uid);
    where->pid = (pid_t)pid;
    where->uid = (uid_t)uid;
    read_tls(&where->tls, json_object_get(object, "tls"));
}

/* --- what happened --- */

static bool read_listening(struct told *told, const json_t *event)
{
    told->listener.name = fields_name(event, "name");
    told->endpoint = fields_string(event, "endpoint");
    told->fingerprint = fields_string(event, "fingerprint");
    return read_listener(&told->listener, event) && told->endpoint;
}

static void read_group(struct message_group *group, const json_t *event)
{
    fields_unsigned(event, "group", &group->number);
    fields_unsigned(event, "of", &group->size);
    fields_list(event, "peers", group->peers, MESSAGE_GROUP_NAMED);
}

static bool read_view(struct told *told, const json_t *event)
{
    const char *word = fields_string(event, "view");
    char *error = NULL;
    told->has_view = word && view_parse(word, &told->view, &error);
    free(error); /* one that a newer daemon has is as good as none */
    return true;
}

/* Behind the data, where that had to be decoded. */
static void read_to(struct message *message, const json_t *event, UT_string *scratch)
{
    const json_t *list = json_object_get(event, "to");
    const bool decoded = message->data == utstring_body(scratch);
    const size_t start = decoded ? message->size : 0;
    const json_t *each;
    size_t i;
    scratch->i = start;
    json_array_foreach((json_t *)list, i, each)
    {
        const json_int_t value = json_integer_value(each);
        const uint64_t number = value > 0 ? (uint64_t)value : 0;
        ut_append(scratch, &number, sizeof number);
    }
    if (decoded)
        message->data = utstring_body(scratch);
    message->to = (struct message_to){.numbers = utstring_body(scratch) + start,
                                      .count = json_array_size(list)};
}

static bool read_message(struct message *message, const json_t *event, UT_string *scratch)
{
    const char *by = fields_string(event, "by");
    uint64_t size = 0, console = 0;
    if (!fields_unsigned(event, "size", &size))
        return false;
    fields_unsigned(event, "console", &console);
    *message = (struct message){.size = (size_t)size,
                                .partial = fields_true(event, "partial"),
                                .bad = fields_true(event, "bad"),
                                .automatic = by && strcmp(by, "auto") == 0,
                                .console = (unsigned)console};
    read_group(&message->group, event);
    fields_data(event, scratch, &message->data, &message->size);
    read_to(message, event, scratch);
    return true;
}

/* A daemon that is newer may know more of them. */
static void read_reason(struct line_end *close, const char *word)
{
    close->reason = 0;
    while (close->reason < CLOSE_REASONS && strcmp(word, close_reason_name(close->reason)) != 0)
        close->reason++;
    if (close->reason < CLOSE_REASONS)
        return;
    close->reason = CLOSE_ERROR;
    close->word = word;
}

static void read_code(struct line_end *close, const json_t *event)
{
    uint64_t code;
    if (fields_unsigned(event, "code", &code) && code <= UINT16_MAX)
        close->code = (unsigned)code;
}

static void read_status(struct line_end *close, const json_t *event)
{
    uint64_t code = 0;
    if (fields_unsigned(event, "status", &code) && code <= INT_MAX)
        exit_status_read(&close->status, (int)code, fields_string(event, "signal"));
}

static bool read_close(struct line_end *close, const json_t *event)
{
    const char *reason = fields_string(event, "reason");
    int64_t duration = fields_seconds(event, "seconds");
    int64_t again = fields_seconds(event, "again");
    if (!reason)
        return false;
    *close = (struct line_end){.error = fields_string(event, "error"),
                               .duration = duration != FIELDS_MISSING ? duration : 0,
                               .again = again != FIELDS_MISSING ? again : 0,
                               .repeated = fields_true(event, "repeated")};
    read_reason(close, reason);
    read_status(close, event);
    read_code(close, event);
    fields_unsigned(event, "received", &close->received);
    fields_unsigned(event, "sent", &close->sent);
    fields_unsigned(event, "unsent", &close->unsent);
    return true;
}

/* Likewise. */
static void read_why(struct turned_away *refused, const char *word)
{
    refused->why = 0;
    while (refused->why < REFUSALS && strcmp(word, refusal_name(refused->why)) != 0)
        refused->why++;
    if (refused->why < REFUSALS)
        return;
    refused->why = 0;
    refused->word = word;
}

static bool read_refused(struct told *told, const json_t *event)
{
    const char *why = fields_string(event, "why");
    struct turned_away *refused = &told->refused;
    *refused = (struct turned_away){.remote = fields_string(event, "remote"),
                                    .error = fields_string(event, "error")};
    if (!why || !refused->remote || !fields_unsigned(event, "count", &refused->count))
        return false;
    read_why(refused, why);
    read_listener(&told->listener, event);
    return true;
}

static bool read_file(struct file_end *file, const json_t *event)
{
    *file = (struct file_end){.path = fields_string(event, "path"),
                              .error = fields_string(event, "error")};
    return file->path && fields_unsigned(event, "size", &file->size) &&
           fields_unsigned(event, "bytes", &file->bytes);
}

static bool read_console_state(enum console_state *state, const char *word)
{
    for (*state = 0; word && *state < CONSOLE_STATES; ++*state)
        if (strcmp(console_state_name(*state), word) == 0)
            return true;
    return false;
}

static bool read_console(struct console_news *news, const json_t *event)
{
    const char *access = fields_string(event, "access");
    uint64_t console = 0, uid = 0;
    *news = (struct console_news){.text = fields_string(event, "text")};
    if (!read_number(event, "console", &console) ||
        !read_console_state(&news->state, fields_string(event, "state")) ||
        (news->state == CONSOLE_SAYS && !news->text))
        return false;
    fields_unsigned(event, "uid", &uid);
    news->console = (unsigned)console;
    news->uid = (uid_t)uid;
    news->read_only = access && strcmp(access, "write") != 0;
    return true;
}

bool told_read_type(const char *name, enum hub_event_type *type)
{
    for (*type = 0; *type < HUB_EVENT_TYPES; ++*type)
        if (strcmp(hub_event_name(*type), name) == 0)
            return true;
    return false;
}

static unsigned read_lines(const json_t *event)
{
    unsigned on = 0;
    for (unsigned i = 0; i < MODEM_LINES; i++)
        if (fields_true(event, modem_names[i].name))
            on |= modem_names[i].line;
    return on & MODEM_THEIRS;
}

/* What stands in it, according to its type. */
static bool read_values(struct told *told, const json_t *event, UT_string *scratch)
{
    switch (told->type) {
    case HUB_OPEN:
        read_where(&told->open, event);
        return true;
    case HUB_NAME:
        told->peer.name = fields_name(event, "name");
        return true;
    case HUB_MESSAGE:
    case HUB_SENT:
        return read_message(&told->message, event, scratch) && read_view(told, event);
    case HUB_NOTE:
        told->note = fields_string(event, "text");
        return told->note != NULL;
    case HUB_LINE:
        told->lines = read_lines(event);
        return true;
    case HUB_CLOSE:
        return read_close(&told->close, event);
    case HUB_JOIN:
    case HUB_PART:
        return read_number(event, "other", &told->other);
    case HUB_FILE:
        return read_file(&told->file, event);
    default:
        return true;
    }
}

/* Of a peer, as most are. */
static bool read_of_peer(struct told *told, const json_t *event, UT_string *scratch)
{
    if (!read_number(event, "peer", &told->peer.number))
        return false;
    if (told->replayed) /* as it was called then */
        told->peer.name = fields_name(event, "name");
    return read_values(told, event, scratch);
}

bool told_read(struct told *told, const json_t *event, UT_string *scratch)
{
    fields_unsigned(event, "seq", &told->seq);
    told->replayed = fields_true(event, "replayed");
    if (told->type == HUB_LISTENING || told->type == HUB_UNLISTENING)
        return read_listening(told, event);
    if (told->type == HUB_REFUSED)
        return read_refused(told, event);
    if (told->type == HUB_CONSOLE)
        return read_console(&told->console, event);
    return read_of_peer(told, event, scratch);
}

/* --- how things are --- */

static enum peer_state state_of(const char *name)
{
    for (enum peer_state state = PEER_CONNECTING; name && state < PEER_DEAD; state++)
        if (strcmp(peer_state_name(state), name) == 0)
            return state;
    return PEER_OPEN;
}

/* Nothing where a part of it is missing. */
static struct transfer_progress read_progress(const json_t *object)
{
    struct transfer_progress file = {.path = fields_string(object, "path")};
    if (!fields_unsigned(object, "size", &file.size) ||
        !fields_unsigned(object, "bytes", &file.bytes))
        file.path = NULL;
    return file;
}

static uint64_t next_joined(struct card_joined *joined)
{
    const json_int_t number = json_integer_value(json_array_get(joined->at, joined->place++));
    return number > 0 ? (uint64_t)number : 0;
}

static void read_fault_key(struct fault_plan *plan, enum fault_key key, const json_t *object)
{
    const char *name = fault_key_name(key);
    const enum fault_unit unit = fault_key_unit(key);
    uint64_t value = 1;
    if (unit == FAULT_IN_BYTES || unit == FAULT_IN_NUMBERS) {
        if (fields_unsigned(object, name, &value))
            fault_plan_set(plan, key, value);
    } else if (unit == FAULT_ALONE) {
        if (fields_true(object, name))
            fault_plan_set(plan, key, value);
    } else if (fields_seconds(object, name) != FIELDS_MISSING) {
        fault_plan_set(plan, key, (uint64_t)fields_seconds(object, name));
    }
}

static struct fault_card read_fault(const json_t *object)
{
    struct fault_card fault = {0};
    for (enum fault_key key = 0; key < FAULT_KEYS; key++)
        read_fault_key(&fault.plan, key, object);
    for (enum fault_count count = 0; count < FAULT_COUNTS; count++)
        fields_unsigned(object, fault_count_name(count), &fault.counts[count]);
    fields_unsigned(object, "held", &fault.held);
    return fault;
}

bool told_read_card(struct card *card, const json_t *object)
{
    int64_t idle = fields_seconds(object, "idle");
    *card =
        (struct card){.peer.name = fields_name(object, "name"),
                      .state = state_of(fields_string(object, "state")),
                      .idle = idle != FIELDS_MISSING ? idle : 0,
                      .since = CARD_SINCE_UNKNOWN,
                      .file = read_progress(json_object_get(object, "file")),
                      .joined = {.next = next_joined, .at = json_object_get(object, "joined")},
                      .eol = fields_string(object, "eol"),
                      .framing = fields_string(object, "framing"),
                      .fault = read_fault(json_object_get(object, "fault"))};
    read_where(&card->where, object);
    fields_unsigned(object, "received", &card->received);
    fields_unsigned(object, "sent", &card->sent);
    fields_unsigned(object, "queued", &card->queued);
    return read_number(object, "peer", &card->peer.number);
}

bool told_read_origin(struct origin_card *card, const json_t *object)
{
    *card = (struct origin_card){.listener.name = fields_name(object, "name"),
                                 .endpoint = fields_string(object, "endpoint"),
                                 .to = fields_string(object, "to"),
                                 .reply = read_or(object, "reply", "none"),
                                 .eol = read_or(object, "eol", "none"),
                                 .framing = read_or(object, "framing", "raw"),
                                 .half_close = fields_seconds(object, "half_close"),
                                 .fingerprint = fields_string(object, "fingerprint")};
    return read_listener(&card->listener, object) && card->endpoint;
}
