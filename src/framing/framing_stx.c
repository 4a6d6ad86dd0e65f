/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between STX and ETX (ASCII control characters). */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    static const struct framing_fence fence = {.start = '\x02', .end = "\x03", .end_size = 1};
    (void)argument, (void)error;
    framing->fence = &fence;
    return true;
}

const struct framing_ops framing_stx = {
    .parse = parse, .keeps = true, .cut = framing_cut_fenced, .wrap = framing_wrap_fenced};
