/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modbus TCP (Modbus Messaging on TCP/IP 1.0b, 3.1.3): length:u16be@4. */
#include "framing/framing_pieces.h"

static bool parse(struct framing *framing, const char *argument, char **error)
{
    (void)argument, (void)error;
    framing->length.offset = 4;
    framing->length.width = 2;
    framing->length.whole = true;
    return true;
}

const struct framing_ops framing_modbus = {
    .parse = parse, .cut = framing_cut_length, .keeps = true};
