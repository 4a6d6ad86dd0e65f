/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever arrived together. */
#include "framing/framing_pieces.h"

static struct framing_piece cut(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input)
{
    (void)framing, (void)state;
    return framing_first(input, input->size);
}

const struct framing_ops framing_raw = {.cut = cut};
