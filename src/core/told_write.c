/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/told_write.h"

#include <string.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "core/modem.h"
#include "core/told.h"

static void write_error(struct json *json, const char *error)
{
    if (error)
        json_put_string(json, "error", error);
}

/* Absent for the peers of an outgoing call. */
static void write_listener(struct json *json, const struct who *listener)
{
    if (listener->number != 0)
        json_put_unsigned(json, "listener", listener->number);
}

static void write_fact(struct json *json, const char *key, const char *value)
{
    if (value)
        json_put_string(json, key, value);
}

static void write_tls(struct json *json, const struct tls_facts *tls)
{
    if (!tls->version)
        return;
    json_put_object_begin(json, "tls");
#define WRITE_FACT(name) write_fact(json, #name, tls->name);
    TLS_FACTS(WRITE_FACT)
#undef WRITE_FACT
    json_put_bool(json, "resumed", tls->resumed);
    json_put_object_end(json);
}

void told_write_where(struct json *json, const struct where *where)
{
    json_put_string(json, "transport", where->transport);
    json_put_string(json, "remote", where->remote);
    json_put_string(json, "local", where->local);
    write_listener(json, &where->listener);
    write_tls(json, &where->tls);
}

static void write_open(struct json *json, const struct told *told)
{
    const struct where *where = &told->open;
    told_write_where(json, where);
    if (where->has_credentials) {
        json_put_unsigned(json, "pid", (uint64_t)where->pid);
        json_put_unsigned(json, "uid", where->uid);
    }
}

static void write_listening(struct json *json, const struct told *told)
{
    write_listener(json, &told->listener);
    json_put_string(json, "endpoint", told->endpoint);
    json_put_string(json, "name", told->listener.name);
    write_fact(json, "fingerprint", told->fingerprint);
}

static void write_data(struct json *json, const void *data, size_t size)
{
    if (memchr(data, 0, size) || !utf8_valid(data, size))
        json_put_base64(json, "base64", data, size);
    else
        json_put_text(json, "text", data, size);
}

static void write_group(struct json *json, const struct message_group *group)
{
    json_put_unsigned(json, "group", group->number);
    json_put_unsigned(json, "of", group->size);
    if (group->peers[0] == 0)
        return;
    json_put_array_begin(json, "peers");
    for (size_t i = 0; i < MESSAGE_GROUP_NAMED && group->peers[i] != 0; i++)
        json_put_unsigned(json, NULL, group->peers[i]);
    json_put_array_end(json);
}

static void write_to(struct json *json, const struct message_to *to)
{
    json_put_array_begin(json, "to");
    for (size_t i = 0; i < to->count; i++)
        json_put_unsigned(json, NULL, message_to(to, i));
    json_put_array_end(json);
}

static void write_message(struct json *json, const struct told *told)
{
    const struct message *message = &told->message;
    json_put_unsigned(json, "size", message->size);
    if (message->data)
        write_data(json, message->data, message->size);
    if (message->partial)
        json_put_bool(json, "partial", true);
    if (message->bad)
        json_put_bool(json, "bad", true);
    if (told->has_view)
        json_put_string(json, "view", view_name(told->view));
    if (told->type == HUB_SENT)
        json_put_string(json, "by", message->automatic ? "auto" : "operator");
    if (told->type == HUB_SENT && !message->automatic)
        json_put_unsigned(json, "console", message->console);
    if (message->group.number != 0)
        write_group(json, &message->group);
    if (message->to.count > 0)
        write_to(json, &message->to);
}

static void write_other(struct json *json, const struct told *told)
{
    json_put_unsigned(json, "other", told->other);
}

static void write_note(struct json *json, const struct told *told)
{
    json_put_string(json, "text", told->note);
}

static void write_status(struct json *json, struct exit_status status)
{
    if (status.how == EXIT_UNKNOWN)
        return;
    json_put_unsigned(json, "status", (unsigned)exit_status_code(status));
    if (status.how == EXIT_SIGNAL)
        json_put_string(json, "signal", exit_status_signal(status));
}

static void write_lines(struct json *json, const struct told *told)
{
    for (unsigned i = 0; i < MODEM_LINES; i++)
        if (modem_names[i].line & MODEM_THEIRS)
            json_put_bool(json, modem_names[i].name, told->lines & modem_names[i].line);
}

static void write_close(struct json *json, const struct told *told)
{
    const struct line_end *close = &told->close;
    json_put_string(json, "reason", close_reason_name(close->reason));
    json_put_unsigned(json, "received", close->received);
    json_put_unsigned(json, "sent", close->sent);
    json_put_unsigned(json, "unsent", close->unsent);
    json_put_seconds(json, "seconds", close->duration);
    write_error(json, close->error);
    write_status(json, close->status);
    if (close->code > 0)
        json_put_unsigned(json, "code", close->code);
    if (close->again > 0)
        json_put_seconds(json, "again", close->again);
    if (close->repeated)
        json_put_bool(json, "repeated", true);
}

static void write_refused(struct json *json, const struct told *told)
{
    json_put_string(json, "remote", told->refused.remote);
    write_listener(json, &told->listener);
    json_put_string(json, "why", refusal_name(told->refused.why));
    json_put_unsigned(json, "count", told->refused.count);
    write_error(json, told->refused.error);
}

static void write_file(struct json *json, const struct told *told)
{
    const struct file_end *file = &told->file;
    json_put_string(json, "path", file->path);
    json_put_unsigned(json, "size", file->size);
    json_put_unsigned(json, "bytes", file->bytes);
    write_error(json, file->error);
}

static void write_name(struct json *json, const struct told *told)
{
    json_put_string(json, "name", told->peer.name);
}

static void write_console(struct json *json, const struct told *told)
{
    const struct console_news *news = &told->console;
    json_put_unsigned(json, "console", news->console);
    json_put_string(json, "state", console_state_name(news->state));
    if (news->state == CONSOLE_SAYS) {
        json_put_string(json, "text", news->text);
        return;
    }
    json_put_unsigned(json, "uid", news->uid);
    json_put_string(json, "access", news->read_only ? "read" : "write");
}

/* NULL: that it happened to the peer is all. */
static void (*const writers[HUB_EVENT_TYPES])(struct json *json, const struct told *told) = {
    [HUB_LISTENING] = write_listening, [HUB_UNLISTENING] = write_listening,
    [HUB_OPEN] = write_open,           [HUB_MESSAGE] = write_message,
    [HUB_SENT] = write_message,        [HUB_NOTE] = write_note,
    [HUB_CLOSE] = write_close,         [HUB_REFUSED] = write_refused,
    [HUB_NAME] = write_name,           [HUB_FILE] = write_file,
    [HUB_CONSOLE] = write_console,     [HUB_JOIN] = write_other,
    [HUB_PART] = write_other,          [HUB_LINE] = write_lines,
};

/* Of what is told now, who reads has been told the name before. */
static void write_name_then(struct json *json, const struct told *told)
{
    if (told->replayed && told->peer.name && told->type != HUB_NAME)
        json_put_string(json, "name", told->peer.name);
}

void told_write(struct json *json, const struct told *told)
{
    if (told->seq != 0)
        json_put_unsigned(json, "seq", told->seq);
    if (told->replayed)
        json_put_bool(json, "replayed", true);
    if (told->peer.number != 0)
        json_put_unsigned(json, "peer", told->peer.number);
    write_name_then(json, told);
    if (writers[told->type])
        writers[told->type](json, told);
}
