/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/backoff.h"

void backoff_init(struct backoff *backoff, int64_t first, int64_t most)
{
    *backoff = (struct backoff){.first = first < most ? first : most, .most = most};
    backoff_reset(backoff);
}

int64_t backoff_next(struct backoff *backoff)
{
    const int64_t pause = backoff->next;
    backoff->next = pause < backoff->most / 2 ? 2 * pause : backoff->most;
    return pause;
}

void backoff_reset(struct backoff *backoff)
{
    backoff->next = backoff->first;
}
