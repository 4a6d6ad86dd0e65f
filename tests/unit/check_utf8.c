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

START_TEST(prints_only_what_is_harmless)
{
    static const uint32_t printable[] = {
        ' ',    '~',    0xa0,   0xe9,   0x61b,  0x61d,   0x200a,  0x200c,  0x200d,
        0x2010, 0x2027, 0x202f, 0x205f, 0x2065, 0x206a,  0x4e2d,  0xd7ff,  0xe000,
        0xfdcf, 0xfdf0, 0xfefe, 0xff00, 0xfffd, 0x10000, 0x1f600, 0xe0080, 0x10fffd,
    };
    static const uint32_t refused[] = {
        0,       '\n',    0x1b,    0x1f,    0x7f,   0x80,     0x85,     0x9f,     0x61c,
        0x200b,  0x200e,  0x200f,  0x2028,  0x2029, 0x202a,   0x202e,   0x2060,   0x2064,
        0x2066,  0x2069,  0xfdd0,  0xfdef,  0xfeff, 0xfffe,   0xffff,   0x1fffe,  0x1ffff,
        0xe0000, 0xe0001, 0xe007f, 0xefffe, 0xd800, 0x10fffe, 0x10ffff, 0x110000,
    };
    for (size_t i = 0; i < sizeof printable / sizeof *printable; i++)
        ck_assert_msg(utf8_printable(printable[i]), "U+%04X", printable[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ck_assert_msg(!utf8_printable(refused[i]), "U+%04X", refused[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        decodes_every_character,   refuses_what_is_no_character, knows_valid_texts,
        counts_the_unfinished_end, prints_only_what_is_harmless, NULL};
    return check_run("utf8", tests);
}
