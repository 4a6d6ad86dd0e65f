/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line with its carriage return and newline; a newline alone ends none. */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    (void)argument, (void)error;
    framing->end.bytes[0] = '\r';
    framing->end.bytes[1] = '\n';
    framing->end.size = 2;
    return true;
}

const struct framing_ops framing_crlf = {
    .parse = parse, .cut = framing_cut_ended, .end = framing_end_bytes};
