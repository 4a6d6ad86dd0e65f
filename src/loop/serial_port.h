/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A serial line: opened without waiting for a carrier, locked, set to talk as is wanted, and
 * left as it was found.
 */
#ifndef TELEX_LOOP_SERIAL_PORT_H
#define TELEX_LOOP_SERIAL_PORT_H

#include "loop/serial_mode.h"

/* What becomes of one of our two lines to the modem, DTR and RTS. */
enum serial_level { SERIAL_ON, SERIAL_OFF, SERIAL_KEEP };

struct serial_settings {
    struct serial_mode mode;
    enum serial_level dtr, rts; /* opening raises both; rts is the driver's with RTSCTS */
};

struct serial_port {
    int fd; /* non-blocking, close-on-exec; for read(2) and write(2) */
    struct serial_settings settings;
    struct termios2 *former;
};

/* False with *error (malloc'ed), the reason alone: "No such file or directory". */
bool serial_port_open(struct serial_port *port, const char *path,
                      const struct serial_settings *settings, char **error);
/* Before fd is closed, which its owner does: it talks as before, and is free for others. */
void serial_port_leave(struct serial_port *port);

#endif
