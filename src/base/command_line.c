/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/command_line.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

int command_line_parse(struct command_line *line, int argc, char **argv, char **error)
{
    char **operands;
    int count;
    if (!options_parse(&line->options, argc, argv, &operands, &count, error))
        return EXIT_USAGE;
    return *line->help || *line->version ? 0 : line->take(line, operands, count, error);
}

static void print_help(const struct command_line *line)
{
    fputs(line->before, stdout);
    options_help(&line->options, stdout);
    fputs(line->after, stdout);
}

bool command_line_read(struct command_line *line, int argc, char **argv, int *status)
{
    char *error = NULL;
    *status = command_line_parse(line, argc, argv, &error);
    if (error)
        log_error("%s", error);
    else if (*line->help)
        print_help(line);
    else if (*line->version)
        printf("%s %s\n", line->program, TELEX_VERSION);
    free(error);
    return *status == 0 && !*line->help && !*line->version;
}
