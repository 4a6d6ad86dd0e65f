/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/ut.h"
#include "base/writer.h"

enum { LOG_PATIENCE = 1000 /* milliseconds */ };

/* There is one stderr in a process. */
static struct {
    const char *program;
    struct log_sink *sink; /* NULL: stderr itself */
    uint64_t lost;         /* lines since that was told last */
} diagnostics;

void log_init(const char *program)
{
    diagnostics.program = program;
}

static const char *log_program(void)
{
    return diagnostics.program ? diagnostics.program : program_invocation_short_name;
}

/* One write where it can be, so that lines of several processes do not mix. Returns false where
 * that found no room; where it failed for another reason, nobody is left to be told. */
static bool log_put(const char *line, size_t size)
{
    struct writer writer;
    ssize_t put = 0;
    writer_open(&writer, STDERR_FILENO);
    struct pollfd poller = {.fd = writer.fd, .events = POLLOUT};
    while (size > 0 && put >= 0 && poll(&poller, 1, LOG_PATIENCE) != 0) {
        put = writer_put(&writer, &(struct iovec){(void *)line, size}, 1);
        line += put > 0 ? put : 0;
        size -= put > 0 ? (size_t)put : 0;
    }
    writer_close(&writer);
    return size == 0 || (put < 0 && errno != EAGAIN);
}

static bool take(const char *line, size_t size)
{
    struct log_sink *sink = diagnostics.sink;
    return sink ? sink->take(sink, line, size) : log_put(line, size);
}

/* What is missing is told where it is missing: before anything newer. */
static bool tell_lost(void)
{
    if (diagnostics.lost == 0)
        return true;
    char *line =
        mem_printf("%s: %ju %s found no room here\n", log_program(),
                   (uintmax_t)diagnostics.lost, diagnostics.lost == 1 ? "line" : "lines");
    bool told = take(line, strlen(line));
    if (told)
        diagnostics.lost = 0;
    free(line);
    return told;
}

static void log_line(const char *format, va_list arguments)
{
    int saved = errno;
    char *text = mem_vprintf(format, arguments);
    UT_string line;
    utstring_init(&line);
    utstring_printf(&line, "%s: ", log_program());
    escape_message(&line, text);
    ut_append(&line, "\n", 1);
    if (!tell_lost() || !take(utstring_body(&line), utstring_len(&line)))
        diagnostics.lost++;
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

void log_last(const char *text)
{
    char line[256];
    int size = snprintf(line, sizeof line, "%s: %s\n", log_program(), text);
    log_put(line, (size_t)size < sizeof line ? (size_t)size : sizeof line - 1);
}

struct log_sink *log_divert(struct log_sink *sink)
{
    struct log_sink *former = diagnostics.sink;
    diagnostics.sink = sink;
    return former;
}

void log_retry(void)
{
    int saved = errno;
    tell_lost();
    errno = saved;
}
