/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/repeats.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "command/operator_task.h"
#include "fake_operator.h"

enum { SECOND = 1000000 };

static struct fake world;
static struct fake_operator console;
static struct fake_link *peer; /* #1 */

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    peer = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    fake_take(&world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_pass(&world, 100 * SECOND); /* nothing of it is left */
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define TOLD(expected) ck_assert_str_eq(fake_operator_take(&console), expected)
#define TOOK(expected) ck_assert_str_eq(fake_link_take(peer), expected)

/* --- when --- */

START_TEST(begins_at_once_and_goes_on)
{
    SAYS("/every 2 @1 hi", "every: 1 each 2000000 '@1 hi'\n");
    TOOK("");
    fake_turn(&world);
    TOLD("every 1 send: done\n");
    TOOK("hi\\n");
    fake_pass(&world, 2 * SECOND - 1);
    TOLD("");
    fake_pass(&world, 1);
    TOOK("hi\\n");
    fake_pass(&world, 6 * SECOND);
    TOOK("hi\\nhi\\nhi\\n");
    TOLD("every 1 send: done\nevery 1 send: done\nevery 1 send: done\nevery 1 send: done\n");
}
END_TEST

START_TEST(each_has_its_time)
{
    fake_say(&console, "/every 0.3 @1 a");
    fake_say(&console, "/every 0.2 @1 b");
    fake_pass(&world, 0);
    fake_turn(&world);
    fake_turn(&world);
    TOOK("a\\nb\\n");
    fake_pass(&world, SECOND);
    TOOK("b\\na\\nb\\na\\nb\\nb\\na\\nb\\n"); /* at 0.6 that of the lower number */
}
END_TEST

/* Of two that are due at once, a turn runs one: others want a share of it, too. */
START_TEST(a_turn_runs_one)
{
    fake_say(&console, "/every 1 @1 a");
    fake_say(&console, "/every 1 @1 b");
    fake_turn(&world);
    TOOK("a\\n");
    fake_turn(&world);
    TOOK("b\\n");
    fake_turn(&world);
    TOOK("");
}
END_TEST

START_TEST(what_finds_no_room_waits_and_is_not_made_up_for)
{
    console.full = true;
    fake_say(&console, "/every 1 @1 hi");
    fake_turn(&world);
    fake_pass(&world, 3500000);
    TOOK("");
    console.full = false;
    fake_pass(&world, 100000);
    TOOK("hi\\n");
    fake_pass(&world, 399999);
    TOOK("");
    fake_pass(&world, 1); /* 4 s after it began */
    TOOK("hi\\n");
}
END_TEST

START_TEST(waits_for_its_own_answer)
{
    console.listen_waits = true;
    SAYS("/every 1 /listen tcp://later:1", "every: 1 each 1000000 '/listen tcp://later:1'\n");
    fake_turn(&world);
    fake_pass(&world, 10 * SECOND);
    ck_assert_uint_eq(console.listenings, 1);
    TOLD("");
    console.listen_waits = false;
    console.ready(console.asker);
    operator_task_go_on(&console.session);
    TOLD("every 1 listen: 2\n");
    console.session.every = 0; /* as a console does it */
    fake_pass(&world, 1000);
}
END_TEST

/* --- errors --- */

START_TEST(counts_the_same_error)
{
    const char *none = "every 1 error send: no target: choose one with /to PEER, or write "
                       "@PEERS TEXT";
    char expected[512];
    SAYS("/every 1 hi", "every: 1 each 1000000 'hi'\n");
    fake_turn(&world);
    fake_pass(&world, 2 * SECOND);
    snprintf(expected, sizeof expected, "%s\n%s (2)\n%s (3)\n", none, none, none);
    TOLD(expected);
    fake_say(&console, "/to 1");
    fake_pass(&world, SECOND);
    TOLD("every 1 send: done\n");
    fake_say(&console, "/to -");
    fake_pass(&world, SECOND);
    snprintf(expected, sizeof expected, "%s\n", none);
    TOLD(expected);
}
END_TEST

START_TEST(an_error_of_a_typed_line_has_no_count)
{
    fake_say(&console, "/every 1 @9 hi");
    fake_turn(&world);
    fake_pass(&world, SECOND);
    SAYS("@9 hi", "error send: no peer '9' on the line\n");
    SAYS("@9 hi", "error send: no peer '9' on the line\n");
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
    static const struct {
        const char *line, *error;
    } cases[] = {
        {"/every 1", "the line is missing: write /every SECONDS LINE"},
        {"/every 1 ", "the line is missing: write /every SECONDS LINE"},
        {"/every 0.09 @1 x",
         "'0.09' is not a number of seconds, at least 0.1, such as 2 or 0.5"},
        {"/every @1 x", "'@1' is not a number of seconds, at least 0.1, such as 2 or 0.5"},
        {"/every -1 x", "'-1' is not a number of seconds, at least 0.1, such as 2 or 0.5"},
        {"/every 1 /ev", "/every is not typed again and again: once is enough"},
        {"/every 1 /view hex", "/view is not typed again and again: once is enough"},
        {"/every 1 /set 1 view=hex", "/set is not typed again and again: once is enough"},
        {"/every 1 /quit", "/quit is not typed again and again: once is enough"},
        {"/every 1 /zork", "unknown command '/zork': /help lists them, and //TEXT sends /TEXT"},
        {"/every - 1", "no /every '1' at this console: /every lists them"},
        {"/every - x", "no /every 'x' at this console: /every lists them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[256];
        snprintf(expected, sizeof expected, "error every: %s\n", cases[i].error);
        SAYS(cases[i].line, expected);
    }
    ck_assert_ptr_nonnull(strstr(fake_say_bytes(&console, "/every 1 @1 a\0b", 15), "NUL"));
    SAYS("/every", "every:\n");
    fake_turn(&world);
    TOOK("");
}
END_TEST

/* --- which --- */

START_TEST(lists_and_ends)
{
    SAYS("/every", "every:\n");
    SAYS("/every -", "every: done (nothing was typed again and again)\n");
    fake_say(&console, "/every 1 @1 a");
    fake_say(&console, "/every 2.5 @1 b");
    SAYS("/every 3 @1  c ", "every: 3 each 3000000 '@1  c '\n");
    SAYS("/every - 1", "every: done\n");
    SAYS("/every", "every: 2 each 2500000 '@1 b' 3 each 3000000 '@1  c '\n");
    SAYS("/every - 1", "error every: no /every '1' at this console: /every lists them\n");
    fake_pass(&world, 0);
    SAYS("/every 9 @1 d", "every: 4 each 9000000 '@1 d'\n"); /* no number is used again */
    SAYS("/every - \r", "every: done (ended 3)\n");
    SAYS("/every", "every:\n");
    fake_turn(&world);
    fake_pass(&world, 10 * SECOND);
    TOOK("");
}
END_TEST

START_TEST(are_bounded)
{
    static char line[REPEATS_BYTES_MAX + 100];
    for (int i = 0; i < REPEATS_MAX; i++)
        fake_say(&console, "/every 1000 @1 a");
    ck_assert_uint_eq(repeats_count(&console.session), REPEATS_MAX);
    SAYS("/every 1 @1 b",
         "error every: 64 lines are typed again and again, and more cannot be: "
         "/every - N ends one\n");
    fake_say(&console, "/every -");
    memset(line, 'x', sizeof line - 1);
    memcpy(line, "/every 1 ", 9);
    line[9 + REPEATS_BYTES_MAX] = '\0';
    ck_assert_ptr_nonnull(strstr(fake_say(&console, line), "every: 65 each"));
    SAYS("/every 1 a", "error every: the lines that are typed again and again may have 65536 "
                       "bytes together\n");
    fake_say(&console, "/every -");
    line[9 + REPEATS_BYTES_MAX] = 'x';
    ck_assert_ptr_nonnull(strstr(fake_say(&console, line), "65536 bytes together"));
}
END_TEST

/* --- the end --- */

START_TEST(end_with_what_may_be_changed)
{
    fake_say(&console, "/every 1 @1 a");
    fake_turn(&world);
    TOOK("a\\n");
    fake_say(&console, "/read-only");
    fake_pass(&world, 10 * SECOND);
    TOOK("");
    ck_assert_uint_eq(repeats_count(&console.session), 0);
}
END_TEST

START_TEST(rest_when_the_operator_leaves)
{
    fake_say(&console, "/every 1 @1 a");
    fake_say(&console, "/quit");
    fake_turn(&world);
    fake_pass(&world, 10 * SECOND);
    TOOK("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {begins_at_once_and_goes_on,
                                  each_has_its_time,
                                  a_turn_runs_one,
                                  what_finds_no_room_waits_and_is_not_made_up_for,
                                  waits_for_its_own_answer,
                                  counts_the_same_error,
                                  an_error_of_a_typed_line_has_no_count,
                                  refuses_what_cannot_be,
                                  lists_and_ends,
                                  are_bounded,
                                  end_with_what_may_be_changed,
                                  rest_when_the_operator_leaves,
                                  NULL};
    return check_run_with("repeats", setup, teardown, tests);
}
