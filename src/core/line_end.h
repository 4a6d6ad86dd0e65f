/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a line has ended. */
#ifndef TELEX_CORE_LINE_END_H
#define TELEX_CORE_LINE_END_H

#include <stdbool.h>
#include <stdint.h>

#include "base/exit_status.h"

enum close_reason {
    CLOSE_EOF,
    CLOSE_RESET,
    CLOSE_TIMEOUT,
    CLOSE_OPERATOR,
    CLOSE_EVICTED,
    CLOSE_SHUTDOWN,
    CLOSE_ERROR,
    CLOSE_REASONS
};

struct line_end {
    enum close_reason reason;
    const char *word;          /* a reason of a newer daemon's; NULL: reason has one */
    const char *error;         /* a text, or NULL */
    bool unopened;             /* nobody was reached: there was no open event */
    struct exit_status status; /* of a program that was the far end */
    unsigned code;             /* of a WebSocket, RFC 6455 section 7.4; 0: none */
    uint64_t received;
    uint64_t sent;
    uint64_t unsent;
    int64_t duration; /* microseconds */
    int64_t again;    /* microseconds until it is called again; 0: it is not */
    bool repeated;    /* that it cannot be reached, and why, was told before */
};

const char *close_reason_name(enum close_reason reason); /* "eof", "reset", ... */

#endif
