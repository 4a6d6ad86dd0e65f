/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/failures.h"

#include <string.h>

#include "check_main.h"
#include "core/peer.h"

static struct failures failures;

static void setup(void)
{
    failures_init(&failures);
}

static void teardown(void)
{
    failures_finish(&failures);
}

static void add(uint64_t number, char *name, const char *reason)
{
    const struct peer peer = {.number = number, .name = name};
    failures_add(&failures, &peer, mem_strdup(reason));
}

START_TEST(are_one_error_or_none)
{
    char name[] = "boiler";
    ck_assert_ptr_null(failures_text(&failures));
    add(1, NULL, "it sleeps");
    check_error(failures_text(&failures), "not sent to #1: it sleeps");
    add(3, name, "it is closing");
    failures_add_gone(&failures, 7);
    check_error(failures_text(&failures),
                "not sent to #1: it sleeps; #3 boiler: it is closing; #7: it has gone");
}
END_TEST

START_TEST(name_ten_and_count_the_others)
{
    for (uint64_t number = 1; number <= 10; number++)
        add(number, NULL, "no");
    char *text = failures_text(&failures);
    ck_assert_ptr_nonnull(strstr(text, "; #9: no; #10: no"));
    ck_assert_ptr_null(strstr(text, "more"));
    free(text);
    add(11, NULL, "no");
    failures_add_gone(&failures, 12);
    text = failures_text(&failures);
    ck_assert_ptr_nonnull(strstr(text, "; #10: no; and 2 more"));
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {are_one_error_or_none, name_ten_and_count_the_others, NULL};
    return check_run_with("failures", setup, teardown, tests);
}
