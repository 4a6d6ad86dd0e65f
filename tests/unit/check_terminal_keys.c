/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_keys.h"

#include <string.h>

#include "check_main.h"

enum { SAID_MAX = 512 };

static const char *const names[] = {
    [TERMINAL_KEYS_KEY] = "key",       [TERMINAL_KEYS_PASTE] = "paste",
    [TERMINAL_KEYS_TEXT] = "text",     [TERMINAL_KEYS_LINE] = "line",
    [TERMINAL_KEYS_PASTED] = "pasted",
};

/* All that the keys have, written down: "key(a) paste text(b) line pasted "; texts that follow
 * each other as one. */
static void take(struct terminal_keys *keys, bool settled, UT_string *said)
{
    enum terminal_keys_what what;
    const char *bytes;
    size_t size;
    while ((what = terminal_keys_next(keys, settled, &bytes, &size)) != TERMINAL_KEYS_NONE) {
        size_t length = utstring_len(said);
        bool on = what == TERMINAL_KEYS_TEXT && length > 1 &&
                  strcmp(utstring_body(said) + length - 2, "| ") == 0;
        if (on)
            utstring_body(said)[said->i -= 2] = '\0';
        else
            utstring_printf(said, "%s", names[what]);
        if (what == TERMINAL_KEYS_KEY)
            utstring_printf(said, "(%.*s)", (int)size, bytes);
        else if (what == TERMINAL_KEYS_TEXT)
            utstring_printf(said, "%s%.*s|", on ? "" : "|", (int)size, bytes);
        utstring_printf(said, " ");
    }
}

static void check_pieces(const char *data, size_t size, size_t cut, size_t again,
                         const char *wanted)
{
    struct terminal_keys keys;
    UT_string said;
    terminal_keys_init(&keys);
    utstring_init(&said);
    terminal_keys_add(&keys, data, cut);
    take(&keys, false, &said);
    terminal_keys_add(&keys, data + cut, again - cut);
    take(&keys, false, &said);
    terminal_keys_add(&keys, data + again, size - again);
    take(&keys, false, &said);
    ck_assert_str_eq(utstring_body(&said), wanted);
    ck_assert(!terminal_keys_waiting(&keys));
    utstring_done(&said);
    terminal_keys_finish(&keys);
}

/* Wherever the bytes are cut, twice. */
static void check_keys(const char *data, size_t size, const char *wanted)
{
    for (size_t cut = 0; cut <= size; cut++)
        for (size_t again = cut; again <= size; again++)
            check_pieces(data, size, cut, again, wanted);
}

#define CHECK_KEYS(data, wanted) check_keys(data, sizeof(data) - 1, wanted)

#define BEGIN "\033[200~"
#define END "\033[201~"

START_TEST(typed)
{
    CHECK_KEYS("ab\r", "key(a) key(b) key(\r) ");
    CHECK_KEYS("\x12\x7f\t", "key(\x12) key(\x7f) key(\t) ");
    CHECK_KEYS("é电🎉", "key(é) key(电) key(🎉) ");
}
END_TEST

START_TEST(sequences)
{
    CHECK_KEYS("\033[A\033[3~", "key(\033[A) key(\033[3~) ");
    CHECK_KEYS("\033[1;5Cx", "key(\033[1;5C) key(x) ");
    CHECK_KEYS("\033OPx", "key(\033OP) key(x) ");
    CHECK_KEYS("\033b\033é", "key(\033b) key(\033é) ");
    CHECK_KEYS("\033\033[A", "key(\033) key(\033[A) ");
    CHECK_KEYS("\033[12\rx", "key(\033[12) key(\r) key(x) ");
    CHECK_KEYS("\033[2000~", "key(\033[2000~) ");
}
END_TEST

START_TEST(bytes_that_are_no_character)
{
    CHECK_KEYS("\xff!", "key(\xff) key(!) ");
    CHECK_KEYS("\xe7\x94!", "key(\xe7) key(\x94) key(!) ");
    CHECK_KEYS(BEGIN "\xe7\r\xff" END, "paste text|\xe7| line text|\xff| pasted ");
}
END_TEST

START_TEST(pasted)
{
    CHECK_KEYS("a" BEGIN "b\tc" END "d", "key(a) paste text|b\tc| pasted key(d) ");
    CHECK_KEYS(BEGIN END, "paste pasted ");
    CHECK_KEYS(BEGIN "电\x03\x12" END, "paste text|电\x03\x12| pasted ");
}
END_TEST

