/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "loop/loop.h"

enum { PATIENCE = 60000000, SHORT = 100000 /* microseconds */ };

static struct loop loop;
static struct children children;
static struct child *child;
static int says[2]; /* a pipe that it writes to */
static struct exit_status status;
static unsigned ends;

static void ended(void *context, struct exit_status how)
{
    ck_assert_ptr_eq(context, &children);
    status = how;
    ends++;
}

static void setup(void)
{
    loop_init(&loop);
    children_init(&children, &loop, NULL, NULL);
    ck_assert_int_eq(pipe2(says, O_CLOEXEC), 0);
    child = NULL;
    ends = 0;
}

static void teardown(void)
{
    child_release(child);
    children_finish(&children);
    loop_finish(&loop);
    close(says[0]);
    close(says[1]);
}

static void start_at(const char *command, const char *terminal)
{
    char only[] = "ONLY=this", *environment[] = {only, NULL};
    const struct child_start start = {.command = command,
                                      .environment = environment,
                                      .fds = {STDERR_FILENO, says[1], STDERR_FILENO},
                                      .terminal = terminal};
    char *error = NULL;
    child = child_create(&children, &start, ended, &children, &error);
    ck_assert_msg(child, "%s", error ? error : "");
}

static void start(const char *command)
{
    start_at(command, NULL);
}

static void run_to_end(void)
{
    while (ends == 0)
        loop_poll(&loop);
    ck_assert_uint_eq(ends, 1);
}

static void run_until_gone(void)
{
    while (children.count > 0)
        loop_poll(&loop);
}

