/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/requests.h"

#include "base/mem.h"
#include "check_main.h"

static struct requests requests;

static void setup(void)
{
    requests = (struct requests){0};
}

static void teardown(void)
{
    requests_clear(&requests);
}

START_TEST(counts_as_the_daemon_does)
{
    ck_assert_uint_eq(requests_add(&requests, REQUEST_QUIET)->number, 1);
    requests_skip(&requests);
    ck_assert_uint_eq(requests_add(&requests, REQUEST_TYPED)->number, 3);
    ck_assert_uint_eq(requests.count, 2);
    ck_assert_uint_eq(requests.typed, 1);
    requests_clear(&requests);
    ck_assert_uint_eq(requests.count, 0);
    ck_assert_uint_eq(requests_add(&requests, REQUEST_TYPED)->number, 1);
}
END_TEST

START_TEST(finds_what_is_answered)
{
    for (int i = 0; i < 5; i++) {
        struct request *request = requests_add(&requests, REQUEST_TYPED);
        request->line = mem_strdup("line");
        request->change = mem_strdup("/view hex");
    }
    requests_drop(&requests, requests_find(&requests, 1));
    ck_assert_ptr_null(requests_find(&requests, 1));
    ck_assert_uint_eq(requests_find(&requests, 4)->number, 4); /* so 2 and 3 are too */
    ck_assert_uint_eq(requests.count, 2);
    ck_assert_ptr_null(requests_find(&requests, 9));
    ck_assert_uint_eq(requests.count, 0);
    ck_assert_uint_eq(requests.typed, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {counts_as_the_daemon_does, finds_what_is_answered, NULL};
    return check_run_with("requests", setup, teardown, tests);
}
