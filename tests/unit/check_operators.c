/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operators.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console; /* number 1, of which nobody is told that it has come */
static struct operator_session second, third;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    second = (struct operator_session){
        .hub = &world.hub, .console = 2, .uid = 7, .attached = true, .read_only = true};
    third = (struct operator_session){
        .hub = &world.hub, .console = 5, .uid = 8, .attached = true, .target = 9};
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define SAW(expected) ck_assert_str_eq(fake_take(&world), expected)

START_TEST(who_comes_and_goes_is_told)
{
    SAW("");
    operators_join(&console.operators, &second);
    SAW("console 2 attached uid 7 read\n");
    operators_leave(&second);
    SAW("console 2 left uid 7 read\n");
    operators_leave(&second);
    SAW("");
}
END_TEST

START_TEST(all_are_listed)
{
    SAYS("/consoles", "consoles: 1 uid 0\n");
    operators_join(&console.operators, &second);
    operators_join(&console.operators, &third);
    SAYS("/consoles", "consoles: 1 uid 0 2 uid 7 read 5 uid 8 target 9\n");
    operators_leave(&second);
    SAYS("/consoles", "consoles: 1 uid 0 5 uid 8 target 9\n");
    operators_leave(&third);
}
END_TEST

START_TEST(long_lists_come_in_pieces)
{
    static struct operator_session many[RESULT_LIST_MAX];
    for (unsigned i = 0; i < RESULT_LIST_MAX; i++) {
        many[i] = (struct operator_session){.hub = &world.hub, .console = 10 + i};
        operators_join(&console.operators, &many[i]);
    }
    const char *said = fake_say(&console, "/consoles");
    ck_assert_ptr_nonnull(strstr(said, " 1008 uid 0 more\nconsoles: 1009 uid 0 next\n"));
    for (unsigned i = 0; i < RESULT_LIST_MAX; i++)
        operators_leave(&many[i]);
}
END_TEST

START_TEST(a_word_is_for_all)
{
    SAYS("/say hello", "say: done (nobody else is attached)\n");
    SAW("console 1 says uid 0 hello\n");
    operators_join(&console.operators, &second);
    fake_take(&world);
    SAYS("/say  two  words ", "say: done\n");
    SAW("console 1 says uid 0  two  words \n");
    SAYS("/say", "error say: something is missing: write /say TEXT\n");
    SAYS("/say ", "error say: something is missing: write /say TEXT\n");
    console.session.read_only = true;
    SAYS("/say x", "say: done\n");
    SAW("console 1 says uid 0 read x\n");
    operators_leave(&second);
}
END_TEST

START_TEST(a_word_has_a_bound)
{
    static char line[5000] = "/say ";
    memset(line + 5, 'x', 4097);
    SAYS(line, "error say: a word to other operators may have 4096 bytes, this one has 4097\n");
    ck_assert_str_eq(fake_say_bytes(&console, "/say a\0b", 8),
                     "error say: a word to other operators may not hold a NUL byte\n");
    SAW("");
    line[5 + 4096] = '\0';
    ck_assert_ptr_nonnull(strstr(fake_say(&console, line), "say: done"));
}
END_TEST

/* At the end of all, everybody goes. */
START_TEST(a_shutdown_is_silent)
{
    operators_join(&console.operators, &second);
    hub_shutdown(&world.hub);
    fake_take(&world);
    operators_leave(&second);
    SAW("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_comes_and_goes_is_told,
                                  all_are_listed,
                                  long_lists_come_in_pieces,
                                  a_word_is_for_all,
                                  a_word_has_a_bound,
                                  a_shutdown_is_silent,
                                  NULL};
    return check_run_with("operators", setup, teardown, tests);
}
