/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/options.h"

/* The room of a line: a carriage return before its newline does not count. */
enum { ROOM = OPTIONS_FILE_LINE_MAX + 2 };

static char *unreadable(const char *name, int cause)
{
    char *shown = escape_string(name);
    char *error = mem_printf("cannot read %s: %s", shown, strerror(cause));
    free(shown);
    return error;
}

/* "FILE:3: reason". Frees the reason. */
static char *wrong(const char *name, unsigned long line, char *reason)
{
    char *shown = escape_string(name);
    char *error = mem_printf("%s:%lu: %s", shown, line, reason);
    free(shown);
    free(reason);
    return error;
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
        *error = wrong(name, number, reason);
        return OPTIONS_FILE_WRONG;
    }
    if (ferror(stream)) {
        *error = unreadable(name, errno);
        return OPTIONS_FILE_UNREADABLE;
    }
    return OPTIONS_FILE_GOOD;
}

enum options_file_result options_file_read(struct options *options, const char *name,
                                           options_file_other *other, void *context,
                                           char **error)
{
    FILE *stream = fopen(name, "re");
    if (!stream) {
        *error = unreadable(name, errno);
        return OPTIONS_FILE_UNREADABLE;
    }
    enum options_file_result result =
        options_file_parse(options, stream, name, other, context, error);
    fclose(stream);
    return result;
}
