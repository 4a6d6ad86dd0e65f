/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/time_form.h"

#include "check_main.h"

START_TEST(each_has_a_name)
{
    static const char *const names[] = {"clock", "ms", "iso", "delta", "none"};
    for (enum time_form each = TIME_FORM_CLOCK; each <= TIME_FORM_NONE; each++) {
        enum time_form form = TIME_FORM_NONE - each;
        char *error = NULL;
        ck_assert_str_eq(time_form_name(each), names[each]);
        ck_assert(time_form_parse(names[each], &form, &error));
        ck_assert_int_eq(form, each);
    }
}
END_TEST

START_TEST(lists_those_there_are)
{
    enum time_form form = TIME_FORM_MS;
    char *error = NULL;
    ck_assert(!time_form_parse("utc", &form, &error));
    ck_assert_int_eq(form, TIME_FORM_MS);
    check_error(error, "unknown form of times 'utc': use clock, ms, iso, delta or none");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_has_a_name, lists_those_there_are, NULL};
    return check_run("time_form", tests);
}
