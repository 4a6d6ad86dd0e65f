/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_entry.h"

#include <string.h>

#include "check_main.h"
#include "console/text_cells.h"
#include "console/text_fold.h"
#include "core/who.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    fake_init(&world);
    fake_console_init(&fake, &world, &render_text, NULL);
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

#define TIME "10:27:00 "

/* What an entry looks like, without its newline. */
static const char *shown(struct text_entry entry, const char *words)
{
    UT_string *out = &fake.console.out;
    utstring_clear(out);
    entry.time = FAKE_WALL;
    text_entry_begin(&fake.console, &entry);
    text_plain(out, words);
    text_entry_end(&fake.console, &entry);
    ck_assert_int_eq(utstring_body(out)[utstring_len(out) - 1], '\n');
    utstring_body(out)[utstring_len(out) - 1] = '\0';
    return utstring_body(out);
}

static const char *line_of(uint64_t number, const char *name, const char *words)
{
    const struct who peer = {.number = number, .name = name};
    return shown((struct text_entry){.peer = &peer, .mark = TEXT_MARK_RECEIVED}, words);
}

START_TEST(nothing_is_padded_where_there_are_no_rows)
{
    const struct who peer = {.number = 3, .name = "boiler"};
    ck_assert_str_eq(line_of(1, NULL, "hi"), TIME "#1 < hi");
    ck_assert_str_eq(line_of(3, "boiler", "hi"), TIME "#3 boiler < hi");
    ck_assert_str_eq(shown((struct text_entry){.peer = &peer, .mark = TEXT_MARK_SENT}, "hi"),
                     TIME "#3 boiler > hi");
    ck_assert_str_eq(
        shown((struct text_entry){.peer = &peer, .tag = "(auto)", .mark = TEXT_MARK_SENT},
              "hi"),
        TIME "#3 boiler (auto) > hi");
    ck_assert_str_eq(shown((struct text_entry){.peer = &peer}, "closed"),
                     TIME "#3 boiler closed");
    ck_assert_str_eq(shown((struct text_entry){.peer = NULL}, "listening"), TIME "listening");
}
END_TEST

START_TEST(labels_are_a_column)
{
    const struct who peer = {.number = 12};
    fake.console.columns = 80;
    ck_assert_str_eq(line_of(1, NULL, "hi"), TIME "#1   < hi");
    ck_assert_str_eq(line_of(999, NULL, "hi"), TIME "#999 < hi");
    ck_assert_str_eq(line_of(1000, NULL, "hi"), TIME "#1000    < hi");
    ck_assert_str_eq(line_of(3, "boiler", "hi"), TIME "#3 boiler    < hi");
    /* It never becomes narrower. */
    ck_assert_str_eq(line_of(1, NULL, "hi"), TIME "#1           < hi");
    ck_assert_str_eq(shown((struct text_entry){.peer = &peer}, "closed"),
                     TIME "#12            closed");
    ck_assert_str_eq(shown((struct text_entry){.peer = NULL}, "listening"),
                     TIME "               listening");
}
END_TEST

START_TEST(several_have_one_label)
{
    const struct who peer = {.number = 3, .name = "boiler"};
    const struct text_entry entry = {
        .peer = &peer, .label = "12 peers", .mark = TEXT_MARK_SENT};
    ck_assert_str_eq(shown(entry, "hi"), TIME "12 peers > hi");
    fake.console.columns = 80;
    ck_assert_str_eq(shown(entry, "hi"), TIME "12 peers > hi");
    fake.console.colours = TEXT_COLOURS_FEW;
    ck_assert_str_eq(shown(entry, "hi"), "\x1b[2m10:27:00\x1b[0m 12 peers > hi");
}
END_TEST

START_TEST(a_name_that_was_given_has_its_room)
{
    const struct who peer = {.number = 3, .name = "boiler"};
    text_entry_expect(&fake.console, &peer);
    ck_assert_str_eq(line_of(3, NULL, "hi"), TIME "#3 < hi");
    fake.console.columns = 80;
    text_entry_expect(&fake.console, &peer);
    ck_assert_str_eq(line_of(3, NULL, "hi"), TIME "#3           < hi");
}
END_TEST

