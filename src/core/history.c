/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/copy_past.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/audience.h"
#include "core/history_message.h"
#include "core/hub_event.h"
#include "core/link.h"
#include "core/told.h"
#include "core/told_pack.h"

/* Chunks of this size, but for one that a longer event has for itself: large enough that few
 * are made, small enough that what goes with the oldest is little. */
enum { CHUNK_MOST = 256 << 10, CHUNKS_LEAST = 16 };

/*
 * Each entry begins with one, at a multiple of UNIT. What is packed stands behind it, or a
 * history_message and then its bytes: once for all that follow each other and say the same, as
 * an echo does, or what is sent to many.
 */
struct entry {
    uint32_t size;   /* of what is packed; 0: it is a message */
    uint32_t before; /* from the entry before to this one; 0: it is the chunk's first */
    uint32_t bytes;  /* where they stand in the chunk; 0: there are none */
    uint32_t length; /* from this one to the next */
};
enum { UNIT = _Alignof(struct history_message) };
static_assert(sizeof(struct entry) % UNIT == 0, "a history_message stands behind one");

struct history_chunk {
    struct history_chunk *prev, *next;
    uint64_t first;    /* seq of the first entry; the others count up from there */
    uint64_t count;    /* entries */
    uint64_t messages; /* of which are message or sent */
    size_t size;       /* of what follows */
    size_t used;
    size_t last;  /* where the last entry begins */
    size_t bytes; /* where the last bytes that were added stand; 0: nowhere */
    size_t bytes_size;
    char room[];
};

/* --- chunks --- */

static struct history_chunk *newest(const struct history *history)
{
    return history->chunks ? history->chunks->prev : NULL;
}

/* seq of the entry that will follow its last. */
static uint64_t next_of(const struct history_chunk *chunk)
{
    return chunk->first + chunk->count;
}

static size_t weight(const struct history_chunk *chunk)
{
    return sizeof *chunk + chunk->size;
}

static void hold(struct history *history, uint64_t bytes)
{
    budget_hold(&history->memory, bytes);
}

static void drop_oldest(struct history *history)
{
    struct history_chunk *chunk = history->chunks;
    history->gone_messages += chunk->messages;
    history->gone_events += chunk->count - chunk->messages;
    DL_DELETE(history->chunks, chunk);
    hold(history, history->memory.held - weight(chunk));
    free(chunk);
}

static void drop_all(struct history *history)
{
    while (history->chunks)
        drop_oldest(history);
}

