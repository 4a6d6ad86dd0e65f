/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/slips.h"

#include <string.h>

#include "check_main.h"

static size_t slips(const char *name, const char *word)
{
    size_t fewest = SLIPS_WORD_MAX + 1;
    ck_assert(slips_nearer(name, word, strlen(word), &fewest));
    return fewest;
}

START_TEST(letters_are_counted)
{
    ck_assert_uint_eq(slips("peers", "peers"), 0);
    ck_assert_uint_eq(slips("peers", "pers"), 1);
    ck_assert_uint_eq(slips("peers", "peerss"), 1);
    ck_assert_uint_eq(slips("peers", "pears"), 1);
    ck_assert_uint_eq(slips("peers", "epers"), 1);
    ck_assert_uint_eq(slips("quit", "qiut"), 1);
    ck_assert_uint_eq(slips("abcd", "badc"), 2);
    ck_assert_uint_eq(slips("peers", ""), 5);
    ck_assert_uint_eq(slips("", "to"), 2);
    ck_assert_uint_eq(slips("kitten", "sitting"), 3);
}
END_TEST

START_TEST(only_a_nearer_one_counts)
{
    size_t fewest = slips_most(strlen("listen"));
    ck_assert(slips_nearer("unlisten", "listen", 6, &fewest));
    ck_assert_uint_eq(fewest, 2);
    ck_assert(!slips_nearer("unlisten", "listen", 6, &fewest));
    ck_assert(!slips_nearer("listeners", "listen", 6, &fewest));
    ck_assert(slips_nearer("listen", "listen", 6, &fewest));
}
END_TEST

START_TEST(short_words_are_slips_by_one_letter)
{
    size_t fewest = slips_most(2);
    ck_assert(!slips_nearer("to", "pp", 2, &fewest));
    ck_assert(slips_nearer("to", "tp", 2, &fewest));
    fewest = slips_most(4);
    ck_assert(!slips_nearer("file", "time", 4, &fewest));
    ck_assert(slips_nearer("view", "veiw", 4, &fewest));
    fewest = slips_most(5);
    ck_assert(slips_nearer("reply", "repla", 5, &fewest));
}
END_TEST

START_TEST(long_words_are_slips_of_none)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t fewest = sizeof word;
    ck_assert(!slips_nearer(word, word, strlen(word), &fewest));
    ck_assert(slips_nearer(word, word, SLIPS_WORD_MAX, &fewest));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {letters_are_counted, only_a_nearer_one_counts,
                                  short_words_are_slips_by_one_letter,
                                  long_words_are_slips_of_none, NULL};
    return check_run("slips", tests);
}
