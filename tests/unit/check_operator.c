/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "command/operator_target.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

/* What the fake operator has written down; forgets it. */
static void check_log(const char *expected)
{
    ck_assert_str_eq(utstring_body(&console.log), expected);
    utstring_clear(&console.log);
}

START_TEST(says_only_a_target_that_is_another)
{
    operator_target_set(&console.session, 3);
    check_log("changed target 3\n");
    operator_target_set(&console.session, 3);
    check_log("");
    operator_target_set(&console.session, 0);
    check_log("changed target 0\n");
    operator_target_set(&console.session, 0);
    check_log("");
}
END_TEST

START_TEST(answers_for_the_running_command)
{
    console.session.running = &cmd_close;
    operator_done(&console.session, NULL);
    check_log("close: done\n");
    operator_done(&console.session, "closing #%d", 3);
    check_log("close: done (closing #3)\n");
    operator_error(&console.session, "no %s", "luck");
    check_log("error close: no luck\n");
    operator_answer(&console.session, NULL);
    check_log("close: done\n");
    operator_answer(&console.session, mem_strdup("100 %s"));
    check_log("error close: 100 %s\n");
}
END_TEST

START_TEST(an_error_may_belong_to_no_command)
{
    operator_error(&console.session, "no %s", "luck");
    check_log("error -: no luck\n");
}
END_TEST

START_TEST(unix_endpoints_need_local_files)
{
    static const char *const endpoints[] = {"unix:/run/x", "unix:/run/x?mode=0600",
                                            "tcp://127.0.0.1:1", "udp://*:2", "9999"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        char *error = NULL;
        console.session.local_files = true;
        ck_assert(operator_may_reach(&console.session, endpoints[i], &error));
        console.session.local_files = false;
        const bool is_unix = strncmp(endpoints[i], "unix:", 5) == 0;
        ck_assert_int_eq(operator_may_reach(&console.session, endpoints[i], &error), !is_unix);
        if (is_unix)
            check_error(error,
                        "unix endpoints are only for the user that telexd runs as, and root");
    }
}
END_TEST

static const struct key_set *keys_of(enum scheme scheme)
{
    static const struct key keys[] = {
        {"colour", KEY_EITHER, "red|green", NULL, NULL, KEY_LIVE},
        {"secret", KEY_CALL, "FILE", NULL, NULL, KEY_LIVE},
    };
    static const struct key_set set = {.keys = keys, .count = 2};
    return scheme == SCHEME_TCP ? &set : NULL;
}

/* Whose first line would be sent to whoever the operator likes. */
START_TEST(keys_that_name_files_need_local_files)
{
    struct program program = *console.session.program;
    char *error = NULL;
    program.keys = keys_of;
    console.session.program = &program;
    console.session.local_files = true;
    ck_assert(operator_may_reach(&console.session, "tcp://h:1?secret=/etc/x", &error));
    console.session.local_files = false;
    ck_assert(operator_may_reach(&console.session, "tcp://h:1?colour=red", &error));
    ck_assert(!operator_may_reach(&console.session, "tcp://h:1?secret=/etc/x", &error));
    check_error(error, "secret= is only for the user that telexd runs as, and root");
}
END_TEST

START_TEST(what_is_reached_by_way_of_a_listener_counts)
{
    char *error = NULL;
    console.session.local_files = false;
    ck_assert(operator_may_reach(&console.session, "tcp://:1?to=tcp://h:2", &error));
    ck_assert(operator_may_reach(&console.session, "tcp://:1?to=boiler", &error));
    ck_assert(!operator_may_reach(&console.session, "tcp://:1?to=unix:/x", &error));
    check_error(error, "unix endpoints are only for the user that telexd runs as, and root");
}
END_TEST

START_TEST(what_is_no_endpoint_is_reached_by_nobody)
{
    char *error = NULL;
    ck_assert(!operator_may_reach(&console.session, "tcp://127.0.0.1:70000", &error));
    ck_assert_ptr_nonnull(strstr(error, "70000"));
    free(error);
}
END_TEST

START_TEST(finds_listeners_or_says_so)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=meters");
    utstring_clear(&console.log);
    console.session.running = &cmd_unlisten;
    ck_assert_ptr_eq(operator_find_listener(&console.session, "1"), listener);
    ck_assert_ptr_eq(operator_find_listener(&console.session, "#1"), listener);
    ck_assert_ptr_eq(operator_find_listener(&console.session, "meters"), listener);
    check_log("");
    ck_assert_ptr_null(operator_find_listener(&console.session, "2"));
    check_log("error unlisten: no listener '2': /listeners lists them\n");
    ck_assert_ptr_null(operator_find_listener(&console.session, "\x1b"));
    check_log("error unlisten: no listener '\\x1b': /listeners lists them\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {says_only_a_target_that_is_another,
                                  answers_for_the_running_command,
                                  an_error_may_belong_to_no_command,
                                  unix_endpoints_need_local_files,
                                  keys_that_name_files_need_local_files,
                                  what_is_reached_by_way_of_a_listener_counts,
                                  what_is_no_endpoint_is_reached_by_nobody,
                                  finds_listeners_or_says_so,
                                  NULL};
    return check_run_with("operator", setup, teardown, tests);
}
