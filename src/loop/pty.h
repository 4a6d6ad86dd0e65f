/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our end of a new pseudo-terminal, pty(7). */
#ifndef TELEX_LOOP_PTY_H
#define TELEX_LOOP_PTY_H

#include <stdbool.h>

enum { PTY_NAME = 64 };

struct pty_size {
    unsigned short columns, rows;
};

/* "80x24". */
bool pty_size_parse(const char *text, struct pty_size *size);
/*
 * Opens one, non-blocking and close-on-exec, of that size. name gets the path of the other end.
 * Returns -1 with *error (malloc'ed).
 */
int pty_open(struct pty_size size, char name[PTY_NAME], char **error);
/* The character that a program which reads lines takes for an end of file; 0: there is none, it
 * reads bytes. */
char pty_end(int fd);

#endif
