/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/like.h"

#include "check_main.h"
#include "core/card.h"

static struct like like;

static void teardown(void)
{
    like_finish(&like);
}

static bool text(const char *word, const char *whole)
{
    like_finish(&like);
    like_init(&like, word);
    return like_text(&like, whole);
}

static bool card(const char *word)
{
    const struct card card = {.peer = {.number = 3, .name = "boiler"},
                              .where = {.transport = "tcp",
                                        .remote = "[2001:db8::7]:4711",
                                        .local = "[::1]:9999",
                                        .listener = {.number = 2, .name = "meters"}},
                              .state = PEER_HALF_CLOSED};
    like_finish(&like);
    like_init(&like, word);
    return like_card(&like, &card);
}

START_TEST(a_word_stands_in_it)
{
    ck_assert(text("192.0.2.", "192.0.2.7:80") && text("0.2", "192.0.2.7:80"));
    ck_assert(text("BOIL", "boiler") && text("", "boiler"));
    ck_assert(!text("boilers", "boiler"));
    ck_assert(!text("x", NULL));
}
END_TEST

START_TEST(a_pattern_is_like_the_whole)
{
    ck_assert(text("boil*", "Boiler") && text("*ler", "boiler") && text("b?iler", "boiler"));
    ck_assert(!text("oil*", "boiler"));
    ck_assert(!text("boil?", "boiler"));
    ck_assert(!text("*", NULL));
}
END_TEST

START_TEST(other_signs_are_letters)
{
    ck_assert(text("[::1]:*", "[::1]:80"));
    ck_assert(!text("[::1]*", "1"));
    ck_assert(text("a\\*", "a\\b"));
    ck_assert(text("[::1]", "[::1]:80"));
}
END_TEST

START_TEST(a_peer_is_like_any_of_it)
{
    static const char *const of_it[] = {"boil", "boil*",       "db8::7", "*:4711",  "tcp",
                                        "HALF", "half-close?", "meters", "meters:", "2:"};
    static const char *const not_of_it[] = {"9999", "udp", "open", "3:", "meter:", "#3", "m*r"};
    for (size_t i = 0; i < COUNT(of_it); i++)
        ck_assert_msg(card(of_it[i]), "%s", of_it[i]);
    for (size_t i = 0; i < COUNT(not_of_it); i++)
        ck_assert_msg(!card(not_of_it[i]), "%s", not_of_it[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_word_stands_in_it, a_pattern_is_like_the_whole,
                                  other_signs_are_letters, a_peer_is_like_any_of_it, NULL};
    return check_run_with("like", NULL, teardown, tests);
}
