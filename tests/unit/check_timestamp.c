/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/timestamp.h"

#include "check_main.h"

static int64_t parsed(const char *text)
{
    int64_t time = 0;
    ck_assert_msg(timestamp_parse(text, &time), "%s", text);
    return time;
}

START_TEST(times_are_read)
{
    ck_assert_int_eq(parsed("1970-01-01T00:00:00Z"), 0);
    ck_assert_int_eq(parsed("2017-03-19T10:47:00.000006Z"), 1489920420000006);
    ck_assert_int_eq(parsed("2017-03-19T10:47:00.5z"), 1489920420500000);
    ck_assert_int_eq(parsed("2017-03-19T10:47:00.1234567899Z"), 1489920420123456);
    ck_assert_int_eq(parsed("1969-12-31T23:59:59.25Z"), -750000);
}
END_TEST

START_TEST(offsets_count)
{
    ck_assert_int_eq(parsed("2017-03-19T12:47:00+02:00"), 1489920420000000);
    ck_assert_int_eq(parsed("2017-03-19T05:17:00.25-05:30"), 1489920420250000);
    ck_assert_int_eq(parsed("2017-03-19T10:47:00+00:00"), 1489920420000000);
}
END_TEST

START_TEST(others_are_refused)
{
    static const char *const others[] = {
        "",
        "now",
        "2017-03-19",
        "2017-03-19T10:47:00",
        "2017-03-19T10:47:00+2",
        "2017-03-19T10:47:00+0200",
        "2017-03-19T10:47:00+02:99",
        "2017-03-19T10:47:00Z ",
        "2017-03-19T25:47:00Z",
        "1489920420",
        "12017-03-19T10:47:00Z",
    };
    int64_t time;
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!timestamp_parse(others[i], &time), "%s", others[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {times_are_read, offsets_count, others_are_refused, NULL};
    return check_run("timestamp", tests);
}
