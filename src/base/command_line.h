/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program does with its command line: --help and --version, or its options and operands.
 */
#ifndef TELEX_BASE_COMMAND_LINE_H
#define TELEX_BASE_COMMAND_LINE_H

#include <stdbool.h>

#include "base/options.h"

/* The exit status of a program that was called wrongly. */
enum { EXIT_USAGE = 2 };

struct command_line {
    const char *program;        /* as --version says it */
    const char *before, *after; /* what --help prints around the options */
    struct options options;
    const bool *help, *version; /* among the values of these */
    /*
     * Takes the operands, and whatever else there is to read; not for --help and --version.
     * Returns 0, or the exit status with *error.
     */
    int (*take)(struct command_line *line, char **operands, int count, char **error);
};

/* Reads it, without a word. Returns 0, or the exit status with *error (malloc'ed). */
int command_line_parse(struct command_line *line, int argc, char **argv, char **error);
/*
 * The same, with help, version and error told. Returns false where the program is to end with
 * *status because of these.
 */
bool command_line_read(struct command_line *line, int argc, char **argv, int *status);

#endif
