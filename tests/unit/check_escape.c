/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"

#include <string.h>

#include "base/utf8.h"
#include "check_main.h"

struct sample {
    const char *data;
    size_t size;
    const char *shown;
};

#define SAMPLE(literal, shown)             \
    {                                      \
        literal, sizeof literal - 1, shown \
    }

static void escapes_as(void (*escape)(UT_string *, const void *, size_t),
                       const struct sample *sample)
{
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "> ");
    void *copy = mem_dup(sample->data, sample->size);
    escape(&out, copy, sample->size);
    free(copy);
    ck_assert_str_eq(utstring_body(&out) + 2, sample->shown);
    ck_assert_uint_eq(utstring_len(&out), strlen(sample->shown) + 2);
    utstring_done(&out);
}

START_TEST(shows_bytes_safely)
{
    static const struct sample samples[] = {
        SAMPLE("", ""),
        SAMPLE("plain text", "plain text"),
        SAMPLE("a\\b", "a\\\\b"),
        SAMPLE("\a\b\t\n\v\f\r", "\\x07\\x08\\t\\n\\x0b\\x0c\\r"),
        SAMPLE("\0\x01\x1b[2J\x7f", "\\x00\\x01\\x1b[2J\\x7f"),
        SAMPLE("\xff\xc3", "\\xff\\xc3"),
        SAMPLE("\xe4\xb8", "\\xe4\\xb8"),
        SAMPLE("\xe4\xb8\xad\xc3\xa9", "\xe4\xb8\xad\xc3\xa9"),
        SAMPLE("\xc2\x85|\x85", "\\u0085|\\x85"),
        SAMPLE("\xe2\x80\xae"
               "abc",
               "\\u202eabc"),
        SAMPLE("\xe2\x80\xa8", "\\u2028"),
        SAMPLE("\xef\xbb\xbfx", "\\ufeffx"),
        SAMPLE("\xf3\xa0\x80\x81", "\\U000e0001"),
        SAMPLE("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"),
        SAMPLE("end\n", "end\\n"),
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        escapes_as(escape_bytes, &samples[i]);
}
END_TEST

START_TEST(keeps_lines_of_a_text)
{
    static const struct sample samples[] = {
        SAMPLE("a\tb\nc\n", "a\tb\nc\n"),
        SAMPLE("a\r\n\x1b\\", "a\\r\n\\x1b\\\\"),
        SAMPLE("\xe4\xb8\xad\n\xff", "\xe4\xb8\xad\n\\xff"),
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        escapes_as(escape_text, &samples[i]);
}
END_TEST

START_TEST(escapes_strings)
{
    char *text = escape_string("name\x1b]0;x\a");
    ck_assert_str_eq(text, "name\\x1b]0;x\\x07");
    free(text);
    text = escape_string("");
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

/* Whatever comes in, it is printable UTF-8 that comes out, on one line. */
static void is_printable(const UT_string *text)
{
    const uint8_t *at = (const uint8_t *)utstring_body(text);
    for (size_t left = utstring_len(text); left > 0;) {
        uint32_t code;
        int length = utf8_decode(at, left, &code);
        if (length <= 0 || !utf8_printable(code))
            ck_abort_msg("%s", utstring_body(text));
        at += length;
        left -= (size_t)length;
    }
}

struct seen {
    char text[16];
    UT_hash_handle hh;
};

START_TEST(lets_nothing_through_and_confuses_nothing)
{
    struct seen *all = mem_zalloc(0x10000 * sizeof *all), *set = NULL;
    UT_string out;
    utstring_init(&out);
    for (unsigned value = 0; value < 0x10000; value++) {
        struct seen *own = &all[value], *other;
        uint8_t pair[2] = {(uint8_t)(value >> 8), (uint8_t)value};
        utstring_clear(&out);
        escape_bytes(&out, pair, 2);
        is_printable(&out);
        snprintf(own->text, sizeof own->text, "%s", utstring_body(&out));
        HASH_FIND_STR(set, own->text, other);
        if (other)
            ck_abort_msg("two inputs give %s", own->text);
        HASH_ADD_STR(set, text, own);
    }
    HASH_CLEAR(hh, set);
    free(all);
    utstring_done(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {shows_bytes_safely, keeps_lines_of_a_text, escapes_strings,
                                  lets_nothing_through_and_confuses_nothing, NULL};
    return check_run("escape", tests);
}