/* What it has written, so far. */
static const char *said(int fd)
{
    static char text[4096];
    ssize_t got = read(fd, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void check_ended(enum exit_how how, int number)
{
    run_to_end();
    ck_assert_int_eq(status.how, how);
    ck_assert_int_eq(status.number, number);
    ck_assert_int_lt(kill(child_pid(child), 0), 0); /* not even as a zombie */
}

START_TEST(tells_how_it_ended)
{
    start("exit 7");
    ck_assert_uint_eq(children.count, 1);
    check_ended(EXIT_CODE, 7);
    ck_assert_uint_eq(children.count, 0);
    child_release(child);
    ends = 0;
    start("kill -TERM $$");
    check_ended(EXIT_SIGNAL, SIGTERM);
}
END_TEST

START_TEST(it_has_what_it_is_given_and_nothing_else)
{
    const int inherited = dup(says[1]); /* not close-on-exec */
    signal(SIGHUP, SIG_IGN);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGHUP);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    start("echo $ONLY $HOME; echo $$ $(cut -d' ' -f5,6 /proc/$$/stat);"
          "grep SigBlk /proc/self/status; ls /proc/$$/fd;"
          "kill -HUP $$");
    char wanted[256];
    snprintf(wanted, sizeof wanted, "this\n%d %d %d\nSigBlk:\t0000000000000000\n0\n1\n2\n",
             child_pid(child), child_pid(child), child_pid(child));
    check_ended(EXIT_SIGNAL, SIGHUP); /* which it does not ignore, as we do */
    ck_assert_str_eq(said(says[0]), wanted);
    close(inherited);
}
END_TEST

START_TEST(hanging_up_ends_it)
{
    start("echo up; exec sleep 1000");
    ck_assert_str_eq(said(says[0]), "up\n");
    child_hang_up(child, PATIENCE);
    child_hang_up(child, 0);
    check_ended(EXIT_SIGNAL, SIGHUP);
}
END_TEST

START_TEST(one_that_is_stopped_hears_of_it)
{
    start("echo up; kill -STOP $$");
    ck_assert_str_eq(said(says[0]), "up\n");
    child_hang_up(child, PATIENCE);
    check_ended(EXIT_SIGNAL, SIGHUP);
}
END_TEST

START_TEST(one_that_does_not_listen_is_killed)
{
    start("trap '' HUP; echo up; sleep 1000; true");
    ck_assert_str_eq(said(says[0]), "up\n");
    child_hang_up(child, SHORT);
    check_ended(EXIT_SIGNAL, SIGKILL);
    ck_assert_uint_eq(children.count, 0); /* sleep has gone with it */
}
END_TEST

START_TEST(its_own_children_are_waited_for_and_killed)
{
    start("(trap '' HUP; echo up; exec sleep 1000) & wait");
    ck_assert_str_eq(said(says[0]), "up\n");
    child_hang_up(child, SHORT);
    check_ended(EXIT_SIGNAL, SIGHUP);
    ck_assert_uint_eq(children.count, 0);
}
END_TEST

START_TEST(what_it_leaves_behind_can_be_hung_up)
{
    start("sleep 1000 & echo up");
    check_ended(EXIT_CODE, 0);
    ck_assert_uint_eq(children.count, 1);
    child_hang_up(child, PATIENCE);
    run_until_gone();
    ck_assert_uint_eq(ends, 1);
}
END_TEST

START_TEST(one_that_nobody_waits_for_is_reaped)
{
    start("echo up; exec sleep 1000");
    ck_assert_str_eq(said(says[0]), "up\n");
    const pid_t pid = child_pid(child);
    child_hang_up(child, PATIENCE);
    child_release(child);
    child = NULL;
    run_until_gone();
    ck_assert_uint_eq(ends, 0);
    ck_assert_int_lt(kill(pid, 0), 0);
}
END_TEST

static bool is_there(pid_t pid)
{
    return kill(pid, 0) == 0;
}

START_TEST(orphans_of_theirs_are_reaped_too)
{
    start("sleep 0.2 & echo $!; setsid sh -c 'sleep 0.1 & echo $!'");
    check_ended(EXIT_CODE, 0);
    int first, second;
    ck_assert_int_eq(sscanf(said(says[0]), "%d\n%d\n", &first, &second), 2);
    while (is_there(first) || is_there(second))
        loop_poll(&loop);
    run_until_gone();
}
END_TEST

START_TEST(those_that_still_run_at_the_end_are_killed)
{
    start("trap '' HUP; echo up; sleep 1000 | sleep 1000");
    ck_assert_str_eq(said(says[0]), "up\n");
    close(says[1]);
    says[1] = -1;
    child = NULL;
    children_finish(&children);
    ck_assert_str_eq(said(says[0]), ""); /* the end: nobody has the other one any more */
}
END_TEST

START_TEST(a_terminal_is_its_controlling_one)
{
    int master, slave;
    char name[64];
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    ck_assert_int_eq(openpty(&master, &slave, name, NULL, &size), 0);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    start_at("stty size </dev/tty; test -t 0 -a -t 1 -a -t 2 && ls -m /proc/$$/fd", name);
    check_ended(EXIT_CODE, 0);
    ck_assert_str_eq(said(master), "24 80\r\n0, 1, 2\r\n");
    close(master);
    close(slave);
}
END_TEST

/* As the jobs of a shell on a terminal, each of which has a group of its own. */
START_TEST(so_are_all_jobs_of_its_terminal)
{
    int master, slave;
    char name[64];
    ck_assert_int_eq(openpty(&master, &slave, name, NULL, NULL), 0);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    start_at("set -m; sh -c 'trap \"\" HUP; echo up; sleep 1000; true' & wait", name);
    ck_assert_str_eq(said(master), "up\r\n");
    child_hang_up(child, SHORT);
    check_ended(EXIT_SIGNAL, SIGHUP);
    ck_assert_uint_eq(children.count, 0);
    close(slave);
    ck_assert_int_lt(read(master, name, 1), 0); /* nobody has it any more */
    close(master);
}
END_TEST

START_TEST(one_that_cannot_be_started_says_why)
{
    char *error = NULL, *environment[] = {NULL};
    const struct child_start start = {
        .command = "true", .environment = environment, .fds = {-2, -2, -2}};
    ck_assert_ptr_null(child_create(&children, &start, ended, NULL, &error));
    ck_assert_str_eq(error, "cannot start a program: Bad file descriptor");
    free(error);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_has_what_it_is_given_and_nothing_else,
                                  hanging_up_ends_it,
                                  one_that_is_stopped_hears_of_it,
                                  one_that_does_not_listen_is_killed,
                                  its_own_children_are_waited_for_and_killed,
                                  what_it_leaves_behind_can_be_hung_up,
                                  one_that_nobody_waits_for_is_reaped,
                                  orphans_of_theirs_are_reaped_too,
                                  those_that_still_run_at_the_end_are_killed,
                                  a_terminal_is_its_controlling_one,
                                  so_are_all_jobs_of_its_terminal,
                                  one_that_cannot_be_started_says_why,
                                  tells_how_it_ended,
                                  NULL};
    return check_run_with("child", setup, teardown, tests);
}
