/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/diagnostics.h"

#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct diagnostics *diagnostics;
static int saved = -1; /* stderr as it was */
static int reader = -1;
static UT_string got;

static void setup(void)
{
    int ends[2];
    loop_init(&loop);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    reader = ends[0];
    utstring_init(&got);
    log_init("telexd");
    diagnostics = diagnostics_create(&loop);
}

static void teardown(void)
{
    diagnostics_destroy(diagnostics);
    dup2(saved, STDERR_FILENO);
    close(saved);
    if (reader >= 0)
        close(reader);
    utstring_done(&got);
    loop_finish(&loop);
}

static void read_some(void)
{
    char data[65536];
    ssize_t size = read(reader, data, sizeof data);
    if (size > 0)
        ut_append(&got, data, (size_t)size);
}

/* The number in the last line that was read, if that tells of lost lines; else 0. */
static unsigned lost(void)
{
    unsigned count = 0;
    char *text = utstring_body(&got);
    char *last = strrchr(text, '\n');
    while (last && last > text && last[-1] != '\n')
        last--;
    if (!last || sscanf(last, "telexd: %u lines found no room here\n", &count) != 1)
        return 0;
    return count;
}

START_TEST(writes_at_once)
{
    log_error("one");
    log_error("two");
    read_some();
    ck_assert_str_eq(utstring_body(&got), "telexd: one\ntelexd: two\n");
}
END_TEST

/* All of it in order, and the number of what is missing without another diagnostic. */
START_TEST(counts_what_finds_no_room)
{
    enum { LINES = 20000 };
    for (unsigned i = 0; i < LINES; i++)
        log_error("line %u", i);
    while (lost() == 0) {
        read_some();
        loop_poll(&loop);
    }
    unsigned shown = LINES - lost();
    ck_assert_uint_gt(shown, 64 * 1024 / 16);
    char *text = utstring_body(&got);
    for (unsigned i = 0; i < shown; i++) {
        unsigned number;
        ck_assert_int_eq(sscanf(text, "telexd: line %u\n", &number), 1);
        ck_assert_uint_eq(number, i);
        text = strchr(text, '\n') + 1;
    }
    log_error("after");
    read_some();
    ck_assert_ptr_nonnull(strstr(text, "no room here\ntelexd: after\n"));
}
END_TEST

START_TEST(survives_that_nobody_reads)
{
    close(reader);
    reader = -1;
    log_error("one");
    event_base_loop(loop.base, EVLOOP_ONCE);
    log_error("two");
    event_base_loop(loop.base, EVLOOP_ONCE);
}
END_TEST

START_TEST(writes_the_rest_before_it_goes)
{
    char junk[4096];
    int flags = fcntl(STDERR_FILENO, F_GETFL);
    fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK);
    while (write(STDERR_FILENO, junk, sizeof junk) > 0)
        continue;
    fcntl(STDERR_FILENO, F_SETFL, flags);
    log_error("the last");
    for (int i = 0; i < 16; i++)
        read_some();
    utstring_clear(&got);
    diagnostics_destroy(diagnostics);
    diagnostics = NULL;
    read_some();
    ck_assert_str_eq(utstring_body(&got), "telexd: the last\n");
    log_error("by itself");
    read_some();
    ck_assert_str_eq(utstring_body(&got), "telexd: the last\ntelexd: by itself\n");
}
END_TEST

/* Returns, though nobody reads. */
START_TEST(does_not_wait_for_ever)
{
    for (int i = 0; i < 20000; i++)
        log_error("nobody reads this");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {writes_at_once,
                                  counts_what_finds_no_room,
                                  survives_that_nobody_reads,
                                  writes_the_rest_before_it_goes,
                                  does_not_wait_for_ever,
                                  NULL};
    return check_run_with("diagnostics", setup, teardown, tests);
}