static uint64_t least(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Bytes that it may have now: none besides while memory is short. */
static uint64_t allowance(const struct history *history)
{
    const struct budget *budget = history->budget;
    const uint64_t most = budget->over ? history->memory.held : UINT64_MAX;
    const uint64_t share = budget->limit > 0 ? budget->limit / 4 : UINT64_MAX;
    return least(history->most, least(most, share));
}

/* Bytes of a chunk that begins with such an entry. Behind a long one there is room, too, for
 * those that say the same. */
static uint64_t chunk_weight(uint64_t allowed, size_t length)
{
    const uint64_t plain = least(allowed / CHUNKS_LEAST, CHUNK_MOST);
    const uint64_t needed = sizeof(struct history_chunk) + length;
    const uint64_t roomy = least(needed + plain, allowed);
    return needed <= plain ? plain : roomy > needed ? roomy : needed;
}

/* One that begins with such an entry, for which the oldest go; NULL where it would be too much.
 */
static struct history_chunk *add_chunk(struct history *history, uint64_t seq, size_t length)
{
    const uint64_t allowed = allowance(history), adds = chunk_weight(allowed, length);
    if (adds > allowed)
        return NULL;
    while (history->chunks && history->memory.held + adds > allowed)
        drop_oldest(history);
    struct history_chunk *chunk = mem_alloc((size_t)adds);
    *chunk = (struct history_chunk){.first = seq, .size = (size_t)adds - sizeof *chunk};
    DL_APPEND(history->chunks, chunk);
    hold(history, history->memory.held + adds);
    return chunk;
}

/* --- entries --- */

/* What is kept of an event. */
struct parts {
    const struct hub_event *event;
    const struct told *told; /* that is packed; NULL: it is a message */
    size_t head;             /* what that takes */
    size_t size;             /* bytes of a message */
    bool repeats;            /* the chunk has them already */
};

/* Of the whole entry, up to where the next one may begin. */
static size_t length_of(const struct parts *parts)
{
    const size_t bytes = parts->repeats ? 0 : parts->size;
    return (sizeof(struct entry) + parts->head + bytes + UNIT - 1) / UNIT * UNIT;
}

/* Whether the bytes are those that were added last. */
static bool repeats(const struct history_chunk *chunk, const struct parts *parts)
{
    return chunk->bytes != 0 && parts->size > 0 && parts->size == chunk->bytes_size &&
           memcmp(chunk->room + chunk->bytes, parts->event->message.data, parts->size) == 0;
}

static struct entry *entry_at(const struct history_chunk *chunk, size_t at)
{
    return (struct entry *)(chunk->room + at);
}

/* What was passed on is not answered here, so the same is not to be compared with it. */
static void copy_bytes(char *to, const struct message *message)
{
    if (message->to.count > 0)
        copy_past(to, message->data, message->size);
    else
        memcpy(to, message->data, message->size);
}

/* at: where they may stand. */
static void append_bytes(struct history_chunk *chunk, const struct parts *parts, size_t at)
{
    if (!parts->repeats) {
        chunk->bytes = at;
        chunk->bytes_size = parts->size;
        copy_bytes(chunk->room + at, &parts->event->message);
    }
    entry_at(chunk, chunk->used)->bytes = (uint32_t)chunk->bytes;
}

static void append(struct history_chunk *chunk, const struct parts *parts)
{
    struct entry *entry = entry_at(chunk, chunk->used);
    *entry = (struct entry){.size = parts->told ? (uint32_t)parts->head : 0,
                            .before = (uint32_t)(chunk->used - chunk->last),
                            .length = (uint32_t)length_of(parts)};
    if (parts->told)
        told_pack(parts->told, entry + 1);
    else
        history_message_write(parts->event, (struct history_message *)(entry + 1));
    if (parts->size > 0)
        append_bytes(chunk, parts, chunk->used + sizeof *entry + parts->head);
    chunk->last = chunk->used;
    chunk->used += entry->length;
    chunk->count++;
    chunk->messages += !parts->told;
}

/* Whether there was room. */
static bool add(struct history *history, struct parts *parts)
{
    struct history_chunk *chunk = newest(history);
    if (parts->size > UINT32_MAX / 2)
        return false;
    parts->repeats = chunk && repeats(chunk, parts);
    if (!chunk || chunk->size - chunk->used < length_of(parts)) {
        parts->repeats = false;
        chunk = add_chunk(history, parts->event->seq, length_of(parts));
    }
    if (chunk)
        append(chunk, parts);
    return chunk != NULL;
}

/* Numbers have no holes: where one cannot be kept at all, all before it go. */
static void skip(struct history *history, bool is_message)
{
    drop_all(history);
    history->gone_messages += is_message;
    history->gone_events += !is_message;
}

/* Without its bytes, if there is no room for them. */
static void add_message(struct history *history, const struct hub_event *event)
{
    struct parts parts = {
        .event = event, .head = history_message_size(event), .size = event->message.size};
    if (add(history, &parts))
        return;
    parts.size = 0;
    if (!add(history, &parts))
        skip(history, true);
}

static void add_other(struct history *history, const struct hub_event *event)
{
    struct link_description room;
    struct told told;
    told_of_event(&told, event, &room);
    struct parts parts = {.event = event, .told = &told, .head = told_pack_size(&told)};
    if (!add(history, &parts))
        skip(history, false);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct history *history = container_of(observer, struct history, observer);
    assert(!history->chunks || event->seq == next_of(newest(history)));
    if (OBSERVER_WANTS(event->type) & OBSERVER_MESSAGES)
        add_message(history, event);
    else
        add_other(history, event);
}

/* --- its life --- */

static void give_up(struct budget_holder *memory)
{
    drop_all(container_of(memory, struct history, memory));
}

void history_init(struct history *history, struct audience *audience, struct budget *budget,
                  const uint64_t *told)
{
    *history = (struct history){.observer = {.notice = notice, .wants = OBSERVER_ALL},
                                .audience = audience,
                                .budget = budget,
                                .told = told,
                                .memory.close = give_up};
}

static void begin(struct history *history)
{
    history->gone_messages = history->gone_events = 0;
    budget_add_holder(history->budget, &history->memory);
    audience_join(history->audience, &history->observer);
}

static void end(struct history *history)
{
    drop_all(history);
    budget_remove_holder(&history->memory);
    audience_leave(history->audience, &history->observer);
}

void history_limit(struct history *history, uint64_t most)
{
    if (history->most == 0 && most > 0)
        begin(history);
    else if (history->most > 0 && most == 0)
        end(history);
    history->most = most;
    while (history->memory.held > most)
        drop_oldest(history);
}

void history_finish(struct history *history)
{
    history_limit(history, 0);
}

/* --- looking --- */

uint64_t history_first(const struct history *history)
{
    return history->chunks ? history->chunks->first : *history->told + 1;
}

void history_gone(const struct history *history, uint64_t first, uint64_t last,
                  uint64_t *messages, uint64_t *events)
{
    const uint64_t all = history->gone_messages + history->gone_events;
    const uint64_t end = least(history_first(history), last + 1);
    const uint64_t count = first < end ? end - first : 0;
    const double part = all > 0 ? (double)history->gone_messages / (double)all : 0;
    *messages = count == all ? history->gone_messages : (uint64_t)(part * (double)count);
    *events = count - *messages;
}

bool history_find(const struct history *history, uint64_t seq, struct history_place *place)
{
    const struct history_chunk *chunk = newest(history);
    if (!chunk || seq >= next_of(chunk) || seq < history_first(history))
        return false;
    while (seq < chunk->first)
        chunk = chunk->prev;
    *place = (struct history_place){.chunk = chunk};
    for (uint64_t left = seq - chunk->first; left > 0; left--)
        place->at += entry_at(chunk, place->at)->length;
    return true;
}

bool history_next(struct history_place *place)
{
    if (place->at != place->chunk->last) {
        place->at += entry_at(place->chunk, place->at)->length;
        return true;
    }
    if (!place->chunk->next)
        return false;
    *place = (struct history_place){.chunk = place->chunk->next};
    return true;
}

bool history_back(struct history_place *place)
{
    const struct entry *entry = entry_at(place->chunk, place->at);
    if (entry->before != 0) {
        place->at -= entry->before;
        return true;
    }
    const struct history_chunk *chunk = place->chunk->prev;
    if (!chunk->next) /* the oldest one's prev is the newest */
        return false;
    *place = (struct history_place){.chunk = chunk, .at = chunk->last};
    return true;
}

static void read_message(const struct history_chunk *chunk, const struct entry *entry,
                         struct told *told)
{
    history_message_read((const struct history_message *)(entry + 1), told);
    if (told->message.size == 0)
        told->message.data = "";
    else if (entry->bytes != 0)
        told->message.data = chunk->room + entry->bytes;
}

void history_read(const struct history_place *place, struct told *told)
{
    const struct entry *entry = entry_at(place->chunk, place->at);
    if (entry->size == 0)
        read_message(place->chunk, entry, told);
    else if (!told_unpack(told, entry + 1, entry->size))
        assert(!"what was packed here is not what stands here");
}
