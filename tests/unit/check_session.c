/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/session.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_main.h"

enum { ALL = 3 };

static pid_t session;
static unsigned met;

static void say_and_wait(int fd)
{
    (void)!write(fd, "", 1);
    while (true)
        pause();
}

/* Each of its processes leads a group of its own. */
static void lead(int fd)
{
    setsid();
    for (int i = 1; i < ALL; i++)
        if (fork() == 0) {
            setpgid(0, 0);
            say_and_wait(fd);
        }
    say_and_wait(fd);
}

static void setup(void)
{
    char byte;
    int up[2];
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    ck_assert_int_eq(pipe(up), 0);
    session = fork();
    if (session == 0)
        lead(up[1]);
    for (int i = 0; i < ALL; i++)
        ck_assert_int_eq(read(up[0], &byte, 1), 1);
    close(up[0]);
    close(up[1]);
    met = 0;
}

static void meet(pid_t pid)
{
    met += getsid(pid) == session;
}

static void kill_one(pid_t pid)
{
    kill(pid, SIGKILL);
}

static void reap_all(void)
{
    while (waitpid(-1, NULL, 0) > 0)
        ;
}

static void teardown(void)
{
    session_visit(session, kill_one);
    reap_all();
}

START_TEST(each_is_met_whatever_its_group)
{
    ck_assert(session_visit(session, meet));
    ck_assert_uint_eq(met, ALL);
    ck_assert(session_visit(session, NULL));
}
END_TEST

START_TEST(there_is_one_without_its_leader)
{
    kill(session, SIGKILL);
    waitpid(session, NULL, 0);
    ck_assert(session_visit(session, meet));
    ck_assert_uint_eq(met, ALL - 1);
}
END_TEST

START_TEST(and_none_when_all_have_gone)
{
    ck_assert(session_visit(session, kill_one));
    reap_all();
    ck_assert(!session_visit(session, meet));
    ck_assert_uint_eq(met, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_is_met_whatever_its_group,
                                  there_is_one_without_its_leader, and_none_when_all_have_gone,
                                  NULL};
    return check_run_with("session", setup, teardown, tests);
}
