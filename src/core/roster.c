/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/roster.h"

#include <stdbool.h>

#include "core/peer.h"

struct roster_place {
    uint64_t number;
    struct peer *peer; /* NULL: gone */
};

enum {
    ROSTER_GONE = 64,   /* so few places that are gone do no harm */
    ROSTER_LATE = 1024, /* latecomers that wait until all are sorted in at once */
};
/* A latecomer's place. */
#define PLACE_LATE UINT32_MAX

static struct roster_place *place_at(const UT_array *places, unsigned i)
{
    return (struct roster_place *)places->d + i;
}

void roster_init(struct roster *roster)
{
    static const UT_icd icd = {.sz = sizeof(struct roster_place)};
    roster->gone = 0;
    utarray_init(&roster->places, &icd);
    utarray_init(&roster->late, &icd);
}

void roster_finish(struct roster *roster)
{
    utarray_done(&roster->places);
    utarray_done(&roster->late);
}

/* The first place from which on all numbers are at least number. */
static unsigned lower_bound(const UT_array *places, uint64_t number)
{
    unsigned low = 0, high = utarray_len(places);
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (place_at(places, middle)->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* NULL where the number never was, or its place has been closed. */
static struct roster_place *find_place(const UT_array *places, uint64_t number)
{
    unsigned i = lower_bound(places, number);
    bool found = i < utarray_len(places) && place_at(places, i)->number == number;
    return found ? place_at(places, i) : NULL;
}

/* --- latecomers --- */

/* From the back on, so that nobody stands in the way of anybody. */
static void sort_in(struct roster *roster)
{
    unsigned late = utarray_len(&roster->late), old = utarray_len(&roster->places);
    unsigned to = old + late;
    utarray_resize(&roster->places, to);
    while (late > 0) {
        const struct roster_place *place = place_at(&roster->late, late - 1);
        if (old > 0 && place_at(&roster->places, old - 1)->number > place->number)
            place = place_at(&roster->places, --old);
        else
            late--;
        *place_at(&roster->places, --to) = *place;
        if (place->peer)
            place->peer->place = to;
    }
    utarray_clear(&roster->late);
}

static void add_late(struct roster *roster, const struct roster_place *place)
{
    utarray_insert(&roster->late, place, lower_bound(&roster->late, place->number));
    place->peer->place = PLACE_LATE;
    if (utarray_len(&roster->late) == ROSTER_LATE)
        sort_in(roster);
}

static void remove_late(struct roster *roster, const struct peer *peer)
{
    utarray_erase(&roster->late, lower_bound(&roster->late, peer->number), 1);
}

/* --- coming and going --- */

void roster_add(struct roster *roster, struct peer *peer)
{
    const struct roster_place place = {.number = peer->number, .peer = peer};
    unsigned count = utarray_len(&roster->places);
    struct roster_place *gone = NULL;
    if (count == 0 || place_at(&roster->places, count - 1)->number < peer->number) {
        peer->place = count;
        utarray_push_back(&roster->places, &place);
    } else if ((gone = find_place(&roster->places, peer->number))) {
        peer->place = (unsigned)(gone - place_at(&roster->places, 0));
        gone->peer = peer;
        roster->gone--;
    } else {
        add_late(roster, &place);
    }
}

/* Closes the gaps. */
static void compact(struct roster *roster)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < utarray_len(&roster->places); i++) {
        const struct roster_place *place = place_at(&roster->places, i);
        if (!place->peer)
            continue;
        place->peer->place = kept;
        *place_at(&roster->places, kept++) = *place;
    }
    utarray_resize(&roster->places, kept);
    roster->gone = 0;
}

void roster_remove(struct roster *roster, struct peer *peer)
{
    if (peer->place == PLACE_LATE) {
        remove_late(roster, peer);
        return;
    }
    place_at(&roster->places, peer->place)->peer = NULL;
    roster->gone++;
    /* Half of all: each removal pays for one move. */
    if (roster->gone > ROSTER_GONE && roster->gone > utarray_len(&roster->places) / 2)
        compact(roster);
}

/* --- finding --- */

struct peer *roster_find(const struct roster *roster, uint64_t number)
{
    const struct roster_place *place = find_place(&roster->places, number);
    if (!place || !place->peer)
        place = find_place(&roster->late, number);
    return place ? place->peer : NULL;
}

/* The first peer at i or behind it; a latecomer where its number is lower. */
static struct peer *first_from(const struct roster *roster, unsigned i, uint64_t number)
{
    struct peer *peer = NULL;
    for (; i < utarray_len(&roster->places) && !peer; i++)
        peer = place_at(&roster->places, i)->peer;
    unsigned late = lower_bound(&roster->late, number);
    if (late == utarray_len(&roster->late))
        return peer;
    const struct roster_place *place = place_at(&roster->late, late);
    return peer && peer->number < place->number ? peer : place->peer;
}

struct peer *roster_after(const struct roster *roster, uint64_t number)
{
    return first_from(roster, lower_bound(&roster->places, number + 1), number + 1);
}

struct peer *roster_next(const struct roster *roster, const struct peer *peer)
{
    if (!peer || peer->place == PLACE_LATE)
        return roster_after(roster, peer ? peer->number : 0);
    return first_from(roster, peer->place + 1, peer->number + 1);
}

unsigned roster_count(const struct roster *roster)
{
    return utarray_len(&roster->places) - roster->gone + utarray_len(&roster->late);
}
