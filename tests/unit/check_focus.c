/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/focus.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"
#include "core/told.h"

enum { CONSOLE = 2, ANOTHER = 3 };

static struct focus focus;

static void teardown(void)
{
    focus_finish(&focus);
}

static void set(bool (*how)(struct focus *, const char *, char **), const char *words)
{
    char *error = NULL;
    ck_assert_msg(how(&focus, words, &error), "%s", error);
}

static void grep(const char *text)
{
    focus_set_grep(&focus, text, strlen(text));
}

static struct told message(uint64_t number, const char *name, const char *text)
{
    return (struct told){.type = HUB_MESSAGE,
                         .peer = {.number = number, .name = name},
                         .listener = {.number = 1, .name = "meters"},
                         .message = {.data = text, .size = strlen(text)}};
}

static struct told sent(uint64_t number, unsigned console)
{
    struct told told = message(number, NULL, "sent");
    told.type = HUB_SENT;
    told.message.console = console;
    told.message.automatic = console == 0;
    return told;
}

static struct told event(enum hub_event_type type, uint64_t number)
{
    struct told told = {
        .type = type, .peer.number = number, .listener = {.number = 1, .name = "meters"}};
    if (type == HUB_OPEN)
        told.open.listener = told.listener;
    return told;
}

static bool hides(const struct told told)
{
    return focus_hides(&focus, &told, CONSOLE);
}

START_TEST(an_empty_one_hides_nothing)
{
    ck_assert(!hides(message(1, NULL, "a")));
    ck_assert(!hides(event(HUB_OPEN, 1)));
    ck_assert(!hides(sent(1, ANOTHER)));
}
END_TEST

START_TEST(only_shows_those_alone)
{
    set(focus_set_only, "3,boiler");
    ck_assert(!hides(message(3, NULL, "a")));
    ck_assert(!hides(message(1, "boiler", "a")));
    ck_assert(hides(message(1, NULL, "a")));
    set(focus_set_only, "1");
    ck_assert(hides(message(3, NULL, "a")));
    ck_assert(!hides(message(1, NULL, "a")));
    set(focus_set_only, "-");
    ck_assert(!hides(message(3, NULL, "a")));
}
END_TEST

START_TEST(mute_adds_to_those_who_are_muted)
{
    set(focus_set_muted, "3");
    set(focus_set_muted, "boiler");
    ck_assert(hides(message(3, NULL, "a")));
    ck_assert(hides(message(1, "boiler", "a")));
    ck_assert(!hides(message(1, NULL, "a")));
    set(focus_set_muted, "-");
    ck_assert(!hides(message(3, NULL, "a")));
}
END_TEST

START_TEST(who_is_in_both_is_muted)
{
    set(focus_set_only, "meters:");
    set(focus_set_muted, "3");
    ck_assert(hides(message(3, NULL, "a")));
    ck_assert(!hides(message(1, NULL, "a")));
}
END_TEST

START_TEST(grep_looks_into_messages)
{
    grep("Warm");
    ck_assert(!hides(message(1, NULL, "it is WARM")));
    ck_assert(hides(message(1, NULL, "it is cold")));
    ck_assert(hides(message(1, NULL, "")));
    ck_assert(!hides(event(HUB_CLOSE, 1)));
    grep("-");
    ck_assert(!hides(message(1, NULL, "it is cold")));
}
END_TEST

START_TEST(what_is_told_without_its_bytes_was_looked_at)
{
    struct told told = message(1, NULL, "x");
    grep("warm");
    told.message.data = NULL;
    ck_assert(!hides(told));
}
END_TEST

START_TEST(ones_own_is_always_shown)
{
    set(focus_set_only, "9");
    set(focus_set_muted, "1");
    grep("warm");
    ck_assert(!hides(sent(1, CONSOLE)));
    ck_assert(hides(sent(1, ANOTHER)));
    ck_assert(hides(sent(1, 0)));
}
END_TEST

START_TEST(their_coming_and_going_is_hidden_too)
{
    static const enum hub_event_type quiet[] = {HUB_OPEN, HUB_NOTE, HUB_LINE, HUB_HALF_CLOSE,
                                                HUB_CLOSE};
    static const enum hub_event_type told[] = {HUB_NAME, HUB_FILE, HUB_REFUSED, HUB_LISTENING};
    set(focus_set_only, "9");
    for (size_t i = 0; i < COUNT(quiet); i++) {
        ck_assert(hides(event(quiet[i], 1)));
        ck_assert(!hides(event(quiet[i], 9)));
    }
    for (size_t i = 0; i < COUNT(told); i++)
        ck_assert(!hides(event(told[i], 1)));
    set(focus_set_only, "meters:");
    ck_assert(!hides(event(HUB_OPEN, 1)));
}
END_TEST

START_TEST(a_mistake_changes_nothing)
{
    char *error = NULL;
    const enum view hex = VIEW_HEX;
    set(focus_set_only, "3");
    ck_assert(!focus_set_only(&focus, "4,!", &error));
    free(error);
    ck_assert(!focus_set_muted(&focus, "3,!", &error));
    free(error);
    ck_assert(!focus_set_view(&focus, "3,!", &hex, &error));
    free(error);
    ck_assert(!hides(message(3, NULL, "a")));
    ck_assert(hides(message(4, NULL, "a")));
    ck_assert_ptr_null(focus.views);
}
END_TEST

