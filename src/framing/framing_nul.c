/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Up to a byte of zero, with it. */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    (void)argument, (void)error;
    framing->end.size = 1;
    return true;
}

const struct framing_ops framing_nul = {
    .parse = parse, .cut = framing_cut_ended, .end = framing_end_bytes};
