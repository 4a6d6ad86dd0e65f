/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/signals.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct signals *signals;
static char told[8]; /* a letter for each call */

static void tell(void *context, const char *letter)
{
    ck_assert_ptr_eq(context, told);
    ck_assert_uint_lt(strlen(told), sizeof told - 1);
    strncat(told, letter, 1);
}

static void terminate(void *context)
{
    tell(context, "T");
}

static void interrupt(void *context)
{
    tell(context, "I");
}

static void hang_up(void *context)
{
    tell(context, "H");
}

static void create(void)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = hang_up};
    signals = signals_create(&loop, &callbacks, told);
}

/* Whoever runs the tests may ignore some. */
static void setup(void)
{
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    told[0] = '\0';
    loop_init(&loop);
}

static void teardown(void)
{
    signals_destroy(signals);
    loop_finish(&loop);
}

#define TOLD(letters)                    \
    do {                                 \
        loop_poll(&loop);                \
        ck_assert_str_eq(told, letters); \
    } while (0)

START_TEST(each_has_a_callback)
{
    create();
    ck_assert_int_eq(signals_last(signals), 0);
    raise(SIGINT);
    TOLD("I");
    ck_assert_int_eq(signals_last(signals), SIGINT);
    raise(SIGTERM);
    TOLD("IT");
    raise(SIGHUP);
    TOLD("ITH");
    ck_assert_int_eq(signals_last(signals), SIGHUP);
    raise(SIGINT);
    TOLD("ITHI");
}
END_TEST

START_TEST(what_was_ignored_stays_so)
{
    signal(SIGHUP, SIG_IGN);
    create();
    ck_assert(signals_is_ignored(SIGHUP));
    ck_assert(!signals_is_ignored(SIGTERM));
    raise(SIGHUP);
    TOLD("");
    raise(SIGTERM);
    TOLD("T");
    signals_destroy(signals);
    signals = NULL;
    ck_assert(signals_is_ignored(SIGHUP));
}
END_TEST

START_TEST(what_is_held_back_comes_later)
{
    signals_hold(SIGHUP, true);
    raise(SIGHUP); /* there is nobody yet whom it could be told */
    create();
    TOLD("");
    signals_hold(SIGHUP, false);
    TOLD("H");
}
END_TEST

/* By which signal a child ends that does this. */
static int death(void (*deed)(void))
{
    int status;
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        deed();
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void die(void)
{
    signals_die(SIGINT);
}

static void destroy_and_raise(void)
{
    signals_destroy(signals);
    raise(SIGTERM);
}

START_TEST(the_program_may_die_by_one)
{
    create();
    ck_assert_int_eq(death(die), SIGINT);
    ck_assert_int_eq(death(destroy_and_raise), SIGTERM);
    TOLD("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_has_a_callback, what_was_ignored_stays_so,
                                  what_is_held_back_comes_later, the_program_may_die_by_one,
                                  NULL};
    return check_run_with("signals", setup, teardown, tests);
}