START_TEST(pasted_lines)
{
    CHECK_KEYS(BEGIN "a\rb\nc\r\nd" END,
               "paste text|a| line text|b| line text|c| line text|d| pasted ");
    CHECK_KEYS(BEGIN "\r\r\n\n" END, "paste line line line pasted ");
    CHECK_KEYS(BEGIN "a\r" END "\n", "paste text|a| line pasted key(\n) ");
    CHECK_KEYS(BEGIN "a\r" END BEGIN "\nb" END,
               "paste text|a| line pasted paste line text|b| pasted ");
}
END_TEST

START_TEST(pasted_escapes)
{
    CHECK_KEYS(BEGIN "\033[A\033[20\033" END, "paste text|\033[A\033[20\033| pasted ");
    CHECK_KEYS(BEGIN BEGIN "x" END, "paste text|" BEGIN "x| pasted ");
}
END_TEST

START_TEST(pasted_nuls)
{
    CHECK_KEYS(BEGIN "a\0b\r\0\nc\0" END, "paste text|ab| line text|c| pasted ");
}
END_TEST

START_TEST(long_text_comes_in_whole_characters)
{
    struct terminal_keys keys;
    const char *bytes;
    size_t size;
    size_t all = 0;
    terminal_keys_init(&keys);
    terminal_keys_add(&keys, BEGIN, sizeof BEGIN - 1);
    for (int i = 0; i < 5000; i++)
        terminal_keys_add(&keys, "电", 3);
    ck_assert_int_eq(terminal_keys_next(&keys, false, &bytes, &size), TERMINAL_KEYS_PASTE);
    while (terminal_keys_next(&keys, false, &bytes, &size) == TERMINAL_KEYS_TEXT) {
        ck_assert_uint_le(size, TERMINAL_KEYS_TEXT_MAX);
        ck_assert_uint_eq(size % 3, 0);
        all += size;
    }
    ck_assert_uint_eq(all, 15000);
    terminal_keys_finish(&keys);
}
END_TEST

/* What an unfinished beginning is once nothing follows; the time is for sequences only. */
static void check_settled(const char *data, bool unsettled, const char *wanted)
{
    struct terminal_keys keys;
    UT_string said;
    terminal_keys_init(&keys);
    utstring_init(&said);
    terminal_keys_add(&keys, data, strlen(data));
    take(&keys, false, &said);
    utstring_clear(&said);
    ck_assert_int_eq(terminal_keys_unsettled(&keys), unsettled);
    take(&keys, true, &said);
    ck_assert_str_eq(utstring_body(&said), wanted);
    ck_assert(!terminal_keys_unsettled(&keys));
    utstring_done(&said);
    terminal_keys_finish(&keys);
}

START_TEST(settled)
{
    check_settled("a", false, "");
    check_settled("\033", true, "key(\033) ");
    check_settled("\033[1;", true, "key(\033[1;) ");
    check_settled("\033O", true, "key(\033O) ");
    check_settled("a\xe7\x94", false, "key(\xe7\x94) ");
    check_settled(BEGIN "a\033[20", true, "text|\033[20| ");
}
END_TEST

START_TEST(a_sequence_without_end_is_bounded)
{
    struct terminal_keys keys;
    const char *bytes;
    size_t size;
    terminal_keys_init(&keys);
    terminal_keys_add(&keys, "\033[", 2);
    for (int i = 0; i < 100; i++)
        terminal_keys_add(&keys, "1;", 2);
    ck_assert_int_eq(terminal_keys_next(&keys, false, &bytes, &size), TERMINAL_KEYS_KEY);
    ck_assert_uint_le(size, 64);
    terminal_keys_finish(&keys);
}
END_TEST

START_TEST(dropped)
{
    struct terminal_keys keys;
    UT_string said;
    terminal_keys_init(&keys);
    utstring_init(&said);
    terminal_keys_add(&keys, BEGIN "text\033[20", sizeof BEGIN "text\033[20" - 1);
    take(&keys, false, &said);
    utstring_clear(&said);
    terminal_keys_drop(&keys);
    ck_assert(!terminal_keys_waiting(&keys));
    terminal_keys_add(&keys, "1~", 2);
    take(&keys, false, &said);
    ck_assert_str_eq(utstring_body(&said), "key(1) key(~) ");
    utstring_done(&said);
    terminal_keys_finish(&keys);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {typed,
                                  sequences,
                                  bytes_that_are_no_character,
                                  pasted,
                                  pasted_lines,
                                  pasted_escapes,
                                  pasted_nuls,
                                  long_text_comes_in_whole_characters,
                                  settled,
                                  a_sequence_without_end_is_bounded,
                                  dropped,
                                  NULL};
    return check_run("terminal_keys", tests);
}
