/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_colour.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"

static void environment(const char *term, const char *depth, const char *off)
{
    setenv("TERM", term, 1);
    setenv("COLORTERM", depth, 1);
    setenv("NO_COLOR", off, 1);
}

START_TEST(the_environment_says_how_many)
{
    environment("xterm", "", "");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_FEW);
    environment("screen-256color", "", "");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_MANY);
    environment("foot", "truecolor", "");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_MANY);
    environment("foot", "truecolor", "1");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_NONE);
    environment("dumb", "truecolor", "");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_NONE);
    unsetenv("TERM");
    ck_assert_int_eq(text_colours_wanted(), TEXT_COLOURS_NONE);
}
END_TEST

START_TEST(none_where_none_are_wanted)
{
    ck_assert_str_eq(text_colour(TEXT_COLOURS_NONE, 7), "");
}
END_TEST

/* Of twelve that talk at once no two look alike, nor of six where there are few colours. */
START_TEST(neighbours_differ)
{
    for (uint64_t first = 1; first < 30; first++)
        for (uint64_t other = first + 1; other < first + 12; other++) {
            ck_assert_str_ne(text_colour(TEXT_COLOURS_MANY, first),
                             text_colour(TEXT_COLOURS_MANY, other));
            if (other < first + 6)
                ck_assert_str_ne(text_colour(TEXT_COLOURS_FEW, first),
                                 text_colour(TEXT_COLOURS_FEW, other));
        }
}
END_TEST

/* One part of the relative luminance of WCAG 2.1, of a step in the cube of xterm's colours. */
static double part(unsigned step)
{
    static const double levels[] = {0, 95, 135, 175, 215, 255};
    return pow((levels[step] / 255 + 0.055) / 1.055, 2.4);
}

START_TEST(all_are_read_on_dark_and_light)
{
    for (uint64_t peer = 0; peer < 12; peer++) {
        unsigned code;
        ck_assert_int_eq(sscanf(text_colour(TEXT_COLOURS_MANY, peer), "\x1b[38;5;%um", &code),
                         1);
        ck_assert_uint_ge(code, 16);
        ck_assert_uint_lt(code, 232);
        code -= 16;
        const double light =
            0.2126 * part(code / 36) + 0.7152 * part(code / 6 % 6) + 0.0722 * part(code % 6);
        ck_assert_double_ge((light + 0.05) / 0.05, 3);
        ck_assert_double_ge(1.05 / (light + 0.05), 3);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_environment_says_how_many, none_where_none_are_wanted,
                                  neighbours_differ, all_are_read_on_dark_and_light, NULL};
    return check_run("text_colour", tests);
}
