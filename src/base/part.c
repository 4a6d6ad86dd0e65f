/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/part.h"

const char *part_name(enum part part)
{
    static const char *const names[PARTS] = {
#define PART_NAME(part, name) [PART_##part] = (name),
        PARTS_OF_TURN(PART_NAME)
#undef PART_NAME
    };
    return names[part];
}
