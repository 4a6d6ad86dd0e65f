/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/history_chunk.h"

#include <assert.h>
#include <string.h>

#include "base/copy_past.h"
#include "base/mem.h"
#include "core/history_message.h"
#include "core/hub_event.h"
#include "core/told.h"
#include "core/told_pack.h"

/*
 * Each entry begins with one, at a multiple of UNIT. What is packed stands behind it, or a
 * history_message and then its bytes: once for all that follow each other and say the same, as
 * what is sent to many does.
 */
struct entry {
    uint32_t size;   /* of what is packed; 0: it is a message */
    uint32_t before; /* from the entry before to this one; 0: it is the chunk's first */
    uint32_t bytes;  /* where they stand in the chunk; 0: there are none */
    uint32_t length; /* from this one to the next */
};
enum { UNIT = _Alignof(struct history_message) };
static_assert(sizeof(struct entry) % UNIT == 0, "a history_message stands behind one");

static struct entry *entry_at(const struct history_chunk *chunk, size_t at)
{
    return (struct entry *)(chunk->room + at);
}

/* Of an entry that is a message; else NULL. */
static struct history_message *message_of(struct entry *entry)
{
    return entry->size == 0 ? (struct history_message *)(entry + 1) : NULL;
}

/* --- its life --- */

size_t history_chunk_weight(const struct history_chunk *chunk)
{
    return sizeof *chunk + chunk->size;
}

uint64_t history_chunk_end(const struct history_chunk *chunk)
{
    return chunk->first + chunk->count;
}

void history_chunk_begin(struct history_chunk *chunk, uint64_t first)
{
    *chunk = (struct history_chunk){.first = first, .size = chunk->size};
}

struct history_chunk *history_chunk_create(size_t weight)
{
    struct history_chunk *chunk = mem_large(weight);
    chunk->size = weight - sizeof *chunk;
    return chunk;
}

/* --- adding --- */

/* Of the whole entry, up to where the next one may begin. */
static size_t length_of(const struct history_parts *parts, bool repeats)
{
    const size_t bytes = repeats ? 0 : parts->size;
    return (sizeof(struct entry) + parts->head + bytes + UNIT - 1) / UNIT * UNIT;
}

size_t history_chunk_least(const struct history_parts *parts)
{
    return sizeof(struct history_chunk) + length_of(parts, false);
}

/* What tells most bytes from others, without a look at those that are kept. */
static uint64_t begin_of(const void *data, size_t size)
{
    uint64_t begin = 0;
    if (size >= sizeof begin)
        memcpy(&begin, data, sizeof begin);
    else if (size > 0)
        memcpy(&begin, data, size);
    return begin;
}

/* Whether the bytes are those that were added last. */
static bool is_last(const struct history_chunk *chunk, const struct message *message)
{
    return message->size == chunk->bytes_size &&
           begin_of(message->data, message->size) == chunk->bytes_begin &&
           memcmp(chunk->room + chunk->bytes, message->data, message->size) == 0;
}

/* What was passed on is not answered here, so all of it is hardly ever compared. */
static void copy_bytes(char *to, const struct message *message)
{
    if (message->to.count > 0)
        copy_past(to, message->data, message->size);
    else
        memcpy(to, message->data, message->size);
}

/* at: where they may stand. */
static size_t add_bytes(struct history_chunk *chunk, const struct message *message, size_t at)
{
    chunk->bytes = at;
    chunk->bytes_size = message->size;
    chunk->bytes_begin = begin_of(message->data, message->size);
    copy_bytes(chunk->room + at, message);
    return at;
}

/*
 * Nobody has touched what is written next for as long as the history is large: it is fetched
 * while the loop does something else.
 */
static void reach_ahead(const struct history_chunk *chunk)
{
    enum { LINE = 64, AHEAD = 8 * LINE };
    if (chunk->size - chunk->used < AHEAD)
        return;
    for (size_t at = 0; at < AHEAD; at += LINE)
        __builtin_prefetch(chunk->room + chunk->used + at, 1);
}

static void append(struct history_chunk *chunk, const struct history_parts *parts, bool again,
                   size_t length)
{
    struct entry *entry = entry_at(chunk, chunk->used);
    const size_t bytes = chunk->used + sizeof *entry + parts->head;
    *entry = (struct entry){.size = parts->told ? (uint32_t)parts->head : 0,
                            .before = (uint32_t)(chunk->used - chunk->last),
                            .length = (uint32_t)length};
    if (parts->told)
        told_pack(parts->told, entry + 1);
    else
        history_message_write(parts->event, (struct history_message *)(entry + 1));
    if (parts->size > 0)
        entry->bytes =
            (uint32_t)(again ? chunk->bytes : add_bytes(chunk, &parts->event->message, bytes));
    chunk->last = chunk->used;
    chunk->used += length;
    chunk->count++;
    chunk->messages += !parts->told;
}

bool history_chunk_add(struct history_chunk *chunk, const struct history_parts *parts)
{
    const bool again = parts->size > 0 && is_last(chunk, &parts->event->message);
    const size_t length = length_of(parts, again);
    if (chunk->size - chunk->used < length)
        return false;
    append(chunk, parts, again, length);
    reach_ahead(chunk);
    return true;
}

bool history_chunk_answer(struct history_chunk *chunk, const struct hub_event *event)
{
    struct entry *entry = entry_at(chunk, chunk->last);
    struct history_message *message = chunk->count > 0 ? message_of(entry) : NULL;
    if (!message || entry->bytes != chunk->bytes || !is_last(chunk, &event->message) ||
        !history_message_answer(message, event))
        return false;
    chunk->count++;
    chunk->messages++;
    return true;
}

/* --- looking --- */

static bool is_answered(const struct history_chunk *chunk, size_t at)
{
    const struct history_message *message = message_of(entry_at(chunk, at));
    return message && history_message_is_answered(message);
}

struct history_place history_chunk_find(const struct history_chunk *chunk, uint64_t seq)
{
    struct history_place place = {.chunk = chunk};
    uint64_t left = seq - chunk->first;
    for (; left > is_answered(chunk, place.at); place.at += entry_at(chunk, place.at)->length)
        left -= 1 + is_answered(chunk, place.at);
    place.answer = left > 0;
    return place;
}

struct history_place history_chunk_last(const struct history_chunk *chunk)
{
    return (struct history_place){
        .chunk = chunk, .at = chunk->last, .answer = is_answered(chunk, chunk->last)};
}

bool history_chunk_next(struct history_place *place)
{
    const struct history_chunk *chunk = place->chunk;
    if (!place->answer && is_answered(chunk, place->at)) {
        place->answer = true;
        return true;
    }
    if (place->at == chunk->last)
        return false;
    place->at += entry_at(chunk, place->at)->length;
    place->answer = false;
    return true;
}

bool history_chunk_back(struct history_place *place)
{
    const struct entry *entry = entry_at(place->chunk, place->at);
    if (place->answer) {
        place->answer = false;
        return true;
    }
    if (entry->before == 0)
        return false;
    place->at -= entry->before;
    place->answer = is_answered(place->chunk, place->at);
    return true;
}

void history_chunk_read(const struct history_place *place, struct told *told)
{
    struct entry *entry = entry_at(place->chunk, place->at);
    const struct history_message *message = message_of(entry);
    if (!message) {
        if (!told_unpack(told, entry + 1, entry->size))
            assert(!"what was packed here is not what stands here");
        return;
    }
    history_message_read(message, place->answer, told);
    if (told->message.size == 0)
        told->message.data = "";
    else if (entry->bytes != 0)
        told->message.data = place->chunk->room + entry->bytes;
}
