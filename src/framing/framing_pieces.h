/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What framings have in common. */
#ifndef TELEX_FRAMING_FRAMING_PIECES_H
#define TELEX_FRAMING_FRAMING_PIECES_H

#include "framing/framing.h"

/* More bytes are needed. */
static inline struct framing_piece framing_waits(void)
{
    return (struct framing_piece){0};
}

/* The first taken bytes, of which size from data on are the message. */
static inline struct framing_piece framing_whole(size_t taken, const char *data, size_t size)
{
    return (struct framing_piece){.taken = taken, .data = data, .size = size};
}

/* The first bytes as they came: at most size, and no more than are there and may be shown. */
struct framing_piece framing_first(const struct framing_input *input, size_t size);

/* All there is, with nothing more to come; what stands before is not shown. */
struct framing_piece framing_rest(const struct framing_input *input, size_t before);

/*
 * state->left bytes from here on are no frame: the next piece of them, of as many as there may
 * be in one, whatever the cuts. left is counted down.
 */
struct framing_piece framing_bad(struct framing_state *state,
                                 const struct framing_input *input);

/*
 * What stands before a beginning that is at the place start (== size: not here) is no frame. It
 * is a piece once the beginning is here, or as much as one may show; nobody knows then whether
 * more of it follows, so that none is partial.
 */
struct framing_piece framing_junk(const struct framing_input *input, size_t start);

/* Up to the framing's end bytes, which are shown. */
struct framing_piece framing_cut_ended(const struct framing *framing,
                                       struct framing_state *state,
                                       const struct framing_input *input);
const char *framing_end_bytes(const struct framing *framing, size_t *size);

/* Between a byte that begins a frame and the bytes that end it. */
struct framing_fence {
    char start;
    const char *end;
    size_t end_size;
};
struct framing_piece framing_cut_fenced(const struct framing *framing,
                                        struct framing_state *state,
                                        const struct framing_input *input);
bool framing_wrap_fenced(const struct framing *framing, const char *data, size_t size,
                         UT_string *out, char **error);

/* length and modbus, which is one. */
struct framing_piece framing_cut_length(const struct framing *framing,
                                        struct framing_state *state,
                                        const struct framing_input *input);

#endif
