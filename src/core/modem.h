/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a serial line beside its data. */
#ifndef TELEX_CORE_MODEM_H
#define TELEX_CORE_MODEM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "base/ut.h"

/* A set of them is as ioctl_tty(2) has it. DTR and RTS are ours, the others the far end's. */
enum modem_line {
    MODEM_DTR = TIOCM_DTR,
    MODEM_RTS = TIOCM_RTS,
    MODEM_CTS = TIOCM_CTS,
    MODEM_DSR = TIOCM_DSR,
    MODEM_DCD = TIOCM_CD,
    MODEM_RI = TIOCM_RI
};
enum {
    MODEM_OURS = MODEM_DTR | MODEM_RTS,
    MODEM_THEIRS = MODEM_CTS | MODEM_DSR | MODEM_DCD | MODEM_RI,
    MODEM_LINES = 6
};

/* Ours first. */
struct modem_name {
    enum modem_line line;
    const char *name;  /* "dtr" */
    const char *label; /* "DTR" */
};
extern const struct modem_name modem_names[MODEM_LINES];

/* Appends those of which, and whether they are on: "CTS on, DSR off". */
void modem_print(UT_string *out, unsigned which, unsigned on);

struct link;

/* What a link with such lines can do; false with *error (malloc'ed, the reason alone). */
struct modem_ops {
    /* Those that are on now. */
    bool (*read)(struct link *link, unsigned *on, char **error);
    /* Two sets of ours, which have nothing in common. */
    bool (*set)(struct link *link, unsigned on, unsigned off, char **error);
    /* A break of that length once all that was sent is out; what is sent meanwhile waits. */
    bool (*send_break)(struct link *link, int64_t microseconds, char **error);
};

#endif
