/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What telex attach has to know of a line that the daemon is to run: which command it is, and
 * what its own side has to do about it.
 */
#ifndef TELEX_CLIENT_ATTACH_LINE_H
#define TELEX_CLIENT_ATTACH_LINE_H

#include <stddef.h>

struct command;

struct attach_line {
    const struct command *command; /* NULL: a text, or nothing that we know */
    char *arguments;               /* trimmed; never NULL */
    char *line; /* to be sent in place of what was typed; NULL: that as it is */
    size_t size;
};

void attach_line_read(struct attach_line *read, const char *line, size_t size);
void attach_line_finish(struct attach_line *read);

#endif
