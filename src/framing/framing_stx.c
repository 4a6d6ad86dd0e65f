/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between STX and ETX (ASCII control characters). */
#include "framing/framing_pieces.h"

static const struct framing_fence fence = {
    .name = "stx", .start = '\x02', .end = "\x03", .end_size = 1};

static struct framing_piece cut(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input)
{
    (void)framing;
    return framing_cut_fenced(&fence, state, input);
}

static bool wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                 char **error)
{
    (void)framing;
    return framing_wrap_fenced(&fence, data, size, out, error);
}

const struct framing_ops framing_stx = {.cut = cut, .wrap = wrap, .keeps = true};
