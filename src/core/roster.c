/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/roster.h"

#include <assert.h>
#include <stdbool.h>

#include "core/peer.h"

struct roster_place {
    uint64_t number;
    struct peer *peer; /* NULL: gone */
};

enum { ROSTER_GONE = 64 }; /* so few places that are gone do no harm */

static struct roster_place *place_at(const struct roster *roster, unsigned i)
{
    return (struct roster_place *)roster->places.d + i;
}

void roster_init(struct roster *roster)
{
    static const UT_icd icd = {.sz = sizeof(struct roster_place)};
    roster->gone = 0;
    utarray_init(&roster->places, &icd);
}

void roster_finish(struct roster *roster)
{
    utarray_done(&roster->places);
}

/* The first place from which on all numbers are at least number. */
static unsigned lower_bound(const struct roster *roster, uint64_t number)
{
    unsigned low = 0, high = utarray_len(&roster->places);
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (place_at(roster, middle)->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void roster_add(struct roster *roster, struct peer *peer)
{
    const struct roster_place place = {.number = peer->number, .peer = peer};
    peer->place = utarray_len(&roster->places);
    assert(peer->place == 0 || place_at(roster, peer->place - 1)->number < peer->number);
    utarray_push_back(&roster->places, &place);
}

/* Closes the gaps. */
static void compact(struct roster *roster)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < utarray_len(&roster->places); i++) {
        const struct roster_place *place = place_at(roster, i);
        if (!place->peer)
            continue;
        place->peer->place = kept;
        *place_at(roster, kept++) = *place;
    }
    utarray_resize(&roster->places, kept);
    ut_shrink(&roster->places);
    roster->gone = 0;
}

void roster_remove(struct roster *roster, struct peer *peer)
{
    const unsigned places = utarray_len(&roster->places);
    place_at(roster, peer->place)->peer = NULL;
    roster->gone++;
    /* Half of all: each removal pays for one move. */
    if (roster->gone == places || (roster->gone > ROSTER_GONE && roster->gone > places / 2))
        compact(roster);
}

/* The first peer at place i or behind it. */
static struct peer *first_from(const struct roster *roster, unsigned i)
{
    struct peer *peer = NULL;
    for (; i < utarray_len(&roster->places) && !peer; i++)
        peer = place_at(roster, i)->peer;
    return peer;
}

struct peer *roster_find(const struct roster *roster, uint64_t number)
{
    const unsigned i = lower_bound(roster, number);
    const bool found =
        i < utarray_len(&roster->places) && place_at(roster, i)->number == number;
    return found ? place_at(roster, i)->peer : NULL;
}

struct peer *roster_after(const struct roster *roster, uint64_t number)
{
    return first_from(roster, lower_bound(roster, number + 1));
}

struct peer *roster_next(const struct roster *roster, const struct peer *peer)
{
    return first_from(roster, peer ? peer->place + 1 : 0);
}

unsigned roster_count(const struct roster *roster)
{
    return utarray_len(&roster->places) - roster->gone;
}
