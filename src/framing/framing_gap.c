/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came without a silence of so long: who has the clock says that it has ended. */
#include "base/fail.h"
#include "base/number.h"
#include "framing/framing_pieces.h"

enum { GAP_MAX = 60000 };

static bool parse(struct framing *framing, const char *argument, char **error)
{
    uint64_t gap = 0;
    if (!number_parse(argument, GAP_MAX, &gap) || gap == 0)
        return fail_with(error, "gap:%s: a silence lasts 1 to 60000 milliseconds, as in gap:50",
                         argument);
    framing->gap = (uint32_t)gap;
    return true;
}

static struct framing_piece cut(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input)
{
    (void)framing, (void)state;
    if (input->size < FRAMING_MESSAGE_MAX && !input->end)
        return framing_waits();
    struct framing_piece piece = framing_first(input, input->size);
    piece.partial = !input->end || piece.taken < input->size;
    return piece;
}

const struct framing_ops framing_gap = {.parse = parse, .cut = cut};
