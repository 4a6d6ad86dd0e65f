/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>

#include "base/mem.h"
#include "check_main.h"

/* RFC 3629 turned round: the encoder that the decoder is held against. */
static size_t encode(uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (uint8_t)(0x80 | (code & 0x3f));
    out[0] = (uint8_t)(marks[length] | code);
    return length;
}

/* Exactly size bytes on the heap, so that a sanitizer sees a step too far. */
static int decode(const char *data, size_t size, uint32_t *code)
{
    uint8_t *copy = mem_dup(data, size);
    int result = utf8_decode(copy, size, code);
    free(copy);
    return result;
}

START_TEST(decodes_every_character)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        uint8_t bytes[4];
        uint32_t back = UINT32_MAX;
        size_t length = encode(code, bytes);
        if (utf8_decode(bytes, length, &back) != (int)length || back != code)
            ck_abort_msg("U+%04X came back as U+%04X", code, back);
        for (size_t part = 1; part < length; part++) {
            if (utf8_decode(bytes, part, &back) != UTF8_INCOMPLETE)
                ck_abort_msg("%zu bytes of U+%04X are not incomplete", part, code);
        }
    }
}
END_TEST

START_TEST(refuses_what_is_no_character)
{
    static const struct {
        const char *data;
        size_t size;
    } cases[] = {
        {"\x80", 1},
        {"\xbf", 1},
        {"\xc0\x80", 2},
        {"\xc1\xbf", 2},
        {"\xc2\x41", 2},
        {"\xe0\x80\x80", 3},
        {"\xe0\x9f", 2},
        {"\xed\xa0\x80", 3},
        {"\xed\xbf", 2},
        {"\xe2\x82\x41", 3},
        {"\xf0\x80\x80\x80", 4},
        {"\xf0\x8f", 2},
        {"\xf4\x90", 2},
        {"\xf5", 1},
        {"\xff", 1},
        {"\xfe\xff", 2},
        {"\xe2\xe2\x82", 3},
        {"\xc0", 1},
        {"\xf0\x90\x80\xc0", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code;
        ck_assert_msg(decode(cases[i].data, cases[i].size, &code) == UTF8_INVALID, "case %zu",
                      i);
        ck_assert_msg(!utf8_valid(cases[i].data, cases[i].size), "case %zu", i);
    }
}
END_TEST

START_TEST(knows_valid_texts)
{
    ck_assert(utf8_valid("", 0));
    ck_assert(utf8_valid(NULL, 0));
    ck_assert(utf8_valid("a\0b", 3));
    ck_assert(utf8_valid("eight or more bytes \xe4\xb8\xad\xe6\x96\x87 and on", 30));
    /* A fault at every place of a text that is read eight bytes at once. */
    for (size_t i = 0; i < 24; i++) {
        char text[24];
        memset(text, 'a', sizeof text);
        text[i] = '\xff';
        ck_assert_msg(!utf8_valid(text, sizeof text), "at %zu", i);
    }
    ck_assert(!utf8_valid("\xe4\xb8", 2));
    ck_assert(!utf8_valid("abcdefgh\xe4\xb8", 10));
}
END_TEST

START_TEST(counts_the_unfinished_end)
{
    static const struct {
        const char *data;
        size_t size, unfinished;
    } cases[] = {
        {"", 0, 0},
        {"abc", 3, 0},
        {"\xe4", 1, 1},
        {"\xe4\xb8", 2, 2},
        {"\xe4\xb8\xad", 3, 0},
        {"abc\xf0\x9f\x98", 6, 3},
        {"abc\xf0\x9f\x98\x80", 7, 0},
        {"abc\xf0\x9f", 5, 2},
        {"\xb8\xad", 2, 0},
        {"\xe0\x80", 2, 0},
        {"\xc3\xa9\xc3", 3, 1},
        {"\xff", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = mem_dup(cases[i].data, cases[i].size);
        ck_assert_msg(utf8_unfinished(copy, cases[i].size) == cases[i].unfinished, "case %zu",
                      i);
        free(copy);
    }
}
END_TEST

START_TEST(prints_only_what_can_be_seen)
{
    static const uint32_t printable[] = {
        ' ',     '~',     0xa1,    0xac,    0xae,    0xe9,    0x301,   0x34e,   0x350,
        0x5d0,   0x606,   0x61b,   0x61d,   0x915,   0x1100,  0x115e,  0x1161,  0x17b6,
        0x180a,  0x1810,  0x2010,  0x2027,  0x2030,  0x205e,  0x2070,  0x20ac,  0x27ff,
        0x2801,  0x3000,  0x3163,  0x3165,  0x4e2d,  0xac00,  0xd7ff,  0xf900,  0xfdcf,
        0xfdf0,  0xfe10,  0xfefe,  0xff00,  0xff9f,  0xffa1,  0xffef,  0xfffd,  0x10000,
        0x110bc, 0x1d158, 0x1d15a, 0x1d172, 0x1d17b, 0x1f3fd, 0x1f600, 0x20000, 0x2fffd,
    };
    static const uint32_t refused[] = {
        0,        '\n',     0x1b,     0x1f,       0x7f,    0x80,    0x85,    0x9f,    0xa0,
        0xad,     0x34f,    0x600,    0x605,      0x61c,   0x6dd,   0x70f,   0x890,   0x8e2,
        0x115f,   0x1160,   0x1680,   0x17b4,     0x17b5,  0x180b,  0x180e,  0x180f,  0x2000,
        0x200a,   0x200b,   0x200c,   0x200d,     0x200e,  0x200f,  0x2028,  0x2029,  0x202a,
        0x202e,   0x202f,   0x205f,   0x2060,     0x2064,  0x2065,  0x2066,  0x2069,  0x206f,
        0x2800,   0x3164,   0xd800,   0xdfff,     0xe000,  0xf8ff,  0xfdd0,  0xfdef,  0xfe00,
        0xfe0f,   0xfeff,   0xffa0,   0xfff0,     0xfff9,  0xfffc,  0xfffe,  0xffff,  0x110bd,
        0x110cd,  0x13430,  0x16fe4,  0x1bca0,    0x1d159, 0x1d173, 0x1d17a, 0x1fffe, 0x1ffff,
        0xe0000,  0xe0001,  0xe007f,  0xe0100,    0xe01ef, 0xe0fff, 0xefffe, 0xf0000, 0x10fffd,
        0x10fffe, 0x10ffff, 0x110000, UINT32_MAX,
    };
    for (size_t i = 0; i < sizeof printable / sizeof *printable; i++)
        ck_assert_msg(utf8_printable(printable[i]), "U+%04X", printable[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ck_assert_msg(!utf8_printable(refused[i]), "U+%04X", refused[i]);
}
END_TEST

START_TEST(measures_what_a_terminal_shows)
{
    static const struct {
        uint32_t code;
        int width;
    } cases[] = {
        {' ', 1},     {'~', 1},    {0xe9, 1},    {0x431, 1},    {0x4e2d, 2},  {0xff21, 2},
        {0x3000, 2},  {0x301, 0},  {0x1161, 1},  {0x1f600, 2},  {'\n', -1},   {0x7f, -1},
        {0x200b, -1}, {0xad, -1},  {0x378, -1},  {0x1fbff, -1}, {0x2028, -1}, {0x110000, -1},
        {0x1f1e6, 2}, {0x268a, 2}, {0x1d300, 2}, {0x2502, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(utf8_width(cases[i].code) == cases[i].width, "U+%04X is %d wide",
                      cases[i].code, utf8_width(cases[i].code));
    for (uint32_t code = 0; code <= 0x110000; code++) {
        int width = utf8_width(code);
        if (width > 2 || (width >= 0 && !utf8_printable(code)))
            ck_abort_msg("U+%04X is %d wide", code, width);
    }
}
END_TEST

START_TEST(knows_what_joins_a_letter)
{
    static const uint32_t joining[] = {0x301, 0x5b8, 0xe31, 0x1161, 0x11a8, 0x20dd, 0x302a};
    static const uint32_t apart[] = {'a', 0xe9, 0x903, 0x1100, 0x4e2d, 0x34f, 0x200d, 0xfe0f};
    for (size_t i = 0; i < sizeof joining / sizeof *joining; i++)
        ck_assert_msg(utf8_advance(joining[i]) == 0, "U+%04X", joining[i]);
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        ck_assert_msg(utf8_advance(apart[i]) != 0, "U+%04X", apart[i]);
}
END_TEST

/* Nothing but ASCII is known then, and so nothing else is shown. */
START_TEST(is_careful_without_utf8)
{
    setlocale(LC_CTYPE, "C");
    ck_assert_int_eq(utf8_width('a'), 1);
    ck_assert_int_eq(utf8_width(0xe9), -1);
    ck_assert_int_eq(utf8_width(0x4e2d), -1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        decodes_every_character,   refuses_what_is_no_character, knows_valid_texts,
        counts_the_unfinished_end, prints_only_what_can_be_seen, measures_what_a_terminal_shows,
        knows_what_joins_a_letter, is_careful_without_utf8,      NULL};
    return check_run("utf8", tests);
}
