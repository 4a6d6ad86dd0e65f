/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/ut.h"

static const char *log_program;

void log_init(const char *program)
{
    log_program = program;
}

static void log_line(const char *format, va_list arguments)
{
    int saved = errno;
    const char *program = log_program ? log_program : program_invocation_short_name;
    char *text = mem_vprintf(format, arguments);
    UT_string line;
    utstring_init(&line);
    utstring_printf(&line, "%s: ", program);
    escape_message(&line, text);
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
    log_line(format, arguments);
    va_end(arguments);
}
