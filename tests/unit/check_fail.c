/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fail.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check_main.h"

START_TEST(escapes_what_comes_first)
{
    char *error = NULL;
    ck_assert(!fail_with(&error, "cannot read '%s' of %d: %s", "a\x1b[2J\\", 7, "x\\n"));
    check_error(error, "cannot read 'a\\x1b[2J\\\\' of 7: x\\n");
    ck_assert(!fail_with(&error, "%s", ""));
    check_error(error, "");
}
END_TEST

START_TEST(takes_percent_signs_as_they_are)
{
    char *error = NULL;
    ck_assert(!fail_with(&error, "'%s' lacks %%25", "100%s %n"));
    check_error(error, "'100%s %n' lacks %25");
}
END_TEST

START_TEST(says_what_a_reason_is_about)
{
    char *error = mem_strdup("no such key");
    ck_assert(!fail_about(&error, "endpoint", "tcp://\t?x=%s"));
    check_error(error, "endpoint tcp://\\t?x=%s: no such key");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {escapes_what_comes_first, takes_percent_signs_as_they_are,
                                  says_what_a_reason_is_about, NULL};
    return check_run("fail", tests);
}
