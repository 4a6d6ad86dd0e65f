/* SPDX-License-Identifier: GPL-3.0-or-later */
/* So many bytes. */
#include "base/fail.h"
#include "base/number.h"
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    uint64_t bytes = 0;
    if (!number_parse(argument, FRAMING_MESSAGE_MAX, &bytes) || bytes == 0)
        return fail_with(error, "fixed:%s: a message has 1 to 65536 bytes, as in fixed:8",
                         argument);
    framing->bytes = (uint32_t)bytes;
    return true;
}

static struct framing_piece cut(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input)
{
    (void)state;
    if (input->size >= framing->bytes)
        return framing_first(input, framing->bytes);
    return input->end ? framing_rest(input, 0) : framing_waits();
}

const struct framing_ops framing_fixed = {.parse = parse, .cut = cut};
