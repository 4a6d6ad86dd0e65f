/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/responder.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "check_main.h"

/* 2017-03-19 10:27:00 UTC */
enum { SUNDAY = 1489919220 };
#define MICROSECONDS(seconds) ((int64_t)(seconds)*1000000)

static UT_string scratch;

static void setup(void)
{
    utstring_init(&scratch);
    setenv("TZ", "UTC0", 1);
    tzset();
}

static void teardown(void)
{
    utstring_done(&scratch);
}

/*
 * Machines without any locale but C have none to show that the stamp follows it: whoever asks
 * for the names of days and months here gets none in English.
 */
size_t strftime(char *text, size_t size, const char *format, const struct tm *tm)
{
    (void)format;
    (void)tm;
    snprintf(text, size, "dimanche 19 mars");
    return strlen(text);
}

/* Borrowed until the next. */
static const char *reply(const struct responder *responder, const char *text, int64_t wall)
{
    static char copy[256];
    const struct message message = {.data = text, .size = strlen(text)};
    const void *data = NULL;
    size_t size = SIZE_MAX;
    utstring_clear(&scratch);
    responder->reply(&message, wall, &scratch, &data, &size);
    ck_assert_uint_lt(size, sizeof copy);
    memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

#define STAMPS(seconds, expected) \
    ck_assert_str_eq(reply(&responder_stamp, "hi", MICROSECONDS(seconds)), expected)

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

START_TEST(none_never_answers)
{
    ck_assert_ptr_null(responder_none.reply);
}
END_TEST

START_TEST(echo_gives_it_back)
{
    const char bytes[] = "a\0\xff\n";
    const struct message message = {.data = bytes, .size = 4};
    const void *data = NULL;
    size_t size = 0;
    responder_echo.reply(&message, 0, &scratch, &data, &size);
    ck_assert_uint_eq(size, 4);
    ck_assert_mem_eq(data, bytes, 4);
}
END_TEST

START_TEST(the_echo_of_nothing_is_empty)
{
    const struct message message = {.data = NULL, .size = 0};
    const void *data = "x";
    size_t size = 7;
    responder_echo.reply(&message, 0, &scratch, &data, &size);
    ck_assert_uint_eq(size, 0);
}
END_TEST

START_TEST(stamp_puts_the_time_before_it)
{
    STAMPS(SUNDAY, "[Sun Mar 19 10:27:00 2017] hi");
    ck_assert_str_eq(reply(&responder_stamp, "", MICROSECONDS(SUNDAY)),
                     "[Sun Mar 19 10:27:00 2017] ");
}
END_TEST

START_TEST(stamp_takes_bytes_as_they_are)
{
    static const char expected[] = "[Thu Jan  1 00:00:00 1970] a\0\xff\n";
    const struct message message = {.data = "a\0\xff\n", .size = 4};
    const void *data = NULL;
    size_t size = 0;
    responder_stamp.reply(&message, 0, &scratch, &data, &size);
    ck_assert_uint_eq(size, sizeof expected - 1);
    ck_assert_mem_eq(data, expected, sizeof expected - 1);
}
END_TEST

START_TEST(stamp_takes_no_bytes)
{
    const struct message message = {.data = NULL, .size = 0};
    const void *data = NULL;
    size_t size = 0;
    responder_stamp.reply(&message, 0, &scratch, &data, &size);
    ck_assert_uint_eq(size, strlen("[Thu Jan  1 00:00:00 1970] "));
    ck_assert_ptr_eq(data, utstring_body(&scratch));
}
END_TEST

START_TEST(the_day_is_padded_with_a_blank)
{
    STAMPS(SUNDAY - 14 * 86400, "[Sun Mar  5 10:27:00 2017] hi");
    STAMPS(SUNDAY - 9 * 86400, "[Fri Mar 10 10:27:00 2017] hi");
}
END_TEST

START_TEST(the_time_is_padded_with_noughts)
{
    STAMPS(SUNDAY - 10 * 3600 - 20 * 60 + 5, "[Sun Mar 19 00:07:05 2017] hi");
}
END_TEST

START_TEST(a_second_is_not_rounded_up)
{
    ck_assert_str_eq(reply(&responder_stamp, "", MICROSECONDS(SUNDAY) + 999999),
                     "[Sun Mar 19 10:27:00 2017] ");
}
END_TEST

START_TEST(stamp_is_local_time)
{
    static const struct {
        const char *zone, *expected;
    } cases[] = {
        {"UTC0", "[Sun Mar 19 10:27:00 2017] hi"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "[Sun Mar 19 11:27:00 2017] hi"},
        {"IST-5:30", "[Sun Mar 19 15:57:00 2017] hi"},
        {"EST5EDT,M3.2.0,M11.1.0", "[Sun Mar 19 06:27:00 2017] hi"},
        {"HST10", "[Sun Mar 19 00:27:00 2017] hi"},
        {"SST11", "[Sat Mar 18 23:27:00 2017] hi"},
        {"LINT-14", "[Mon Mar 20 00:27:00 2017] hi"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set_zone(cases[i].zone);
        STAMPS(SUNDAY, cases[i].expected);
    }
}
END_TEST

/* The form is that of ctime(3), which is English in every locale. */
static void check_a_year(void)
{
    for (int day = 0; day < 366; day++) {
        char text[64], expected[128];
        const time_t seconds = (time_t)SUNDAY + day * 86400 + day * 61;
        ctime_r(&seconds, text);
        text[strcspn(text, "\n")] = '\0';
        snprintf(expected, sizeof expected, "[%s] hi", text);
        STAMPS(seconds, expected);
    }
}

START_TEST(stamp_knows_all_days_and_months)
{
    check_a_year();
}
END_TEST

START_TEST(stamp_follows_no_locale)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "zh_CN.UTF-8",
                                          "ru_RU.UTF-8", "C.UTF-8",     "C"};
    for (size_t i = 0; i < COUNT(locales); i++)
        if (setlocale(LC_ALL, locales[i]))
            check_a_year();
}
END_TEST

