/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/turn.h"

void turn_begin(struct turn *turn, int64_t now)
{
    *turn = (struct turn){.begun = true, .started = now, .since = now};
}

enum part turn_enter(struct turn *turn, enum part part, int64_t now)
{
    const enum part former = turn->part;
    turn->spent[former] += now - turn->since;
    turn->since = now;
    turn->part = part;
    return former;
}

static enum part longest_part(const struct turn *turn)
{
    enum part longest = 0;
    for (enum part part = 0; part < PARTS; part++)
        if (turn->spent[part] > turn->spent[longest])
            longest = part;
    return longest;
}

void turn_end(struct turn *turn, int64_t now, struct turns *turns)
{
    const uint64_t took = (uint64_t)(now - turn->started);
    turn_enter(turn, turn->part, now);
    turn->begun = false;
    turns->count++;
    if (took <= turns->longest)
        return;
    turns->longest = took;
    turns->longest_in = longest_part(turn);
}