/* The number stays, whatever the name. */
START_TEST(a_long_name_is_cut)
{
    const struct who peer = {.number = 12345, .name = "tracker-of-line-seven-in-berlin"};
    const struct text_entry tagged = {
        .peer = &peer, .tag = "(console 12)", .mark = TEXT_MARK_SENT};
    fake.console.columns = 80;
    ck_assert_str_eq(line_of(3, "tracker-of-line-seven", "hi"),
                     TIME "#3 tracker-of-line-seven < hi");
    ck_assert_str_eq(line_of(3, "tracker-of-line-seven-in-berlin", "hi"),
                     TIME "#3 tracker-of-line-seve… < hi");
    ck_assert_str_eq(shown(tagged, "hi"), TIME "#12345 tra… (console 12) > hi");
    fake.console.columns = 60;
    ck_assert_str_eq(line_of(12345, "boiler", "hi"), TIME "#12345… < hi");
    ck_assert_str_eq(shown(tagged, "hi"), TIME "#12345… (console 12) > hi");
    fake.console.columns = 0;
    ck_assert_str_eq(line_of(3, "tracker-of-line-seven-in-berlin", "hi"),
                     TIME "#3 tracker-of-line-seven-in-berlin < hi");
}
END_TEST

/* Where there is no column either. */
START_TEST(it_is_cut_before_its_mark_on_a_narrow_terminal)
{
    const struct who peer = {.number = 12345, .name = "tracker-of-line-seven-in-berlin"};
    const struct text_entry tagged = {.peer = &peer, .tag = "(auto)", .mark = TEXT_MARK_SENT};
    fake.console.columns = 40;
    ck_assert_str_eq(line_of(3, "boiler", "hi"), TIME "#3 boiler < hi");
    ck_assert_str_eq(line_of(3, "tracker-of-line-seven-in-berlin", "hi"),
                     TIME "#3 tracker-of-line… < hi");
    ck_assert_str_eq(shown(tagged, "hi"), TIME "#12345 trac… (auto) > hi");
    fake.console.columns = 20;
    ck_assert_str_eq(line_of(3, "boiler", "hi"), TIME "#3 boiler \n| < hi");
}
END_TEST

START_TEST(what_has_no_room_stands_below_the_first_word)
{
    const struct who peer = {.number = 1};
    const char *rows;
    fake.console.columns = 70;
    rows = shown((struct text_entry){.peer = &peer},
                 "closed (error): what stands here was said by somebody else and is long");
    ck_assert_str_eq(rows,
                     TIME "#1     closed (error): what stands here was said by somebody \n"
                          "              | else and is long");
    fake.console.columns = 30;
    rows = shown((struct text_entry){.peer = &peer}, "closed by somebody else");
    ck_assert_str_eq(rows, TIME "#1 closed by \n| somebody else");
}
END_TEST

START_TEST(its_gutters_bear_its_colour)
{
    const struct who peer = {.number = 1};
    struct text_entry entry = {.peer = &peer, .mark = TEXT_MARK_RECEIVED, .time = FAKE_WALL};
    UT_string *out = &fake.console.out;
    fake.console.columns = 80;
    fake.console.colours = TEXT_COLOURS_FEW;
    utstring_clear(out);
    text_entry_begin(&fake.console, &entry);
    text_plain(out, "a\\nb");
    text_entry_fold(&fake.console, &entry,
                    (struct text_fold){.message = true, .newline = "\x1b[2m\\n\x1b[0m"});
    text_plain(out, "\n");
    text_entry_below(&fake.console, &entry);
    ck_assert_str_eq(utstring_body(out),
                     "\x1b[2m10:27:00\x1b[0m \x1b[35m#1   <\x1b[0m a\x1b[2m\\n\x1b[0m\n"
                     "              \x1b[35m|\x1b[0m b\n"
                     "              \x1b[35m`\x1b[0m ");
}
END_TEST

START_TEST(notices_are_escaped)
{
    text_entry_notice(&fake.console, FAKE_WALL, "gone: \x1b[H");
    ck_assert_str_eq(fake_console_take(&fake), TIME "gone: \\x1b[H\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_padded_where_there_are_no_rows,
                                  labels_are_a_column,
                                  several_have_one_label,
                                  a_name_that_was_given_has_its_room,
                                  a_long_name_is_cut,
                                  it_is_cut_before_its_mark_on_a_narrow_terminal,
                                  what_has_no_room_stands_below_the_first_word,
                                  its_gutters_bear_its_colour,
                                  notices_are_escaped,
                                  NULL};
    return check_run_with("text_entry", setup, teardown, tests);
}
