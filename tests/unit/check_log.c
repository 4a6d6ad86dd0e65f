/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"

static int saved = -1; /* stderr as it was */
static int captured = -1;

static void setup(void)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    captured = ends[0];
    log_init("telexd");
}

static void teardown(void)
{
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(captured);
}

/* Exactly this has come since the last look, and nothing else. */
static void came(const char *expected)
{
    char text[4096];
    ssize_t size = read(captured, text, sizeof text - 1);
    text[size > 0 ? size : 0] = '\0';
    ck_assert_str_eq(text, expected);
}

START_TEST(writes_a_line)
{
    errno = ENOENT;
    log_error("cannot listen on %s: %s", "tcp://*:9999", strerror(EADDRINUSE));
    ck_assert_int_eq(errno, ENOENT);
    came("telexd: cannot listen on tcp://*:9999: Address already in use\n");
    log_error("%s", "");
    came("telexd: \n");
}
END_TEST

START_TEST(survives_a_closed_stderr)
{
    close(STDERR_FILENO);
    errno = ENOENT;
    log_error("nobody hears this");
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(escapes_what_it_says)
{
    log_error("bad '%s'", "a\nb\x1b[2J\xff\xe2\x80\xae\xe4\xb8\xad");
    came("telexd: bad 'a\\nb\\x1b[2J\\xff\\u202e\xe4\xb8\xad'\n");
    /* Escaped already by who quotes it. */
    log_error("bad '%s'", "\\x1b\\\\\\");
    came("telexd: bad '\\x1b\\\\\\'\n");
}
END_TEST

/* --- a sink --- */

static UT_string taken;
static bool has_room;

static bool take(struct log_sink *sink, const char *line, size_t size)
{
    (void)sink;
    if (has_room)
        ut_append(&taken, line, size);
    return has_room;
}

START_TEST(gives_whole_lines_to_a_sink)
{
    struct log_sink sink = {.take = take};
    utstring_init(&taken);
    has_room = true;
    ck_assert_ptr_null(log_divert(&sink));
    log_error("one\ntwo");
    ck_assert_str_eq(utstring_body(&taken), "telexd: one\\ntwo\n");
    ck_assert_ptr_eq(log_divert(NULL), &sink);
    came("");
    log_error("three");
    came("telexd: three\n");
    utstring_done(&taken);
}
END_TEST

START_TEST(tells_how_many_found_no_room)
{
    struct log_sink sink = {.take = take};
    utstring_init(&taken);
    log_divert(&sink);
    has_room = false;
    log_error("one");
    log_retry();
    has_room = true;
    errno = ENOENT;
    log_retry();
    ck_assert_int_eq(errno, ENOENT);
    log_retry();
    has_room = false;
    log_error("two");
    log_error("three");
    has_room = true;
    log_error("four"); /* the gap stands where it is */
    ck_assert_str_eq(utstring_body(&taken), "telexd: 1 line found no room here\n"
                                            "telexd: 2 lines found no room here\n"
                                            "telexd: four\n");
    utstring_done(&taken);
    log_divert(NULL);
}
END_TEST

/* Gives up, and goes on where somebody reads again. */
START_TEST(does_not_wait_for_ever)
{
    char data[4096] = "";
    int flags = fcntl(STDERR_FILENO, F_GETFL);
    while (write(STDERR_FILENO, data, sizeof data) > 0)
        continue;
    fcntl(STDERR_FILENO, F_SETFL, flags & ~O_NONBLOCK);
    log_error("lost");
    log_last("lost");
    fcntl(STDERR_FILENO, F_SETFL, flags);
    while (read(captured, data, sizeof data) > 0)
        continue;
    log_last("the end");
    log_error("good");
    came("telexd: the end\ntelexd: 1 line found no room here\ntelexd: good\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {writes_a_line,
                                  survives_a_closed_stderr,
                                  escapes_what_it_says,
                                  gives_whole_lines_to_a_sink,
                                  tells_how_many_found_no_room,
                                  does_not_wait_for_ever,
                                  NULL};
    return check_run_with("log", setup, teardown, tests);
}
