/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/ut.h"
#include "core/audience.h"
#include "core/history_message.h"
#include "core/hub_event.h"
#include "core/link.h"
#include "core/told.h"
#include "core/told_pack.h"

/*
 * Bytes of a chunk, but for one that a longer event has for itself: few are made, and what goes
 * with the oldest is little of it all. It begins with small ones, and the large ones are what
 * mem_large is for.
 */
enum { CHUNK_LEAST = 256 << 10, CHUNK_MOST = 2 << 20, CHUNKS_LEAST = 8 };

/* --- chunks --- */

static struct history_chunk *newest(const struct history *history)
{
    return history->chunks ? history->chunks->prev : NULL;
}

static void hold(struct history *history, uint64_t bytes)
{
    budget_hold(&history->memory, bytes);
}

/* What is in it is kept no more; its memory is the caller's. */
static struct history_chunk *take_oldest(struct history *history)
{
    struct history_chunk *chunk = history->chunks;
    history->gone_messages += chunk->messages;
    history->gone_events += chunk->count - chunk->messages;
    DL_DELETE(history->chunks, chunk);
    hold(history, history->memory.held - history_chunk_weight(chunk));
    return chunk;
}

/* Until it holds most bytes at most. */
static void shrink(struct history *history, uint64_t most)
{
    while (history->memory.held > most)
        free(take_oldest(history));
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

/* Bytes of the next chunk: as many as there are already, so that who keeps little takes little.
 */
static uint64_t plain_weight(const struct history *history, uint64_t allowed)
{
    const uint64_t held = history->memory.held;
    const uint64_t doubles = held > CHUNK_LEAST ? held : CHUNK_LEAST;
    return least(allowed / CHUNKS_LEAST, least(doubles, CHUNK_MOST));
}

/* One that begins with an event of which it has to weigh needed. Behind a long one there is
 * room, too, for those that say the same. */
static uint64_t chunk_weight(uint64_t allowed, uint64_t plain, uint64_t needed)
{
    const uint64_t roomy = least(needed + plain, allowed);
    return needed <= plain ? plain : roomy > needed ? roomy : needed;
}

/* A chunk of that weight, for which the oldest go: where one of them weighs the same it is that
 * one, whose memory is there. */
static struct history_chunk *get_chunk(struct history *history, uint64_t weight,
                                       uint64_t allowed)
{
    struct history_chunk *chunk = NULL;
    while (history->chunks && history->memory.held + weight > allowed) {
        free(chunk);
        chunk = take_oldest(history);
    }
    if (chunk && history_chunk_weight(chunk) == weight)
        return chunk;
    free(chunk);
    return history_chunk_create((size_t)weight);
}

/* One that begins with such an event; NULL where it would be too much. */
static struct history_chunk *add_chunk(struct history *history,
                                       const struct history_parts *parts)
{
    const uint64_t allowed = allowance(history);
    const uint64_t adds =
        chunk_weight(allowed, plain_weight(history, allowed), history_chunk_least(parts));
    if (adds > allowed)
        return NULL;
    struct history_chunk *chunk = get_chunk(history, adds, allowed);
    history_chunk_begin(chunk, parts->event->seq);
    DL_APPEND(history->chunks, chunk);
    hold(history, history->memory.held + adds);
    return chunk;
}

/* --- events --- */

/* Whether there was room. */
static bool add(struct history *history, const struct history_parts *parts)
{
    struct history_chunk *chunk = newest(history);
    if (parts->size > UINT32_MAX / 2)
        return false;
    if (chunk && history_chunk_add(chunk, parts))
        return true;
    chunk = add_chunk(history, parts);
    return chunk && history_chunk_add(chunk, parts);
}

/* Numbers have no holes: where one cannot be kept at all, all before it go. */
static void skip(struct history *history, bool is_message)
{
    shrink(history, 0);
    history->gone_messages += is_message;
    history->gone_events += !is_message;
}

/* Without its bytes, if there is no room for them. */
static void add_message(struct history *history, const struct hub_event *event)
{
    struct history_parts parts = {
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
    struct history_parts parts = {.event = event, .told = &told, .head = told_pack_size(&told)};
    if (!add(history, &parts))
        skip(history, false);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct history *history = container_of(observer, struct history, observer);
    struct history_chunk *chunk = newest(history);
    assert(!chunk || event->seq == history_chunk_end(chunk));
    if (!(OBSERVER_WANTS(event->type) & OBSERVER_MESSAGES))
        add_other(history, event);
    else if (!event->message.automatic || !chunk || !history_chunk_answer(chunk, event))
        add_message(history, event);
}

/* --- its life --- */

static void give_up(struct budget_holder *memory)
{
    shrink(container_of(memory, struct history, memory), 0);
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
    shrink(history, 0);
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
    shrink(history, most);
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
    if (!chunk || seq >= history_chunk_end(chunk) || seq < history_first(history))
        return false;
    while (seq < chunk->first)
        chunk = chunk->prev;
    *place = history_chunk_find(chunk, seq);
    return true;
}

bool history_next(struct history_place *place)
{
    if (history_chunk_next(place))
        return true;
    if (!place->chunk->next)
        return false;
    *place = (struct history_place){.chunk = place->chunk->next};
    return true;
}

bool history_back(struct history_place *place)
{
    if (history_chunk_back(place))
        return true;
    if (!place->chunk->prev->next) /* the oldest one's prev is the newest */
        return false;
    *place = history_chunk_last(place->chunk->prev);
    return true;
}

void history_read(const struct history_place *place, struct told *told)
{
    history_chunk_read(place, told);
}
