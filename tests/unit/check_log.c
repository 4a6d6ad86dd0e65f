/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

int main(void)
{
    const TTest *const tests[] = {writes_a_line, survives_a_closed_stderr, escapes_what_it_says,
                                  NULL};
    return check_run_with("log", setup, teardown, tests);
}
