/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/exit_status.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "check_main.h"

static void check_print(struct exit_status status, const char *wanted)
{
    UT_string out;
    utstring_init(&out);
    exit_status_print(&out, status);
    ck_assert_str_eq(utstring_body(&out), wanted);
    utstring_done(&out);
}

/* Of a child that has really ended so. */
static struct exit_status status_of(int code, int number)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        signal(number, SIG_DFL);
        raise(number); /* 0: nothing */
        _exit(code);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return exit_status_of_wait(status);
}

START_TEST(of_programs_that_ended)
{
    struct exit_status status = status_of(200, 0);
    ck_assert_int_eq(status.how, EXIT_CODE);
    ck_assert_int_eq(exit_status_code(status), 200);
    ck_assert_ptr_null(exit_status_signal(status));
    check_print(status, "exit status 200");
    status = status_of(0, SIGTERM);
    ck_assert_int_eq(status.how, EXIT_SIGNAL);
    ck_assert_int_eq(exit_status_code(status), 128 + SIGTERM);
    ck_assert_str_eq(exit_status_signal(status), "TERM");
    check_print(status, "killed by SIGTERM");
    check_print(status_of(0, SIGRTMIN), "killed by SIGRT");
}
END_TEST

START_TEST(is_read_as_it_was_said)
{
    const struct exit_status said[] = {{EXIT_CODE, 0},
                                       {EXIT_CODE, 130},
                                       {EXIT_CODE, 255},
                                       {EXIT_SIGNAL, SIGINT},
                                       {EXIT_SIGNAL, (unsigned char)SIGRTMAX}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct exit_status read = {0};
        ck_assert(
            exit_status_read(&read, exit_status_code(said[i]), exit_status_signal(said[i])));
        ck_assert_int_eq(read.how, said[i].how);
        ck_assert_int_eq(read.number, said[i].number);
    }
}
END_TEST

START_TEST(what_is_no_status_is_not_read)
{
    struct exit_status read;
    ck_assert(!exit_status_read(&read, -1, NULL));
    ck_assert(!exit_status_read(&read, 256, NULL));
    ck_assert(!exit_status_read(&read, 128, "TERM"));
    ck_assert(!exit_status_read(&read, 3, "TERM"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {of_programs_that_ended, is_read_as_it_was_said,
                                  what_is_no_status_is_not_read, NULL};
    return check_run("exit_status", tests);
}
