/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A piece of the history's memory: what was told, packed, one entry behind the other. It grows
 * at its end, and goes as a whole. Made and listed by the history.
 */
#ifndef TELEX_CORE_HISTORY_CHUNK_H
#define TELEX_CORE_HISTORY_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hub_event;
struct told;

struct history_chunk {
    struct history_chunk *prev, *next;
    uint64_t first;    /* seq of the first event; the others count up from there */
    uint64_t count;    /* events */
    uint64_t messages; /* of which are message or sent */
    size_t size;       /* of room */
    size_t used;
    size_t last;  /* where the last entry begins */
    size_t bytes; /* where the last bytes that were added stand; 0: nowhere */
    size_t bytes_size;
    uint64_t bytes_begin; /* the first of them */
    _Alignas(max_align_t) char room[];
};

/* One event. */
struct history_place {
    const struct history_chunk *chunk;
    size_t at;   /* where its entry begins */
    bool answer; /* it is the answer to what stands there, which says the same */
};

/* What is to be kept of an event. */
struct history_parts {
    const struct hub_event *event;
    const struct told *told; /* that is packed; NULL: it is a message */
    size_t head;             /* what that takes */
    size_t size;             /* bytes of a message */
};

/* Of memory, all in all. The caller frees it by free(3). */
struct history_chunk *history_chunk_create(size_t weight);
size_t history_chunk_weight(const struct history_chunk *chunk);
/* Nothing is in it, and the first will be of that seq. */
void history_chunk_begin(struct history_chunk *chunk, uint64_t first);
/* What it has to weigh, at least, to hold one of these. */
size_t history_chunk_least(const struct history_parts *parts);
/* seq of the event that will follow its last. */
uint64_t history_chunk_end(const struct history_chunk *chunk);

/* That event: false where there is no room. */
bool history_chunk_add(struct history_chunk *chunk, const struct history_parts *parts);
/*
 * Whether that event is the automatic answer to its last, by the same bytes: then it is in it,
 * and takes no room.
 */
bool history_chunk_answer(struct history_chunk *chunk, const struct hub_event *event);

/* The event of that seq, which is in it. */
struct history_place history_chunk_find(const struct history_chunk *chunk, uint64_t seq);
struct history_place history_chunk_last(const struct history_chunk *chunk);
/* Goes to the one behind it, or before it; false where the chunk has none. */
bool history_chunk_next(struct history_place *place);
bool history_chunk_back(struct history_place *place);
void history_chunk_read(const struct history_place *place, struct told *told);

#endif
