/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/batch.h"

#include <string.h>

#include "check_main.h"

START_TEST(it_takes_what_comes_next_of_its_kind)
{
    struct batch *batch = batch_create(SUBJECT_TALK, "a", 3);
    ck_assert(batch_takes(batch, SUBJECT_TALK, "a", 3));
    batch_add(batch, 3, "3\n", 2);
    ck_assert(batch_takes(batch, SUBJECT_TALK, "a", 4));
    ck_assert(!batch_takes(batch, SUBJECT_TALK, "a", 5));
    ck_assert(!batch_takes(batch, SUBJECT_TALK, "b", 4));
    ck_assert(!batch_takes(batch, SUBJECT_LIFE, "a", 4));
    batch_destroy(batch);
}
END_TEST

START_TEST(what_is_stored_is_taken_out)
{
    struct batch *batch = batch_create(SUBJECT_TALK, "a", 3);
    batch_add(batch, 3, "3\n", 2);
    batch_add(batch, 4, "4\n", 2);
    batch_add(batch, 5, "5\n", 2);
    batch_trim(batch, 4);
    ck_assert_str_eq(utstring_body(&batch->lines), "5\n");
    ck_assert_uint_eq(batch->first, 5);
    ck_assert_uint_eq(batch->last, 5);
    batch_destroy(batch);
}
END_TEST

START_TEST(an_id_tells_node_run_and_number)
{
    char id[BATCH_ID_ROOM], run[EVENT_RUN_ROOM];
    uint64_t first;
    batch_id(id, "new-york", "0123456789abcdef", UINT64_MAX);
    ck_assert_str_eq(id, "new-york-0123456789abcdef-18446744073709551615");
    ck_assert(batch_id_read(id, "new-york", run, &first));
    ck_assert_str_eq(run, "0123456789abcdef");
    ck_assert_uint_eq(first, UINT64_MAX);
    static const char *const others[] = {"",
                                         "new",
                                         "new-york",
                                         "new-york-",
                                         "new-york-0123456789abcdef",
                                         "new-york-0123456789abcdef-",
                                         "new-york-0123456789abcdef-x",
                                         "new-york-0123456789abcdef0-1",
                                         "old-york-0123456789abcdef-1"};
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert(!batch_id_read(others[i], "new-york", run, &first));
}
END_TEST

static void check_run_of(const char *id, const char *expected)
{
    char run[EVENT_RUN_ROOM];
    ck_assert_msg(batch_id_run(id, run) == (expected != NULL), "%s", id);
    if (expected)
        ck_assert_str_eq(run, expected);
}

START_TEST(an_id_has_its_run)
{
    check_run_of("berlin-0123456789abcdef-12", "0123456789abcdef");
    check_run_of("north-east-0123456789abcdef-12", "0123456789abcdef");
    check_run_of("berlin-0123456789abcdefg-12", NULL);
    check_run_of("berlin-12", NULL);
    check_run_of("berlin", NULL);
    check_run_of("", NULL);
    check_run_of("--", NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_takes_what_comes_next_of_its_kind,
                                  what_is_stored_is_taken_out, an_id_tells_node_run_and_number,
                                  an_id_has_its_run, NULL};
    return check_run("batch", tests);
}
