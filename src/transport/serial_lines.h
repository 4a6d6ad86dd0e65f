/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of a serial port beside its data, ioctl_tty(2): moves ours, watches the far end's,
 * and sends breaks. No change of theirs makes a descriptor ready, so the driver is asked ten
 * times a second; a port that has none, as a pty, is not asked again.
 */
#ifndef TELEX_TRANSPORT_SERIAL_LINES_H
#define TELEX_TRANSPORT_SERIAL_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cast.h"

struct loop;
struct timeout;

struct serial_lines {
    int fd; /* borrowed */
    CAST_MARK;
    void (*changed)(struct serial_lines *lines, unsigned on); /* theirs, as in core/modem.h */
    bool (*is_idle)(struct serial_lines *lines);              /* all that was sent is out */
    struct timeout *look;
    unsigned on;           /* of theirs, when last looked at */
    unsigned moves;        /* of theirs, as the driver counted them then */
    unsigned unasked;      /* looks that found nothing counted, in a row */
    struct timeout *pause; /* NULL: there never was a break */
    int64_t length;        /* of a break that waits for its time; 0: none does */
    bool holds;            /* a break is on */
};

/* Of zeroed memory, changed and is_idle being set. */
void serial_lines_begin(struct serial_lines *lines, struct loop *loop, int fd);
/* Ends a break that is on. */
void serial_lines_end(struct serial_lines *lines);

/* These three as struct modem_ops has them. */
bool serial_lines_read(struct serial_lines *lines, unsigned *on, char **error);
bool serial_lines_set(struct serial_lines *lines, unsigned on, unsigned off, char **error);
void serial_lines_break(struct serial_lines *lines, struct loop *loop, int64_t length);

#endif
