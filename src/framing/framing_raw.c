/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever arrived together. */
#include "framing/framing.h"

static size_t cut(const char *data, size_t size, bool end, bool *partial)
{
    (void)data, (void)end, (void)partial;
    return size < FRAMING_MESSAGE_MAX ? size : FRAMING_MESSAGE_MAX;
}

const struct framing_ops framing_raw = {.cut = cut};
