/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What did not reach its end, in one line: nothing is lost silently. */
#ifndef TELEX_CLIENT_LOSSES_H
#define TELEX_CLIENT_LOSSES_H

#include <stdbool.h>
#include <stdint.h>

struct losses {
    const char *line;     /* what became of the line to the peer; NULL where it ended well */
    int output;           /* the errno that broke stdout, or 0 */
    uint64_t unwritten;   /* bytes of output */
    uint64_t undelivered; /* bytes of input */
    bool at_least;        /* there is more input than could be counted */
    uint64_t datagrams;   /* that were not sent */
};

/* malloc'ed; NULL where nothing was lost. */
char *losses_text(const struct losses *losses);

#endif
