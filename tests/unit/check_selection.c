/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/selection.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"

static struct selection selection;

static void teardown(void)
{
    selection_finish(&selection);
    selection.nodes = false;
}

static void add(const char *words)
{
    char *error = NULL;
    ck_assert_msg(selection_add(&selection, words, &error), "%s", error);
}

static void check_text(const char *expected)
{
    char *text = selection_text(&selection);
    ck_assert_str_eq(text, expected);
    free(text);
}

static bool has(uint64_t number, const char *name, uint64_t door, const char *door_name)
{
    const struct who peer = {.number = number, .name = name},
                     listener = {.number = door, .name = door_name};
    return selection_has(&selection, &peer, &listener);
}

static bool has_at(const char *node, uint64_t number, const char *name)
{
    const struct who peer = {.number = who_base(2) + number, .name = name, .node = node};
    return selection_has(&selection, &peer, &(struct who){0});
}

START_TEST(a_node_is_no_peer_where_there_is_but_one)
{
    char *error = NULL;
    ck_assert(!selection_add(&selection, "berlin/3", &error));
    ck_assert_ptr_nonnull(strstr(error, "'berlin/3' is no peer"));
    free(error);
}
END_TEST

START_TEST(a_word_may_be_of_one_node)
{
    selection.nodes = true;
    add("berlin/3,berlin/boil*,p*/pump,#9");
    ck_assert(has_at("berlin", 3, NULL) && has_at("berlin", 1, "boiler"));
    ck_assert(!has_at("paris", 3, NULL) && !has_at("paris", 1, "boiler"));
    ck_assert(has_at("paris", 1, "pump") && !has_at("berlin", 1, "pump"));
    ck_assert(has_at("paris", 9, NULL) && has_at("berlin", 9, NULL));
    ck_assert(!has(3, NULL, 0, NULL));
    check_text("berlin/3,berlin/boil*,p*/pump,9");
    selection_finish(&selection);
    add("berlin/*");
    ck_assert(has_at("berlin", 4, NULL) && !has_at("berlin2", 4, NULL));
}
END_TEST

START_TEST(the_whole_of_a_wrong_word_is_named)
{
    static const char *const wrong[] = {"berlin/", "/3", "4/3", "berlin/3/4", "berlin/boi ler"};
    selection.nodes = true;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *error = NULL;
        ck_assert_msg(!selection_add(&selection, wrong[i], &error), "%s", wrong[i]);
        ck_assert_msg(strstr(error, wrong[i]), "%s", error);
        free(error);
    }
    selection.nodes = false;
}
END_TEST

START_TEST(nobody_is_in_an_empty_one)
{
    ck_assert(!has(1, "boiler", 1, "meters"));
    check_text("");
}
END_TEST

START_TEST(a_number_stays_a_number)
{
    add("3,#12");
    ck_assert(has(3, NULL, 0, NULL) && has(12, "boiler", 1, NULL));
    ck_assert(!has(1, NULL, 3, NULL));
    ck_assert_uint_eq(selection_highest(&selection), 12);
    check_text("3,12");
}
END_TEST

START_TEST(a_name_stays_a_name)
{
    add("boiler");
    ck_assert(has(1, "boiler", 1, NULL) && has(2, "boiler", 0, NULL));
    ck_assert(!has(1, "Boiler", 1, NULL));
    ck_assert(!has(1, "boilers", 1, NULL));
    ck_assert(!has(1, NULL, 1, "boiler"));
    ck_assert_uint_eq(selection_highest(&selection), 0);
}
END_TEST

START_TEST(a_pattern_is_one_of_names)
{
    add("boil*,p?mp");
    ck_assert(has(1, "boiler", 0, NULL) && has(1, "boil", 0, NULL) &&
              has(1, "BOILER", 0, NULL));
    ck_assert(has(1, "pump", 0, NULL));
    ck_assert(!has(1, "pumps", 0, NULL));
    ck_assert(!has(1, "reboiler", 0, NULL));
    ck_assert(!has(1, NULL, 1, "boiler"));
    check_text("boil*,p?mp");
}
END_TEST

START_TEST(a_star_is_everybody)
{
    add("*");
    ck_assert(has(1, NULL, 0, NULL) && has(2, "boiler", 1, NULL));
}
END_TEST

