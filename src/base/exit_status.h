/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a program has ended. */
#ifndef TELEX_BASE_EXIT_STATUS_H
#define TELEX_BASE_EXIT_STATUS_H

#include <stdbool.h>

#include "base/ut.h"

enum exit_how {
    EXIT_UNKNOWN, /* it has not, or is no program */
    EXIT_CODE,
    EXIT_SIGNAL
};

struct exit_status {
    unsigned char how;    /* enum exit_how */
    unsigned char number; /* the code that it gave, or the signal */
};

/* Of a status that waitpid(2) has told. */
struct exit_status exit_status_of_wait(int status);
/* As a shell tells it: the code, or 128 and the number of the signal. */
int exit_status_code(struct exit_status status);
/* The signal's name, "TERM"; "RT" for those that have none. NULL: it was none. */
const char *exit_status_signal(struct exit_status status);
/* The other way round; false where code is no status. signal: what exit_status_signal said. */
bool exit_status_read(struct exit_status *status, int code, const char *signal);
/* "exit status 3", "killed by SIGTERM". */
void exit_status_print(UT_string *out, struct exit_status status);

#endif
