/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/catch_up.h"

#include <inttypes.h>
#include <string.h>

#include "base/ut.h"
#include "check_main.h"
#include "core/told.h"

static struct catch_up catch_up;
static UT_string shown;

static void show(struct catch_up *one, const struct told *told)
{
    ck_assert_ptr_eq(one, &catch_up);
    ck_assert(!told->replayed);
    utstring_printf(&shown, "%" PRIu64 " ", told->seq);
}

static void setup(void)
{
    utstring_init(&shown);
    catch_up = (struct catch_up){.show = show};
}

static void teardown(void)
{
    catch_up_finish(&catch_up);
    utstring_done(&shown);
}

#define SHOWN(expected)                                    \
    do {                                                   \
        ck_assert_str_eq(utstring_body(&shown), expected); \
        utstring_clear(&shown);                            \
    } while (0)

/* The line that is asked; "" for none. */
static void begin(const char *run, uint64_t seq, uint64_t count, const char *expected)
{
    char *line = catch_up_begin(&catch_up, run, seq, "*", count);
    ck_assert_str_eq(line ? line : "", expected);
    free(line);
}

static void tell(uint64_t seq)
{
    static char data[1 << 20];
    const struct told told = {.type = HUB_MESSAGE,
                              .seq = seq,
                              .peer.number = 1,
                              .message = {.data = data, .size = sizeof data}};
    catch_up_tell(&catch_up, &told);
}

static void again(uint64_t seq)
{
    const struct told told = {
        .type = HUB_HALF_CLOSE, .seq = seq, .peer.number = 1, .replayed = true};
    catch_up_again(&catch_up, &told);
}

START_TEST(begins_with_the_last_messages)
{
    begin("a", 9, 20, "/show * 20");
    again(3);
    tell(10);
    again(7);
    again(10); /* which came by itself */
    tell(11);
    SHOWN("3 7 ");
    catch_up_done(&catch_up);
    SHOWN("10 11 ");
    tell(12);
    SHOWN("12 ");
}
END_TEST

START_TEST(begins_with_nothing)
{
    begin("a", 9, 0, "");
    tell(10);
    catch_up_done(&catch_up);
    tell(11);
    SHOWN("10 11 ");
}
END_TEST

START_TEST(a_daemon_without_a_history)
{
    begin("", 0, 20, "");
    tell(0);
    SHOWN("0 ");
    catch_up_done(&catch_up);
    begin("", 0, 20, "");
}
END_TEST

START_TEST(fills_what_was_missed)
{
    begin("a", 9, 20, "/show * 20");
    catch_up_done(&catch_up);
    tell(10);
    SHOWN("10 ");
    begin("a", 15, 20, "/replay 10");
    again(11);
    again(12);
    tell(16);
    SHOWN("11 12 ");
    begin("a", 18, 20, "/replay 12"); /* the connection was lost again, in the middle */
    tell(19);
    for (uint64_t seq = 13; seq <= 19; seq++)
        again(seq);
    catch_up_done(&catch_up);
    SHOWN("13 14 15 16 17 18 19 ");
    begin("a", 19, 20, ""); /* nothing was missed */
    catch_up_done(&catch_up);
    begin("a", 21, 20, "/replay 19");
}
END_TEST

START_TEST(nothing_was_shown_yet)
{
    begin("a", 9, 20, "/show * 20");
    again(5);
    begin("a", 10, 20, "/show * 20");
    again(5);
    again(10);
    SHOWN("5 10 ");
}
END_TEST

START_TEST(another_run_begins_anew)
{
    begin("a", 900, 20, "/show * 20");
    catch_up_done(&catch_up);
    tell(901);
    SHOWN("901 ");
    begin("a", 903, 20, "/replay 901");
    tell(904);
    begin("b", 5, 20, "/show * 20");
    SHOWN("904 "); /* the last that was heard of the former one */
    again(2);
    tell(6);
    catch_up_done(&catch_up);
    SHOWN("2 6 ");
    begin("b", 8, 20, "/replay 6");
}
END_TEST

START_TEST(does_not_wait_for_ever)
{
    begin("a", 9, 20, "/show * 20");
    catch_up_done(&catch_up);
    begin("a", 12, 20, "/replay 9");
    for (uint64_t seq = 13; seq <= 22; seq++)
        tell(seq);
    SHOWN("21 22 ");
    again(10); /* and nothing is left out for that */
    again(12);
    catch_up_done(&catch_up);
    SHOWN("10 12 13 14 15 16 17 18 19 20 ");
    begin("a", 22, 20, "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {begins_with_the_last_messages, begins_with_nothing,
                                  a_daemon_without_a_history,    fills_what_was_missed,
                                  nothing_was_shown_yet,         another_run_begins_anew,
                                  does_not_wait_for_ever,        NULL};
    return check_run_with("catch_up", setup, teardown, tests);
}
