/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trim.h"

/* Less than half of the most: what is resident is never much more than twice what is used. */
static bool has_fallen(const struct trim *trim, uint64_t used)
{
    return used < trim->peak / 2 && trim->peak - used >= TRIM_WORTH;
}

bool trim_note(struct trim *trim, uint64_t used)
{
    if (used > trim->peak)
        trim->peak = used;
    return trim->due == 0 && has_fallen(trim, used);
}

void trim_start(struct trim *trim, int64_t now)
{
    trim->due = now + TRIM_DELAY;
}

bool trim_is_due(struct trim *trim, uint64_t used, int64_t now)
{
    if (trim->due == 0 || now < trim->due)
        return false;
    trim->due = 0;
    if (!has_fallen(trim, used))
        return false;
    trim->peak = used;
    return true;
}