START_TEST(a_listener_has_a_colon)
{
    add("meters:,2:,#7:");
    ck_assert(has(1, NULL, 1, "meters"));
    ck_assert(has(1, NULL, 2, NULL) && has(1, NULL, 7, NULL));
    ck_assert(!has(2, "meters", 1, NULL));
    ck_assert(!has(2, NULL, 0, NULL));
    ck_assert_uint_eq(selection_highest(&selection), 0);
    check_text("meters:,2:,7:");
}
END_TEST

START_TEST(each_word_stands_once)
{
    add("3,boiler,#3,boiler,3:");
    add("boiler,4");
    check_text("3,boiler,3:,4");
    ck_assert_uint_eq(selection.count, 4);
}
END_TEST

START_TEST(what_is_no_peer_changes_nothing)
{
    static const char *const wrong[] = {"",
                                        ",",
                                        "3,",
                                        "0",
                                        "-",
                                        "a b",
                                        "_a",
                                        ":",
                                        "a:b",
                                        "[ab]*",
                                        "#a",
                                        "3*!",
                                        "a**\\",
                                        "\xc3\xa4",
                                        "a2345678901234567890123456789012345",
                                        "**********************************"};
    add("1");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char words[64], *error = NULL;
        snprintf(words, sizeof words, "9,%s", wrong[i]);
        ck_assert_msg(!selection_add(&selection, words, &error), "%s", wrong[i]);
        ck_assert_ptr_nonnull(strstr(error, " is no peer: write a number, a name, a pattern"));
        free(error);
    }
    check_text("1");
}
END_TEST

START_TEST(the_wrong_word_is_named)
{
    char *error = NULL;
    ck_assert(!selection_add(&selection, "3,met ers:", &error));
    check_error(error, "'met ers:' is no peer: write a number, a name, a pattern of names "
                       "(boil*), or a listener with a colon (meters:)");
}
END_TEST

START_TEST(there_is_room_for_so_many)
{
    char word[16], *error = NULL;
    for (unsigned i = 1; i <= SELECTION_MAX; i++) {
        snprintf(word, sizeof word, "%u", i);
        add(word);
    }
    ck_assert(!selection_add(&selection, "a", &error));
    check_error(error, "too many: there is room for 64 words");
    ck_assert(!has(100, "a", 0, NULL));
    ck_assert(has(SELECTION_MAX, NULL, 0, NULL));
}
END_TEST

START_TEST(some_words_are_open)
{
    ck_assert(selection_is_open("boil*") && selection_is_open("?") && selection_is_open("a:"));
    ck_assert(!selection_is_open("boiler") && !selection_is_open("#3"));
}
END_TEST

START_TEST(equal_are_the_same_words)
{
    struct selection other = {0};
    char *error = NULL;
    add("3,boil*");
    ck_assert(!selection_equals(&selection, &other));
    ck_assert(selection_add(&other, "#3", &error));
    ck_assert(!selection_equals(&selection, &other));
    ck_assert(selection_add(&other, "boil*", &error));
    ck_assert(selection_equals(&selection, &other));
    ck_assert(selection_add(&other, "boil", &error));
    ck_assert(!selection_equals(&selection, &other));
    selection_finish(&other);
}
END_TEST

static bool is_berlin(void *context, const char *name)
{
    ck_assert_ptr_eq(context, &selection);
    return strcmp(name, "berlin") == 0;
}

START_TEST(absent_are_only_names)
{
    selection.nodes = true;
    add("3,berlin,boil*,meters:,ulm/oven");
    ck_assert_ptr_null(selection_absent(&selection, is_berlin, &selection));
    add("oven,kettle");
    char *text = selection_absent(&selection, is_berlin, &selection);
    ck_assert_str_eq(text, "oven,kettle");
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody_is_in_an_empty_one,
                                  a_node_is_no_peer_where_there_is_but_one,
                                  a_word_may_be_of_one_node,
                                  the_whole_of_a_wrong_word_is_named,
                                  a_number_stays_a_number,
                                  a_name_stays_a_name,
                                  a_pattern_is_one_of_names,
                                  a_star_is_everybody,
                                  a_listener_has_a_colon,
                                  each_word_stands_once,
                                  what_is_no_peer_changes_nothing,
                                  the_wrong_word_is_named,
                                  there_is_room_for_so_many,
                                  some_words_are_open,
                                  equal_are_the_same_words,
                                  absent_are_only_names,
                                  NULL};
    return check_run_with("selection", NULL, teardown, tests);
}
