/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/roster.h"

#include <stdbool.h>

#include "core/peer.h"

struct roster_place {
    uint64_t number;
    struct peer *peer; /* NULL: gone */
};

/* So few places that are gone do no harm. */
enum { ROSTER_GONE = 64 };

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

/* NULL where the number never was, or its place has been closed. */
static struct roster_place *find_place(const struct roster *roster, uint64_t number)
{
    unsigned i = lower_bound(roster, number);
    bool found = i < utarray_len(&roster->places) && place_at(roster, i)->number == number;
    return found ? place_at(roster, i) : NULL;
}

static void insert(struct roster *roster, const struct roster_place *place)
{
    unsigned i = lower_bound(roster, place->number);
    utarray_insert(&roster->places, place, i);
    for (; i < utarray_len(&roster->places); i++)
        if (place_at(roster, i)->peer)
            place_at(roster, i)->peer->place = i;
}

void roster_add(struct roster *roster, struct peer *peer)
{
    const struct roster_place place = {.number = peer->number, .peer = peer};
    unsigned count = utarray_len(&roster->places);
    struct roster_place *gone = NULL;
    if (count == 0 || place_at(roster, count - 1)->number < peer->number) {
        peer->place = count;
        utarray_push_back(&roster->places, &place);
    } else if ((gone = find_place(roster, peer->number))) {
        peer->place = (unsigned)(gone - place_at(roster, 0));
        gone->peer = peer;
        roster->gone--;
    } else {
        insert(roster, &place);
    }
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
    roster->gone = 0;
}

void roster_remove(struct roster *roster, struct peer *peer)
{
    place_at(roster, peer->place)->peer = NULL;
    roster->gone++;
    /* Half of all: each removal pays for one move. */
    if (roster->gone > ROSTER_GONE && roster->gone > utarray_len(&roster->places) / 2)
        compact(roster);
}

struct peer *roster_find(const struct roster *roster, uint64_t number)
{
    const struct roster_place *place = find_place(roster, number);
    return place ? place->peer : NULL;
}

struct peer *roster_next(const struct roster *roster, const struct peer *peer)
{
    for (unsigned i = peer ? peer->place + 1 : 0; i < utarray_len(&roster->places); i++)
        if (place_at(roster, i)->peer)
            return place_at(roster, i)->peer;
    return NULL;
}

unsigned roster_count(const struct roster *roster)
{
    return utarray_len(&roster->places) - roster->gone;
}
