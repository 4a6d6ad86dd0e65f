/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing_pieces.h"

#include <string.h>

#include "base/fail.h"

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

struct framing_piece framing_first(const struct framing_input *input, size_t size)
{
    const size_t taken = least(least(size, input->size), FRAMING_MESSAGE_MAX);
    return framing_whole(taken, input->data, taken);
}

struct framing_piece framing_rest(const struct framing_input *input, size_t before)
{
    struct framing_piece piece =
        framing_whole(input->size, input->data + before, input->size - before);
    piece.partial = true;
    return piece;
}

struct framing_piece framing_bad(struct framing_state *state, const struct framing_input *input)
{
    const size_t wanted =
        state->left < FRAMING_MESSAGE_MAX ? (size_t)state->left : FRAMING_MESSAGE_MAX;
    if (input->size < wanted && !input->end)
        return framing_waits();
    struct framing_piece piece = framing_first(input, wanted);
    state->left -= piece.size;
    piece.bad = true;
    piece.partial = state->left > 0;
    return piece;
}

struct framing_piece framing_junk(const struct framing_input *input, size_t start)
{
    const bool here = start < input->size;
    if (!here && input->size < FRAMING_MESSAGE_MAX && !input->end)
        return framing_waits();
    struct framing_piece piece = framing_first(input, start);
    piece.bad = true;
    return piece;
}

/* --- up to certain bytes --- */

/* Looks for the last of them: memchr(3) is several times as fast as what looks for more than
 * one byte. */
static size_t find_end(const char *data, size_t size, const char *end, size_t end_size)
{
    size_t from = end_size - 1;
    while (from < size) {
        const char *at = memchr(data + from, end[end_size - 1], size - from);
        if (!at)
            return 0;
        const size_t behind = (size_t)(at - data) + 1;
        if (memcmp(at + 1 - end_size, end, end_size) == 0)
            return behind;
        from = behind;
    }
    return 0;
}

/* How many of the last bytes may be the first ones of the end. */
static size_t begun_end(const char *data, size_t size, const char *end, size_t end_size)
{
    for (size_t begun = least(end_size - 1, size); begun > 0; begun--)
        if (memcmp(data + size - begun, end, begun) == 0)
            return begun;
    return 0;
}

/* The content from data on, of a message that ends so. A piece of one that is too long leaves
 * what may be its end for the next. */
static struct framing_piece cut_ended(const struct framing_input *input, size_t before,
                                      const char *end, size_t end_size, size_t shown)
{
    const size_t most = FRAMING_MESSAGE_MAX + end_size - shown;
    const size_t window = least(input->size - before, most);
    const char *data = input->data + before;
    const size_t behind = find_end(data, window, end, end_size);
    if (behind > 0)
        return framing_whole(before + behind, data, behind - end_size + shown);
    if (input->end && input->size - before <= FRAMING_MESSAGE_MAX)
        return framing_rest(input, before);
    if (window < most)
        return framing_waits();
    size_t size = FRAMING_MESSAGE_MAX;
    size -= begun_end(data, size, end, end_size);
    struct framing_piece piece = framing_whole(before + size, data, size);
    piece.partial = true;
    return piece;
}

struct framing_piece framing_cut_ended(const struct framing *framing,
                                       struct framing_state *state,
                                       const struct framing_input *input)
{
    (void)state;
    const size_t size = framing->end.size;
    return cut_ended(input, 0, (const char *)framing->end.bytes, size, size);
}

const char *framing_end_bytes(const struct framing *framing, size_t *size)
{
    *size = framing->end.size;
    return (const char *)framing->end.bytes;
}

/* --- between certain bytes --- */

enum { INSIDE = 1 };

struct framing_piece framing_cut_fenced(const struct framing *framing,
                                        struct framing_state *state,
                                        const struct framing_input *input)
{
    const struct framing_fence *fence = framing->fence;
    const size_t before = state->mode == INSIDE ? 0 : 1;
    if (before > 0 && input->data[0] != fence->start) {
        const char *start = memchr(input->data, fence->start, input->size);
        return framing_junk(input, start ? (size_t)(start - input->data) : input->size);
    }
    struct framing_piece piece = cut_ended(input, before, fence->end, fence->end_size, 0);
    if (piece.taken > 0)
        state->mode = piece.partial ? INSIDE : 0;
    return piece;
}

bool framing_wrap_fenced(const struct framing *framing, const char *data, size_t size,
                         UT_string *out, char **error)
{
    const struct framing_fence *fence = framing->fence;
    if (find_end(data, size, fence->end, fence->end_size) > 0)
        return fail_with(error, "%s: the end of a frame cannot stand in one", framing->word);
    ut_append(out, &fence->start, 1);
    ut_append(out, data, size);
    ut_append(out, fence->end, fence->end_size);
    return true;
}
