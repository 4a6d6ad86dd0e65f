/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing_stuffed.h"

#include <string.h>

#include "framing/framing_pieces.h"

enum { INSIDE = 1, BAD };

/* All is shown as it came, up to the next end. */
static struct framing_piece cut_bad(struct framing_state *state,
                                    const struct framing_input *input, const char *end)
{
    const size_t size = end ? (size_t)(end - input->data) : input->size;
    if (!end && size < FRAMING_MESSAGE_MAX && !input->end)
        return framing_waits();
    struct framing_piece piece = framing_first(input, size);
    const bool whole = end && piece.size == size;
    piece.taken += whole;
    piece.bad = true;
    piece.partial = !whole;
    piece.quiet = piece.size == 0;
    state->mode = whole ? 0 : BAD;
    return piece;
}

/* Two ends in a row have nothing between them. */
static struct framing_piece finish(struct framing_state *state,
                                   const struct framing_decoder *decoder)
{
    struct framing_piece piece =
        framing_whole(decoder->at + 1, decoder->input->room, decoder->size);
    piece.quiet = decoder->at == 0 && state->mode == 0;
    *state = (struct framing_state){0};
    return piece;
}

static struct framing_piece cut_part(struct framing_state *state,
                                     const struct framing_decoder *decoder)
{
    struct framing_piece piece =
        framing_whole(decoder->at, decoder->input->room, decoder->size);
    piece.partial = true;
    state->mode = INSIDE;
    state->code = decoder->code;
    return piece;
}

static struct framing_piece cut_message(const struct framing_stuffing *stuffing,
                                        struct framing_state *state,
                                        const struct framing_input *input, const char *end)
{
    struct framing_decoder decoder = {.input = input, .code = state->code};
    switch (stuffing->decode(&decoder)) {
    case FRAMING_STOP_END:
        return finish(state, &decoder);
    case FRAMING_STOP_FULL:
        return cut_part(state, &decoder);
    case FRAMING_STOP_SHORT:
        if (!input->end)
            return framing_waits();
        decoder.at = input->size; /* half of something may be left */
        return cut_part(state, &decoder);
    default:
        return cut_bad(state, input, end);
    }
}

struct framing_piece framing_cut_stuffed(const struct framing *framing,
                                         struct framing_state *state,
                                         const struct framing_input *input)
{
    const struct framing_stuffing *stuffing = framing->stuffing;
    const char *end = memchr(input->data, stuffing->end, input->size);
    if (state->mode == BAD)
        return cut_bad(state, input, end);
    /* What is not too long even if nothing in it is stuffed is decoded once, when it is whole.
     */
    if (!end && !input->end && input->size <= FRAMING_MESSAGE_MAX)
        return framing_waits();
    return cut_message(stuffing, state, input, end);
}