/* --- by name --- */

START_TEST(finds_each_by_its_name)
{
    char *error = NULL;
    ck_assert_ptr_eq(responder_find("none", &error), &responder_none);
    ck_assert_ptr_eq(responder_find("echo", &error), &responder_echo);
    ck_assert_ptr_eq(responder_find("stamp", &error), &responder_stamp);
    ck_assert_ptr_null(error);
    for (size_t i = 0; responder_table[i]; i++) {
        ck_assert_ptr_eq(responder_find(responder_table[i]->name, &error), responder_table[i]);
        ck_assert_uint_gt(strlen(responder_table[i]->help), 0);
    }
}
END_TEST

START_TEST(lists_those_there_are)
{
    static const struct {
        const char *name, *error;
    } cases[] = {
        {"ecco", "unknown reply 'ecco': use one of none, echo, stamp"},
        {"Echo", "unknown reply 'Echo': use one of none, echo, stamp"},
        {"ech", "unknown reply 'ech': use one of none, echo, stamp"},
        {"", "unknown reply '': use one of none, echo, stamp"},
        {"\x1b[H", "unknown reply '\\x1b[H': use one of none, echo, stamp"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *error = NULL;
        ck_assert_ptr_null(responder_find(cases[i].name, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {none_never_answers,
                                  echo_gives_it_back,
                                  the_echo_of_nothing_is_empty,
                                  stamp_puts_the_time_before_it,
                                  stamp_takes_bytes_as_they_are,
                                  stamp_takes_no_bytes,
                                  the_day_is_padded_with_a_blank,
                                  the_time_is_padded_with_noughts,
                                  a_second_is_not_rounded_up,
                                  stamp_is_local_time,
                                  stamp_knows_all_days_and_months,
                                  stamp_follows_no_locale,
                                  finds_each_by_its_name,
                                  lists_those_there_are,
                                  NULL};
    return check_run_with("responder", setup, teardown, tests);
}
