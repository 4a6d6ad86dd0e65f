/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/seen.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"

enum { NOW = 1000 };

static struct seen seen;
static int running; /* stands for what runs */

static void setup(void)
{
    seen_init(&seen);
}

static void teardown(void)
{
    seen_finish(&seen);
}

static struct order *some_order(void)
{
    return (struct order *)&running;
}

static struct seen_entry *add(const char *id, int64_t expires)
{
    struct seen_entry *entry = seen_add(&seen, id, expires, some_order(), NOW);
    ck_assert_ptr_nonnull(entry);
    return entry;
}

static void add_done(unsigned number, int64_t expires)
{
    char id[32];
    snprintf(id, sizeof id, "id-%u", number);
    add(id, expires)->order = NULL;
}

static void keep(struct seen_entry *entry, size_t size)
{
    char *line = mem_alloc(size);
    memset(line, 'x', size);
    seen_keep(&seen, entry, line, size);
    free(line);
}

START_TEST(what_was_said_is_found_with_its_answers)
{
    struct seen_entry *entry = add("one", NOW + 10);
    ck_assert_ptr_eq(seen_find(&seen, "one"), entry);
    ck_assert_ptr_null(seen_find(&seen, "on"));
    seen_keep(&seen, entry, "a", 1);
    seen_keep(&seen, entry, "bc", 2);
    ck_assert_str_eq(utstring_body(&entry->answers), "a\nbc\n");
    ck_assert_uint_eq(seen.bytes, 5);
    seen_forget(&seen, entry);
    ck_assert_ptr_null(seen_find(&seen, "one"));
    ck_assert_uint_eq(seen.bytes, 0);
}
END_TEST

START_TEST(it_is_forgotten_when_its_time_is_over)
{
    add_done(1, NOW - 1);
    add_done(2, NOW + 10);
    struct seen_entry *runs = add("runs", NOW - 1);
    add_done(3, NOW - 1);
    ck_assert_ptr_null(seen_find(&seen, "id-1"));
    ck_assert_ptr_nonnull(seen_find(&seen, "id-2"));
    seen_add(&seen, "later", NOW + 30, some_order(), NOW + 20);
    ck_assert_ptr_null(seen_find(&seen, "id-2"));
    ck_assert_ptr_null(seen_find(&seen, "id-3"));
    ck_assert_ptr_eq(seen_find(&seen, "runs"), runs);
}
END_TEST

START_TEST(of_too_many_the_oldest_go_but_none_that_runs)
{
    add("runs", NOW + 10);
    for (unsigned i = 1; i < SEEN_IDS; i++)
        add_done(i, NOW + 10);
    ck_assert_uint_eq(seen.count, SEEN_IDS);
    ck_assert_ptr_nonnull(seen_find(&seen, "id-1"));
    add_done(SEEN_IDS, NOW + 10);
    ck_assert_uint_eq(seen.count, SEEN_IDS);
    ck_assert_ptr_null(seen_find(&seen, "id-1"));
    ck_assert_ptr_nonnull(seen_find(&seen, "id-2"));
    ck_assert_ptr_nonnull(seen_find(&seen, "runs"));
}
END_TEST

START_TEST(there_is_no_room_where_all_run)
{
    for (unsigned i = 0; i < SEEN_IDS; i++) {
        char id[32];
        snprintf(id, sizeof id, "id-%u", i);
        add(id, NOW - 1);
    }
    ck_assert_ptr_null(seen_add(&seen, "more", NOW, some_order(), NOW));
}
END_TEST

START_TEST(an_answer_that_is_too_long_is_not_kept)
{
    struct seen_entry *entry = add("one", NOW + 10);
    keep(entry, SEEN_ANSWER - 1);
    ck_assert(entry->kept);
    keep(entry, 1);
    ck_assert(!entry->kept);
    ck_assert_uint_eq(seen.bytes, 0);
    keep(entry, 1);
    ck_assert_uint_eq(seen.bytes, 0);
}
END_TEST

START_TEST(of_too_many_bytes_the_oldest_answers_go)
{
    char id[] = "a";
    for (; *id < 'a' + SEEN_BYTES / SEEN_ANSWER; ++*id) {
        struct seen_entry *entry = add(id, NOW + 10);
        keep(entry, SEEN_ANSWER - 1);
        entry->order = NULL;
    }
    ck_assert_uint_eq(seen.bytes, SEEN_BYTES);
    ck_assert(seen_find(&seen, "a")->kept);
    struct seen_entry *last = add("last", NOW + 10);
    keep(last, 1);
    ck_assert_uint_le(seen.bytes, SEEN_BYTES / 2 + 2);
    ck_assert(last->kept);
    ck_assert(!seen_find(&seen, "a")->kept);
    --*id;
    ck_assert(seen_find(&seen, id)->kept);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_said_is_found_with_its_answers,
                                  it_is_forgotten_when_its_time_is_over,
                                  of_too_many_the_oldest_go_but_none_that_runs,
                                  there_is_no_room_where_all_run,
                                  an_answer_that_is_too_long_is_not_kept,
                                  of_too_many_bytes_the_oldest_answers_go,
                                  NULL};
    return check_run_with("seen", setup, teardown, tests);
}
