/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Minimal Lower Layer Protocol of HL7: VT, the content, FS and CR. */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    static const struct framing_fence fence = {.start = '\x0b', .end = "\x1c\r", .end_size = 2};
    (void)argument, (void)error;
    framing->fence = &fence;
    return true;
}

const struct framing_ops framing_mllp = {
    .parse = parse, .keeps = true, .cut = framing_cut_fenced, .wrap = framing_wrap_fenced};
