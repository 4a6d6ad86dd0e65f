/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/ballast.h"

#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "loop/loop.h"

/* Lets a sanitized malloc fail as the plain one does, instead of ending the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:detect_leaks=0";
}

enum { TOLD = 42, NOT_TOLD = 43 };

static volatile size_t too_much = PTRDIFF_MAX; /* volatile: or the compiler objects */
static struct loop loop;
static struct ballast *ballast;
static unsigned told;

static void given_up(void *context)
{
    ++*(unsigned *)context;
}

static void setup(void)
{
    loop_init(&loop);
    ballast = ballast_create(&loop, given_up, &told);
}

static void teardown(void)
{
    ballast_destroy(ballast);
    loop_finish(&loop);
}

START_TEST(nobody_is_told_while_there_is_memory)
{
    loop_poll(&loop);
    ck_assert_uint_eq(told, 0);
    ck_assert(!mem_is_short());
}
END_TEST

/* No ballast is enough for what was asked for: so the program ends, and its loop turns once
 * more on the way. */
static void at_end(void)
{
    const bool early = told > 0;
    loop_poll(&loop);
    _exit(!early && told == 1 && mem_is_short() ? TOLD : NOT_TOLD);
}

START_TEST(its_owner_is_told_in_the_loop)
{
    int status;
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        atexit(at_end);
        free(mem_alloc(too_much));
        _exit(NOT_TOLD);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), TOLD);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody_is_told_while_there_is_memory,
                                  its_owner_is_told_in_the_loop, NULL};
    return check_run_with("ballast", setup, teardown, tests);
}