/* --- views --- */

static void view(const char *words, enum view view)
{
    char *error = NULL;
    ck_assert_msg(focus_set_view(&focus, words, &view, &error), "%s", error);
}

static enum view view_of(uint64_t number, const char *name)
{
    const struct told told = message(number, name, "a");
    return focus_view(&focus, &told, VIEW_TEXT);
}

START_TEST(a_line_has_a_view_of_its_own)
{
    view("3", VIEW_HEX);
    view("boil*", VIEW_NONE);
    ck_assert_int_eq(view_of(3, NULL), VIEW_HEX);
    ck_assert_int_eq(view_of(1, "boiler"), VIEW_NONE);
    ck_assert_int_eq(view_of(1, NULL), VIEW_TEXT);
}
END_TEST

START_TEST(the_newest_view_is_shown)
{
    view("3", VIEW_HEX);
    view("meters:", VIEW_SIZE);
    ck_assert_int_eq(view_of(3, NULL), VIEW_SIZE);
    view("3", VIEW_HEX);
    ck_assert_int_eq(view_of(3, NULL), VIEW_HEX);
    ck_assert_uint_eq(focus.view_words, 2);
}
END_TEST

START_TEST(a_view_ends)
{
    char *error = NULL;
    view("3,4", VIEW_HEX);
    view("5", VIEW_HEX);
    ck_assert(focus_set_view(&focus, "#3,4", NULL, &error));
    ck_assert_int_eq(view_of(3, NULL), VIEW_TEXT);
    ck_assert_int_eq(view_of(5, NULL), VIEW_HEX);
    ck_assert(focus_set_view(&focus, "7", NULL, &error)); /* had none */
    focus_clear_views(&focus);
    ck_assert_int_eq(view_of(5, NULL), VIEW_TEXT);
    ck_assert_uint_eq(focus.view_words, 0);
}
END_TEST

START_TEST(views_are_bounded)
{
    char word[16], *error = NULL;
    const enum view hex = VIEW_HEX;
    for (unsigned i = 1; i <= FOCUS_VIEW_WORDS_MAX; i++) {
        snprintf(word, sizeof word, "%u", i);
        view(word, VIEW_HEX);
    }
    ck_assert(!focus_set_view(&focus, "100", &hex, &error));
    check_error(error, "too many: all views of some lines together have room for 64 words, and "
                       "/view PEERS - ends one");
    view("64", VIEW_SIZE); /* in place of its former one */
    ck_assert(focus_set_view(&focus, "63", NULL, &error));
    ck_assert(!focus_set_view(&focus, "63,100", &hex, &error));
    free(error);
    view("100", VIEW_HEX);
}
END_TEST

/* --- saying it again --- */

static void note_line(void *context, const char *line, size_t size)
{
    UT_string *lines = context;
    utstring_bincpy(lines, line, size);
    utstring_printf(lines, "\n");
}

START_TEST(can_be_said_to_another_daemon)
{
    UT_string lines;
    utstring_init(&lines);
    focus_lines(&focus, note_line, &lines);
    ck_assert_str_eq(utstring_body(&lines), "");
    set(focus_set_only, "meters:,boiler");
    set(focus_set_only, "3,meters:");
    set(focus_set_muted, "boil*");
    grep("it is");
    view("3", VIEW_HEX);
    view("boiler", VIEW_SIZE);
    focus_lines(&focus, note_line, &lines);
    ck_assert_str_eq(utstring_body(&lines), "/only 3,meters:\n/mute boil*\n/grep it is\n"
                                            "/view 3 hex\n/view boiler size\n");
    utstring_done(&lines);
}
END_TEST

START_TEST(numbers_are_forgotten)
{
    set(focus_set_only, "3,meters:");
    set(focus_set_muted, "boil*");
    ck_assert(focus_drop_numbers(&focus));
    ck_assert(!focus_drop_numbers(&focus));
    view("3", VIEW_HEX);
    view("4,boiler", VIEW_HEX);
    ck_assert(focus_drop_numbers(&focus));
    ck_assert_uint_eq(focus.view_words, 1);
    ck_assert_int_eq(view_of(3, NULL), VIEW_TEXT);
    ck_assert_int_eq(view_of(9, "boiler"), VIEW_HEX);
    ck_assert(!hides(message(3, NULL, "a")));
    set(focus_set_only, "3");
    ck_assert(focus_drop_numbers(&focus));
    ck_assert(!hides(message(4, NULL, "a"))); /* everybody */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_empty_one_hides_nothing,
                                  only_shows_those_alone,
                                  mute_adds_to_those_who_are_muted,
                                  who_is_in_both_is_muted,
                                  grep_looks_into_messages,
                                  what_is_told_without_its_bytes_was_looked_at,
                                  ones_own_is_always_shown,
                                  their_coming_and_going_is_hidden_too,
                                  a_mistake_changes_nothing,
                                  a_line_has_a_view_of_its_own,
                                  the_newest_view_is_shown,
                                  a_view_ends,
                                  views_are_bounded,
                                  can_be_said_to_another_daemon,
                                  numbers_are_forgotten,
                                  NULL};
    return check_run_with("focus", NULL, teardown, tests);
}
