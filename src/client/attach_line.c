/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/home.h"
#include "base/mem.h"
#include "command/command.h"

static const char blanks[] = " \t";

/* --- paths --- */

/* The path for which path stands here. malloc'ed; NULL where it is absolute, or none. */
static char *absolute(const char *path)
{
    char *whole = home_expand(path);
    char *directory = *whole != '\0' && *whole != '/' ? getcwd(NULL, 0) : NULL;
    if (!directory && *path == '~')
        return whole;
    char *joined = directory ? mem_printf("%s/%s", directory, whole) : NULL;
    free(directory);
    free(whole);
    return joined;
}

/* What Tab completes here is relative to this process's directory and home, not to the
 * daemon's. */
static void make_absolute(struct attach_line *read)
{
    size_t peers = strcspn(read->arguments, blanks);
    const char *path = read->arguments + peers;
    char *whole = absolute(path + strspn(path, blanks));
    if (!whole)
        return;
    read->line = mem_printf("/file %.*s %s", (int)peers, read->arguments, whole);
    read->size = strlen(read->line);
    free(whole);
}

/* --- the whole --- */

static const struct command *command_of(const char *line, size_t size, size_t *name_end)
{
    char *error = NULL;
    if (size < 2 || *line != '/' || line[1] == '/' || line[1] == '@' || memchr(line, 0, size))
        return NULL;
    char *name = mem_strndup(line + 1, size - 1);
    name[strcspn(name, blanks)] = '\0';
    *name_end = 1 + strlen(name);
    const struct command *command = command_find(command_table, name, &error);
    free(name);
    free(error);
    return command;
}

static char *trimmed(const char *text, size_t size)
{
    while (size > 0 && strchr(blanks, *text)) {
        text++;
        size--;
    }
    while (size > 0 && strchr(blanks, text[size - 1]))
        size--;
    return mem_strndup(text, size);
}

void attach_line_read(struct attach_line *read, const char *line, size_t size)
{
    if (size > 0 && line[size - 1] == '\r')
        size--; /* no part of a command's last word */
    size_t end = size;
    *read = (struct attach_line){.command = command_of(line, size, &end)};
    read->arguments = trimmed(line + end, size - end);
    if (read->command == &cmd_file)
        make_absolute(read);
}

void attach_line_finish(struct attach_line *read)
{
    free(read->arguments);
    free(read->line);
}
