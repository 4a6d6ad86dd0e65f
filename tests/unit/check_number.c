/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include "check_main.h"

START_TEST(parses_numbers)
{
    uint64_t value;
    ck_assert(number_parse("0", 0, &value) && value == 0);
    ck_assert(number_parse("65535", 65535, &value) && value == 65535);
    ck_assert(number_parse("007", 7, &value) && value == 7);
    ck_assert(number_parse("18446744073709551615", UINT64_MAX, &value) && value == UINT64_MAX);
    static const char *const wrong[] = {"",
                                        " ",
                                        "-1",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1x",
                                        "0x10",
                                        "18446744073709551616",
                                        "99999999999999999999999",
                                        "1.0"};
    value = 5;
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!number_parse(wrong[i], UINT64_MAX, &value), "'%s'", wrong[i]);
    ck_assert(!number_parse("65536", 65535, &value));
    ck_assert(!number_parse("1", 0, &value));
    ck_assert_uint_eq(value, 5);
}
END_TEST

START_TEST(parses_sizes)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } right[] = {
        {"0", 0},        {"65536", 65536},
        {"64k", 65536},  {"64K", 65536},
        {"1M", 1048576}, {"2G", 2147483648},
        {"0k", 0},       {"17179869183G", 17179869183ull << 30},
    };
    static const char *const wrong[] = {"",   "k",  "1m",   "1g",           "1kB", "1 k",
                                        "-1", "1T", "1.5M", "17179869184G", "k1",  "1kk"};
    uint64_t bytes;
    for (size_t i = 0; i < COUNT(right); i++) {
        ck_assert_msg(number_parse_size(right[i].text, &bytes), "'%s'", right[i].text);
        ck_assert_uint_eq(bytes, right[i].bytes);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!number_parse_size(wrong[i], &bytes), "'%s'", wrong[i]);
}
END_TEST

START_TEST(parses_seconds)
{
    static const struct {
        const char *text;
        int64_t microseconds;
    } right[] = {
        {"0", 0},
        {"2", 2000000},
        {"0.25", 250000},
        {".5", 500000},
        {"1.000001", 1000001},
        {"1000000000", 1000000000000000},
        {"1000000000.000000", 1000000000000000},
        {"0.0000001", 1}, /* something is not nothing */
        {"0.0000000", 0},
        {"1.99999999999999999999999999", 2000000},
    };
    static const char *const wrong[] = {"",
                                        ".",
                                        "1.",
                                        "-1",
                                        "+1",
                                        "1s",
                                        "1e3",
                                        "1 ",
                                        "nan",
                                        "1..2",
                                        "..",
                                        "1,5",
                                        "1000000001",
                                        "1000000000.000001",
                                        "99999999999999999999"};
    int64_t value;
    for (size_t i = 0; i < COUNT(right); i++) {
        ck_assert_msg(number_parse_seconds(right[i].text, &value), "'%s'", right[i].text);
        ck_assert_int_eq(value, right[i].microseconds);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!number_parse_seconds(wrong[i], &value), "'%s'", wrong[i]);
}
END_TEST

START_TEST(parses_modes)
{
    static const char *const wrong[] = {"", "8", "0888", "01000", "1777", "-1", "0x1", "660 "};
    unsigned mode;
    ck_assert(number_parse_mode("0660", &mode) && mode == 0660);
    ck_assert(number_parse_mode("777", &mode) && mode == 0777);
    ck_assert(number_parse_mode("0", &mode) && mode == 0);
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!number_parse_mode(wrong[i], &mode), "'%s'", wrong[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {parses_numbers, parses_sizes, parses_seconds, parses_modes,
                                  NULL};
    return check_run("number", tests);
}
