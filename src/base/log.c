/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/ut.h"

static const char *log_program;

void log_init(const char *program)
{
    log_program = program;
}

/*
 * Neutralises what a terminal must not get. Backslashes stay as they are: texts that quote
 * something from outside have escaped it already, and would show it escaped twice.
 */
static void append_safe(UT_string *line, const char *text)
{
    for (;;) {
        const char *backslash = strchrnul(text, '\\');
        escape_bytes(line, text, (size_t)(backslash - text));
        if (*backslash == '\0')
            return;
        ut_append(line, "\\", 1);
        text = backslash + 1;
    }
}

static void log_line(const char *format, va_list arguments, unsigned suppressed)
{
    int saved = errno;
    const char *program = log_program ? log_program : program_invocation_short_name;
    char *text = mem_vprintf(format, arguments);
    UT_string line;
    utstring_init(&line);
    utstring_printf(&line, "%s: ", program);
    append_safe(&line, text);
    if (suppressed > 0)
        utstring_printf(&line, " (and %u more like this)", suppressed);
    ut_append(&line, "\n", 1);
    /* One write, so that lines of several processes do not mix; where it fails nobody is left
     * to be told. */
    ssize_t written = write(STDERR_FILENO, utstring_body(&line), utstring_len(&line));
    (void)written;
    utstring_done(&line);
    free(text);
    errno = saved;
}

void log_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_line(format, arguments, 0);
    va_end(arguments);
}

void log_limited(struct log_limiter *limiter, const char *format, ...)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (limiter->last_second == now.tv_sec) {
        limiter->suppressed++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    log_line(format, arguments, limiter->suppressed);
    va_end(arguments);
    limiter->last_second = now.tv_sec;
    limiter->suppressed = 0;
}
