/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_options.h"

#include "check_main.h"
#include "core/origin.h"

static struct origin *origin_with(const char *keys, char **error)
{
    struct endpoint endpoint;
    char *text = mem_printf("exec:cat%s", keys);
    ck_assert(endpoint_parse(text, &endpoint, error));
    free(text);
    return origin_create(&endpoint, &exec_options_keys, error);
}

static void check_pty(const char *keys, bool on_pty, unsigned columns, unsigned rows)
{
    char *error = NULL;
    struct origin *origin = origin_with(keys, &error);
    const struct exec_options *options = exec_options_of(origin);
    ck_assert_int_eq(options->on_pty, on_pty);
    if (on_pty) {
        ck_assert_uint_eq(options->size.columns, columns);
        ck_assert_uint_eq(options->size.rows, rows);
    }
    origin_release(origin);
}

START_TEST(a_terminal_is_asked_for)
{
    check_pty("", false, 0, 0);
    check_pty("?pty=no", false, 0, 0);
    check_pty("?pty=yes", true, 80, 24);
    check_pty("?pty=132x43", true, 132, 43);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const char *const values[] = {"", "big", "80", "80x24x1", "YES"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char *error = NULL, *keys = mem_printf("?pty=%s", values[i]);
        char *expected =
            mem_printf("pty=%s is no size like 80x24: use no, yes or COLUMNSxROWS", values[i]);
        ck_assert_ptr_null(origin_with(keys, &error));
        check_error(error, expected);
        free(expected);
        free(keys);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_terminal_is_asked_for, what_is_wrong_is_named, NULL};
    return check_run("exec_options", tests);
}
