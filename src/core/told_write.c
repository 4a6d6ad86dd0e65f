/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/told_write.h"

#include <string.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "core/card.h"
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

/* --- what happened --- */

static void write_where(struct json *json, const struct where *where)
{
    json_put_string(json, "transport", where->transport);
    json_put_string(json, "remote", where->remote);
    json_put_string(json, "local", where->local);
    write_listener(json, &where->listener);
}

static void write_open(struct json *json, const struct where *where)
{
    write_where(json, where);
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
}

static void write_data(struct json *json, const struct message *message)
{
    const void *data = message->size > 0 ? message->data : "";
    if (memchr(data, 0, message->size) || !utf8_valid(data, message->size))
        json_put_base64(json, "base64", data, message->size);
    else
        json_put_text(json, "text", data, message->size);
}

static void write_message(struct json *json, const struct told *told, bool data)
{
    const struct message *message = &told->message;
    json_put_unsigned(json, "size", message->size);
    if (data)
        write_data(json, message);
    if (message->partial)
        json_put_bool(json, "partial", true);
    if (told->type == HUB_SENT)
        json_put_string(json, "by", message->automatic ? "auto" : "operator");
    if (told->type == HUB_SENT && !message->automatic)
        json_put_unsigned(json, "console", message->console);
}

static void write_close(struct json *json, const struct line_end *close)
{
    json_put_string(json, "reason", close_reason_name(close->reason));
    json_put_unsigned(json, "received", close->received);
    json_put_unsigned(json, "sent", close->sent);
    json_put_unsigned(json, "unsent", close->unsent);
    json_put_seconds(json, "seconds", close->duration);
    write_error(json, close->error);
}

static void write_refused(struct json *json, const struct told *told)
{
    json_put_string(json, "remote", told->refused.remote);
    write_listener(json, &told->listener);
    json_put_string(json, "why", refusal_name(told->refused.why));
    json_put_unsigned(json, "count", told->refused.count);
}

static void write_file(struct json *json, const struct file_end *file)
{
    json_put_string(json, "path", file->path);
    json_put_unsigned(json, "size", file->size);
    json_put_unsigned(json, "bytes", file->bytes);
    write_error(json, file->error);
}

static void write_details(struct json *json, const struct told *told, bool data)
{
    switch (told->type) {
    case HUB_LISTENING:
    case HUB_UNLISTENING:
        write_listening(json, told);
        break;
    case HUB_OPEN:
        write_open(json, &told->open);
        break;
    case HUB_MESSAGE:
    case HUB_SENT:
        write_message(json, told, data);
        break;
    case HUB_CLOSE:
        write_close(json, &told->close);
        break;
    case HUB_REFUSED:
        write_refused(json, told);
        break;
    case HUB_NAME:
        json_put_string(json, "name", told->peer.name);
        break;
    case HUB_FILE:
        write_file(json, &told->file);
        break;
    default:
        break;
    }
}

void told_write(struct json *json, const struct told *told, bool data)
{
    if (told->peer.number != 0)
        json_put_unsigned(json, "peer", told->peer.number);
    write_details(json, told, data);
}

/* --- how things are --- */

void told_write_card(struct json *json, const char *key, const struct card *card)
{
    json_put_object_begin(json, key);
    json_put_unsigned(json, "peer", card->peer.number);
    write_where(json, &card->where);
    json_put_string(json, "name", card->peer.name);
    json_put_string(json, "state", peer_state_name(card->state));
    json_put_unsigned(json, "received", card->received);
    json_put_unsigned(json, "sent", card->sent);
    json_put_unsigned(json, "queued", card->queued);
    json_put_seconds(json, "idle", card->idle);
    json_put_object_end(json);
}

void told_write_origin(struct json *json, const struct origin_card *card)
{
    json_put_object_begin(json, NULL);
    json_put_unsigned(json, "listener", card->listener.number);
    json_put_string(json, "endpoint", card->endpoint);
    json_put_string(json, "name", card->listener.name);
    json_put_string(json, "reply", card->reply);
    json_put_string(json, "eol", card->eol);
    json_put_string(json, "framing", card->framing);
    if (card->half_close >= 0)
        json_put_seconds(json, "half_close", card->half_close);
    json_put_object_end(json);
}
