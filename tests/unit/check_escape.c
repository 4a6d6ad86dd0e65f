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
        SAMPLE("so\xc2\xadup", "so\\u00adup"),
        SAMPLE("a\xc2\xa0z", "a\\u00a0z"),
        SAMPLE("\xe3\x85\xa4|\xef\xbe\xa0|\xe1\x85\x9f", "\\u3164|\\uffa0|\\u115f"),
        SAMPLE("\xe2\x98\x8e\xef\xb8\x8f", "\xe2\x98\x8e\\ufe0f"),
        SAMPLE("\xf3\xa0\x84\x80\xf3\xa0\x87\xaf", "\\U000e0100\\U000e01ef"),
        SAMPLE("\xef\xbf\xb9\xef\xbf\xbb", "\\ufff9\\ufffb"),
        SAMPLE("\xcd\xb8", "\\u0378"),
        SAMPLE("\xee\x80\x80", "\\ue000"),
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        escapes_as(escape_bytes, &samples[i]);
}
END_TEST

#define ACUTE "\xcc\x81"
#define TILDE "\xcc\x83"

START_TEST(bounds_the_marks_on_a_letter)
{
    static const struct sample samples[] = {
        SAMPLE("e" ACUTE, "e" ACUTE),
        SAMPLE("e" ACUTE TILDE "e" TILDE ACUTE, "e" ACUTE TILDE "e" TILDE ACUTE),
        SAMPLE("e" ACUTE ACUTE ACUTE, "e" ACUTE ACUTE "\\u0301"),
        SAMPLE("e" ACUTE ACUTE ACUTE ACUTE "e" ACUTE, "e" ACUTE ACUTE "\\u0301\\u0301e" ACUTE),
        SAMPLE("\xe4\xb8\xad" TILDE ACUTE TILDE, "\xe4\xb8\xad" TILDE ACUTE "\\u0303"),
        SAMPLE(" " ACUTE, " " ACUTE),
        /* These would stand on what is ours. */
        SAMPLE(ACUTE, "\\u0301"),
        SAMPLE(ACUTE TILDE "a", "\\u0301\\u0303a"),
        SAMPLE("a\n" ACUTE, "a\\n\\u0301"),
        SAMPLE("\\" ACUTE, "\\\\\\u0301"),
        SAMPLE("a\xff" ACUTE, "a\\xff\\u0301"),
        SAMPLE("a\xe2\x80\x8d" ACUTE, "a\\u200d\\u0301"),
    };
    static const struct sample text = SAMPLE("a\n" ACUTE "\t" ACUTE, "a\n\\u0301\t\\u0301");
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        escapes_as(escape_bytes, &samples[i]);
    escapes_as(escape_text, &text);
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

START_TEST(quotes_safely_and_not_too_much)
{
    char word[1001];
    char *quote = escape_quote("boiler");
    ck_assert_str_eq(quote, "'boiler'");
    free(quote);
    quote = escape_quote("a\x1b[2J\\");
    ck_assert_str_eq(quote, "'a\\x1b[2J\\\\'");
    free(quote);
    memset(word, 'x', 1000);
    word[64] = '\0';
    quote = escape_quote(word);
    ck_assert_uint_eq(strlen(quote), 64 + strlen("''"));
    free(quote);
    word[64] = 'x';
    word[1000] = '\0';
    quote = escape_quote(word);
    ck_assert_uint_eq(strlen(quote), 64 + strlen("'...'"));
    free(quote);
}
END_TEST

START_TEST(knows_its_own_sequences)
{
    static const struct {
        const char *shown;
        size_t length;
    } cases[] = {
        {"", 0},      {"a\\n", 0},    {"\\n", 2},      {"\\na", 2},          {"\\\\n", 2},
        {"\\x1b", 4}, {"\\x1bff", 4}, {"\\u202e1", 6}, {"\\U000e00011", 10}, {"\\", 1},
        {"\\x1", 3},  {"\\t", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_uint_eq(escape_length(cases[i].shown, strlen(cases[i].shown)),
                          cases[i].length);
}
END_TEST

START_TEST(counts_what_it_was_made_of)
{
    uint8_t data[24];
    UT_string out;
    utstring_init(&out);
    srand(1);
    for (int i = 0; i < 20000; i++) {
        static const char *const traps[] = {
            "\xe2\x80\xae", "\xf3\xa0\x80\x81", "\\", "\\u00", "\xe4\xb8\xad", ACUTE, "\n"};
        size_t size = 0;
        while (size < 16) {
            const char *trap = traps[(size_t)rand() % (sizeof traps / sizeof *traps)];
            if (rand() % 2)
                size += (size_t)snprintf((char *)data + size, sizeof data - size, "%s", trap);
            else
                data[size++] = (uint8_t)rand();
        }
        utstring_clear(&out);
        escape_bytes(&out, data, size);
        ck_assert_uint_eq(escape_source(utstring_body(&out), utstring_len(&out)), size);
    }
    utstring_done(&out);
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
    const TTest *const tests[] = {shows_bytes_safely,
                                  bounds_the_marks_on_a_letter,
                                  keeps_lines_of_a_text,
                                  escapes_strings,
                                  quotes_safely_and_not_too_much,
                                  knows_its_own_sequences,
                                  counts_what_it_was_made_of,
                                  lets_nothing_through_and_confuses_nothing,
                                  NULL};
    return check_run("escape", tests);
}
