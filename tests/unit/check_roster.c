/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/roster.h"

#include "check_main.h"
#include "core/peer.h"

enum { MANY = 5000 };

static struct roster roster;
static struct peer peers[MANY + 1]; /* peers[n] has number n */

static void setup(void)
{
    roster_init(&roster);
}

static void teardown(void)
{
    roster_finish(&roster);
}

static void add(unsigned first, unsigned last)
{
    for (unsigned n = first; n <= last; n++) {
        peers[n].number = n;
        roster_add(&roster, &peers[n]);
    }
}

START_TEST(nobody)
{
    ck_assert_uint_eq(roster_count(&roster), 0);
    ck_assert_ptr_null(roster_next(&roster, NULL));
    ck_assert_ptr_null(roster_find(&roster, 0));
    ck_assert_ptr_null(roster_find(&roster, 1));
}
END_TEST

START_TEST(found_by_number)
{
    add(1, MANY);
    for (unsigned n = 1; n <= MANY; n++)
        ck_assert_ptr_eq(roster_find(&roster, n), &peers[n]);
    ck_assert_ptr_null(roster_find(&roster, 0));
    ck_assert_ptr_null(roster_find(&roster, MANY + 1));
}
END_TEST

START_TEST(in_order_of_number)
{
    add(1, 3);
    struct peer *peer = roster_next(&roster, NULL);
    ck_assert_ptr_eq(peer, &peers[1]);
    peer = roster_next(&roster, peer);
    ck_assert_ptr_eq(peer, &peers[2]);
    ck_assert_ptr_eq(roster_next(&roster, peer), &peers[3]);
    ck_assert_ptr_null(roster_next(&roster, &peers[3]));
}
END_TEST

START_TEST(who_has_gone_is_passed_over)
{
    add(1, 4);
    roster_remove(&roster, &peers[1]);
    roster_remove(&roster, &peers[3]);
    ck_assert_ptr_null(roster_find(&roster, 1));
    ck_assert_ptr_null(roster_find(&roster, 3));
    ck_assert_ptr_eq(roster_next(&roster, NULL), &peers[2]);
    ck_assert_ptr_eq(roster_next(&roster, &peers[2]), &peers[4]);
    roster_remove(&roster, &peers[2]);
    roster_remove(&roster, &peers[4]);
    ck_assert_uint_eq(roster_count(&roster), 0);
    ck_assert_ptr_null(roster_next(&roster, NULL));
}
END_TEST

/* Gaps are closed on the way, and nobody gets lost by it. */
START_TEST(most_go)
{
    add(1, MANY);
    for (unsigned n = 1; n <= MANY; n++)
        if (n % 10 != 0)
            roster_remove(&roster, &peers[n]);
    const struct peer *peer = NULL;
    for (unsigned n = 10; n <= MANY; n += 10) {
        peer = roster_next(&roster, peer);
        ck_assert_ptr_eq(peer, &peers[n]);
        ck_assert_ptr_eq(roster_find(&roster, n), &peers[n]);
        ck_assert_ptr_null(roster_find(&roster, n - 1));
    }
    ck_assert_ptr_null(roster_next(&roster, peer));
}
END_TEST

/* Peers come and go for ever: the room follows those that are there, not those that were. */
START_TEST(room_does_not_grow_with_time)
{
    static struct peer one, other;
    for (uint64_t number = 1; number < 100 * (uint64_t)MANY; number += 2) {
        one.number = number;
        roster_add(&roster, &one);
        other.number = number + 1;
        roster_add(&roster, &other);
        roster_remove(&roster, &one);
        ck_assert_ptr_eq(roster_find(&roster, number + 1), &other);
        roster_remove(&roster, &other);
    }
    ck_assert_uint_eq(roster_count(&roster), 0);
    ck_assert_uint_lt(utarray_len(&roster.places), 1000);
}
END_TEST

START_TEST(what_a_flood_took_is_given_back)
{
    add(1, MANY);
    const unsigned most = roster.places.n;
    for (unsigned n = 2; n <= MANY; n++)
        roster_remove(&roster, &peers[n]);
    ck_assert_uint_lt(roster.places.n, most / 4);
    ck_assert_ptr_eq(roster_find(&roster, 1), &peers[1]);
    peers[2].number = MANY + 1;
    roster_add(&roster, &peers[2]);
    ck_assert_ptr_eq(roster_next(&roster, &peers[1]), &peers[2]);
}
END_TEST

/* Goes through all of them both ways, and finds who stays. */
static void check_order(unsigned first, unsigned last, unsigned step)
{
    const struct peer *peer = NULL;
    for (unsigned n = first; n <= last; n += step) {
        ck_assert_ptr_eq(roster_after(&roster, n - 1), &peers[n]);
        peer = roster_next(&roster, peer);
        ck_assert_ptr_eq(peer, &peers[n]);
        ck_assert_ptr_eq(roster_find(&roster, n), &peers[n]);
    }
    ck_assert_ptr_null(roster_next(&roster, peer));
    ck_assert_ptr_null(roster_after(&roster, last));
}

START_TEST(after_a_number)
{
    add(1, MANY);
    check_order(1, MANY, 1);
    for (unsigned n = 1; n <= MANY; n += 2)
        roster_remove(&roster, &peers[n]);
    ck_assert_uint_eq(roster_count(&roster), MANY / 2);
    check_order(2, MANY, 2);
}
END_TEST

/* As in a program that calls again: its peer is number 1 each time. */
START_TEST(numbers_begin_anew_where_nobody_is)
{
    add(1, 3);
    for (unsigned n = 1; n <= 3; n++)
        roster_remove(&roster, &peers[n]);
    add(1, 2);
    check_order(1, 2, 1);
    ck_assert_uint_eq(roster_count(&roster), 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody,
                                  found_by_number,
                                  in_order_of_number,
                                  who_has_gone_is_passed_over,
                                  most_go,
                                  room_does_not_grow_with_time,
                                  what_a_flood_took_is_given_back,
                                  after_a_number,
                                  numbers_begin_anew_where_nobody_is,
                                  NULL};
    return check_run_with("roster", setup, teardown, tests);
}
