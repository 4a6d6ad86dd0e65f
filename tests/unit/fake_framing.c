/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_framing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Holds in programs with asserts off, too, and needs no Check: the fuzzer uses it. */
#define MUST(condition)                                                             \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

/* Bytes that may wait for more: a message of the most, each byte of it escaped, and its frame.
 */
enum { WAITING_MOST = 2 * FRAMING_MESSAGE_MAX + 16 };

enum { LIST_MOST = 4096 };

struct framing fake_framing(const char *word)
{
    struct framing framing = {0};
    char *error = NULL;
    if (!framing_parse(word, &framing, &error)) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    return framing;
}

void fake_messages_init(struct fake_messages *messages)
{
    *messages = (struct fake_messages){.hash = 14695981039346656037u};
    utstring_init(&messages->bytes);
    utstring_init(&messages->list);
}

void fake_messages_done(struct fake_messages *messages)
{
    utstring_done(&messages->bytes);
    utstring_done(&messages->list);
}

static void mix(struct fake_messages *messages, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        messages->hash = (messages->hash ^ bytes[i]) * 1099511628211u;
}

static void note(struct fake_messages *messages, const struct framing_piece *piece)
{
    const char mark = piece->bad && piece->partial ? '+'
                      : piece->bad                 ? '!'
                      : piece->partial             ? '?'
                                                   : '.';
    ut_append(&messages->bytes, piece->data, piece->size);
    if (utstring_len(&messages->list) < LIST_MOST)
        utstring_printf(&messages->list, "%s%zu%c", messages->count > 0 ? " " : "", piece->size,
                        mark);
    mix(messages, &piece->size, sizeof piece->size);
    mix(messages, &mark, 1);
    mix(messages, piece->data, piece->size);
    messages->count++;
}

/* Of exactly their size: the sanitizer catches who reads one byte too many. */
static char *copy_of(const char *data, size_t size)
{
    char *copy = mem_alloc(size > 0 ? size : 1);
    memcpy(copy, data, size);
    return copy;
}

/* All messages that are there; returns the bytes that they took. */
static size_t take_all(const struct framing *framing, struct framing_state *state,
                       const char *data, size_t size, bool end, char *room,
                       struct fake_messages *messages)
{
    char *there = copy_of(data, size);
    size_t taken = 0;
    while (taken < size) {
        const struct framing_input input = {there + taken, size - taken, end, room};
        const struct framing_piece piece = framing_cut(framing, state, &input);
        if (piece.taken == 0)
            break;
        MUST(piece.taken <= size - taken && piece.size <= FRAMING_MESSAGE_MAX);
        if (!piece.quiet)
            note(messages, &piece);
        taken += piece.taken;
    }
    MUST(size - taken < WAITING_MOST && (!end || taken == size));
    free(there);
    return taken;
}

void fake_run(const struct framing *framing, const char *data, size_t size, fake_cut *cut,
              void *context, struct fake_messages *messages)
{
    struct framing_state state = {0};
    char *room = mem_alloc(FRAMING_MESSAGE_MAX);
    size_t there = 0;
    while (there < size) {
        there += cut ? cut(context, size - there) : size - there;
        messages->taken += take_all(framing, &state, data + messages->taken,
                                    there - messages->taken, there == size, room, messages);
    }
    MUST(messages->taken == size);
    free(room);
}
