/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_cells.h"

#include <string.h>

#include "check_main.h"

START_TEST(knows_what_stays_together)
{
    static const struct {
        const char *text;
        size_t length;
        unsigned cells;
    } cases[] = {
        {"abc", 1, 1},
        {"中文", 3, 2},
        {"e\xcc\x81x", 3, 1},
        {"e\xcc\x81\xcc\x83x", 5, 1},
        {"中\xcc\x81", 5, 2},
        {"\\nabc", 2, 2},
        {"\\x1b[2J", 4, 4},
        {"\\u202e0", 6, 6},
        {"\\U000e00010", 10, 10},
        {"\x1b[32m#1", 5, 0},
        {"\x1b[0m", 4, 0},
        {"\xf0\x9f\x87\xa9x", 4, 2},                     /* half a flag */
        {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8x", 9, 4}, /* a syllable in three parts */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text_piece piece = text_piece(cases[i].text, strlen(cases[i].text));
        ck_assert_msg(piece.length == cases[i].length && piece.cells == cases[i].cells,
                      "case %zu: %zu bytes, %u cells", i, piece.length, piece.cells);
    }
}
END_TEST

START_TEST(widths_are_those_of_characters)
{
    ck_assert_uint_eq(text_width(""), 0);
    ck_assert_uint_eq(text_width("abc"), 3);
    ck_assert_uint_eq(text_width("中文"), 4);
    ck_assert_uint_eq(text_width("e\xcc\x81"), 1);
    ck_assert_uint_eq(text_width("\x1b[2m10:27:00\x1b[0m #1"), 11);
}
END_TEST

START_TEST(fits_whole_pieces)
{
    size_t length;
    ck_assert_uint_eq(text_fit("中文x", 7, 3, &length), 2);
    ck_assert_uint_eq(length, 3);
    ck_assert_uint_eq(text_fit("中文x", 7, 4, &length), 4);
    ck_assert_uint_eq(length, 6);
    ck_assert_uint_eq(text_fit("a\\x1bz", 6, 4, &length), 1);
    ck_assert_uint_eq(text_fit("", 0, 4, &length), 0);
    ck_assert_uint_eq(length, 0);
}
END_TEST

START_TEST(cuts_but_no_port)
{
    static const struct {
        const char *text;
        unsigned room;
        bool middle;
        const char *cut;
    } cases[] = {
        {"192.0.2.1:7", 11, true, "192.0.2.1:7"},
        {"boiler-in-the-cellar", 8, false, "boiler-…"},
        {"192.0.2.1:65535", 14, true, "192.…2.1:65535"},
        {"192.0.2.1:65535", 8, true, "1…:65535"},
        {"192.0.2.1:65535", 7, true, "192…535"},
        {"[2001:db8::1]:65535", 12, true, "[20…1]:65535"},
        {"unix:/tmp/meters.sock", 12, true, "unix:/….sock"},
        {"pid 123, uid 1000", 9, true, "pid …1000"},
        {"pid 123, uid 1000", 1, true, "…"},
        {"中文中文:80", 8, true, "中…文:80"},
        {"中文中文:80", 7, true, "中…:80"},
    };
    UT_string out;
    utstring_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        utstring_clear(&out);
        unsigned width = text_cut(&out, cases[i].text, cases[i].room, cases[i].middle);
        ck_assert_str_eq(utstring_body(&out), cases[i].cut);
        ck_assert_uint_eq(width, text_width(cases[i].cut));
        ck_assert_uint_le(width, cases[i].room);
    }
    utstring_done(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {knows_what_stays_together, widths_are_those_of_characters,
                                  fits_whole_pieces, cuts_but_no_port, NULL};
    return check_run("text_cells", tests);
}
