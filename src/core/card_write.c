/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card_write.h"

#include "base/json_put.h"
#include "core/card.h"
#include "core/told_write.h"

static void put_file(struct json *json, const struct transfer_progress *file)
{
    if (!file->path)
        return;
    json_put_object_begin(json, "file");
    json_put_string(json, "path", file->path);
    json_put_unsigned(json, "size", file->size);
    json_put_unsigned(json, "bytes", file->bytes);
    json_put_object_end(json);
}

static void put_joined(struct json *json, struct card_joined joined)
{
    uint64_t number;
    json_put_array_begin(json, "joined");
    while (card_joined_next(&joined, &number))
        json_put_unsigned(json, NULL, number);
    json_put_array_end(json);
}

static void put_fault_key(struct json *json, const struct fault_plan *plan, enum fault_key key)
{
    const uint64_t value = plan->values[key];
    switch (fault_key_unit(key)) {
    case FAULT_IN_MILLISECONDS:
    case FAULT_IN_SECONDS:
    case FAULT_IN_PERCENT: /* all in millionths */
        json_put_seconds(json, fault_key_name(key), (int64_t)value);
        break;
    case FAULT_IN_BYTES:
    case FAULT_IN_NUMBERS:
        json_put_unsigned(json, fault_key_name(key), value);
        break;
    case FAULT_ALONE:
        json_put_bool(json, fault_key_name(key), true);
        break;
    }
}

static void put_fault(struct json *json, const struct fault_card *fault)
{
    if (!fault->plan.given)
        return;
    json_put_object_begin(json, "fault");
    for (enum fault_key key = 0; key < FAULT_KEYS; key++)
        if (fault_plan_has(&fault->plan, key))
            put_fault_key(json, &fault->plan, key);
    for (enum fault_count count = 0; count < FAULT_COUNTS; count++)
        json_put_unsigned(json, fault_count_name(count), fault->counts[count]);
    json_put_unsigned(json, "held", fault->held);
    json_put_object_end(json);
}

void card_write(struct json *json, const char *key, const struct card *card)
{
    json_put_object_begin(json, key);
    json_put_unsigned(json, "peer", card->peer.number);
    told_write_where(json, &card->where);
    json_put_string(json, "name", card->peer.name);
    json_put_string(json, "state", peer_state_name(card->state));
    json_put_unsigned(json, "received", card->received);
    json_put_unsigned(json, "sent", card->sent);
    json_put_unsigned(json, "queued", card->queued);
    json_put_seconds(json, "idle", card->idle);
    put_joined(json, card->joined);
    put_file(json, &card->file);
    if (card->eol)
        json_put_string(json, "eol", card->eol);
    if (card->framing)
        json_put_string(json, "framing", card->framing);
    put_fault(json, &card->fault);
    json_put_object_end(json);
}

void card_write_origin(struct json *json, const struct origin_card *card)
{
    json_put_object_begin(json, NULL);
    json_put_unsigned(json, "listener", card->listener.number);
    json_put_string(json, "endpoint", card->endpoint);
    json_put_string(json, "name", card->listener.name);
    if (card->to)
        json_put_string(json, "to", card->to);
    json_put_string(json, "reply", card->reply);
    json_put_string(json, "eol", card->eol);
    json_put_string(json, "framing", card->framing);
    if (card->half_close >= 0)
        json_put_seconds(json, "half_close", card->half_close);
    if (card->fingerprint)
        json_put_string(json, "fingerprint", card->fingerprint);
    json_put_object_end(json);
}
