/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A serial line is one program's: flock(2), which holds for root too, and TIOCEXCL, which keeps
 * out those that do not ask.
 */
#ifndef TELEX_LOOP_SERIAL_LOCK_H
#define TELEX_LOOP_SERIAL_LOCK_H

#include <stdbool.h>

/* Until fd is closed, or let go. False with *error (malloc'ed): who has it. */
bool serial_lock_take(int fd, const char *path, char **error);
/* Whoever has it open besides may go on without us. */
void serial_lock_let_go(int fd);
/* Why open(2) said EBUSY: "in use by picocom (process 4711)"; malloc'ed. */
char *serial_lock_holder(const char *path);

#endif
