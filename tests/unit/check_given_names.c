/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/given_names.h"

#include "check_main.h"

START_TEST(each_is_given_once)
{
    struct given_names given = {0};
    char *error = NULL;
    ck_assert(given_names_add(&given, "meters", &error));
    ck_assert(given_names_add(&given, NULL, &error));
    ck_assert(given_names_add(&given, NULL, &error));
    ck_assert(given_names_add(&given, "boilers", &error));
    ck_assert_ptr_null(error);
    ck_assert(!given_names_add(&given, "meters", &error));
    check_error(error, "the name meters is taken by another listener");
    given_names_finish(&given);
    error = NULL;
    ck_assert(given_names_add(&given, "meters", &error));
    given_names_finish(&given);
}
END_TEST

int main(void)
{
    return check_run("given_names", (const TTest *const[]){each_is_given_once, NULL});
}
