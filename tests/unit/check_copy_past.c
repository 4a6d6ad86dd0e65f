/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/copy_past.h"

#include <string.h>

#include "check_main.h"

enum { LINE = 64, MOST = 3 * 4096 };

static char from[MOST + 2 * LINE], to[MOST + 2 * LINE], expected[MOST + 2 * LINE];

static void setup(void)
{
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (char)(i * 7 + i / 256);
}

/* All of it, and nothing besides. */
static void check(size_t at, size_t since, size_t size)
{
    memset(to, '.', sizeof to);
    memset(expected, '.', sizeof expected);
    memcpy(expected + at, from + since, size);
    copy_past(to + at, from + since, size);
    ck_assert_msg(memcmp(to, expected, sizeof to) == 0, "%zu bytes from %zu to %zu", size,
                  since, at);
}

START_TEST(wherever_it_stands)
{
    for (size_t at = 0; at <= LINE; at++)
        for (size_t since = 0; since < 20; since += 3)
            check(at, since, MOST);
}
END_TEST

START_TEST(of_any_length)
{
    for (size_t size = 4096 - LINE - 1; size <= 4096 + 2 * LINE; size++)
        check(size % 9, 1, size);
    check(5, 0, 0);
    check(5, 0, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {wherever_it_stands, of_any_length, NULL};
    return check_run_with("copy_past", setup, NULL, tests);
}
