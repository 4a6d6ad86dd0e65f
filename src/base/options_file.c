/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/options.h"

/* The room of a line: a carriage return before its newline does not count. */
enum { ROOM = OPTIONS_FILE_LINE_MAX + 2 };

static enum options_file_result unreadable(const char *name, char **error)
{
    fail_with(error, "cannot read %s: %s", name, strerror(errno));
    return OPTIONS_FILE_UNREADABLE;
}

/*
 * The next line, without its end. False at the end of the file, after a failure to read, and
 * with *reason where this is no line of text: whatever is read, no more is kept than a line.
 */
static bool next_line(FILE *stream, char line[ROOM], char **reason)
{
    size_t size = 0;
    int c;
    while ((c = getc(stream)) != EOF && c != '\n') {
        if (c == '\0') {
            *reason = mem_strdup("a NUL byte: this is no file of text");
            return false;
        }
        line[size++] = (char)c;
        bool is_end = c == '\r' && size == ROOM - 1;
        if (size > OPTIONS_FILE_LINE_MAX && !is_end) {
            *reason = mem_printf("the line is longer than %d bytes", OPTIONS_FILE_LINE_MAX);
            return false;
        }
    }
    if (ferror(stream))
        return false;
    line[size] = '\0';
    return c == '\n' || size > 0;
}

/* Editors of other systems begin a file with the mark that its text is UTF-8. */
static const char *without_mark(const char *line)
{
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, strlen(mark)) == 0 ? line + strlen(mark) : line;
}

enum options_file_result options_file_parse(struct options *options, FILE *stream,
                                            const char *name, options_file_other *other,
                                            void *context, char **error)
{
    char line[ROOM];
    char *reason = NULL;
    unsigned long number = 1;
    errno = 0;
    while (
        next_line(stream, line, &reason) &&
        options_line(options, number == 1 ? without_mark(line) : line, other, context, &reason))
        number++;
    if (reason) {
        fail_with(error, "%s:%lu: %s", name, number, reason);
        free(reason);
        return OPTIONS_FILE_WRONG;
    }
    return ferror(stream) ? unreadable(name, error) : OPTIONS_FILE_GOOD;
}

enum options_file_result options_file_read(struct options *options, const char *name,
                                           options_file_other *other, void *context,
                                           char **error)
{
    FILE *stream = fopen(name, "re");
    if (!stream)
        return unreadable(name, error);
    enum options_file_result result =
        options_file_parse(options, stream, name, other, context, error);
    fclose(stream);
    return result;
}
