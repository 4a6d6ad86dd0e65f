/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the unit tests share: running a list of tests in UTF-8, and looking at error texts. */
#ifndef TELEX_TESTS_CHECK_MAIN_H
#define TELEX_TESTS_CHECK_MAIN_H

#include <check.h>
#include <locale.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Runs a suite, which is freed; returns the exit status of the program. */
static inline int check_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    setlocale(LC_CTYPE, "C.UTF-8");
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Runs tests (what START_TEST names; NULL ends the list) as one suite, each of them between
 * setup and teardown (NULL: nothing to do). */
static inline int check_run_with(const char *name, void (*setup)(void), void (*teardown)(void),
                                 const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (; *tests; tests++)
        tcase_add_test(tcase, *tests);
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}

static inline int check_run(const char *name, const TTest *const *tests)
{
    return check_run_with(name, NULL, NULL, tests);
}

/* Frees an error text that must be as expected. */
static inline void check_error(char *error, const char *expected)
{
    ck_assert_str_eq(error, expected);
    free(error);
}

#endif
