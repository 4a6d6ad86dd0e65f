/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/turn.h"

#include "check_main.h"

static struct turn turn;
static struct turns turns;

static void setup(void)
{
    turn = (struct turn){0};
    turns = (struct turns){0};
}

START_TEST(lasts_from_its_beginning_to_its_end)
{
    turn_begin(&turn, 1000);
    ck_assert(turn.begun);
    turn_end(&turn, 1300, &turns);
    ck_assert(!turn.begun);
    ck_assert_uint_eq(turns.longest, 300);
    ck_assert_uint_eq(turns.longest_in, PART_PEERS);
    ck_assert_uint_eq(turns.count, 1);
}
END_TEST

START_TEST(names_the_part_that_took_most)
{
    turn_begin(&turn, 0);
    turn_enter(&turn, PART_CONSOLE, 10);
    ck_assert_uint_eq(turn_enter(&turn, PART_COMMAND, 200), PART_CONSOLE);
    turn_enter(&turn, PART_CONSOLE, 350);
    turn_enter(&turn, PART_PEERS, 360);
    turn_enter(&turn, PART_COMMAND, 400);
    turn_end(&turn, 500, &turns); /* peers 50, console 200, command 250 */
    ck_assert_uint_eq(turns.longest, 500);
    ck_assert_uint_eq(turns.longest_in, PART_COMMAND);
}
END_TEST

START_TEST(a_shorter_one_is_only_counted)
{
    turn_begin(&turn, 0);
    turn_enter(&turn, PART_NAMES, 0);
    turn_end(&turn, 500, &turns);
    turn_begin(&turn, 1000);
    turn_end(&turn, 1499, &turns);
    ck_assert_uint_eq(turns.longest, 500);
    ck_assert_uint_eq(turns.longest_in, PART_NAMES);
    ck_assert_uint_eq(turns.count, 2);
}
END_TEST

START_TEST(one_knows_nothing_of_the_one_before)
{
    turn_begin(&turn, 0);
    turn_enter(&turn, PART_FILES, 0);
    turn_end(&turn, 100, &turns);
    turn_begin(&turn, 1000);
    turn_enter(&turn, PART_SIGNALS, 1060);
    turn_end(&turn, 1150, &turns);
    ck_assert_uint_eq(turns.longest, 150);
    ck_assert_uint_eq(turns.longest_in, PART_SIGNALS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lasts_from_its_beginning_to_its_end,
                                  names_the_part_that_took_most, a_shorter_one_is_only_counted,
                                  one_knows_nothing_of_the_one_before, NULL};
    return check_run_with("turn", setup, NULL, tests);
}
