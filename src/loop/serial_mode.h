/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a serial line talks: its speed, its characters, its handshake; termios(3). */
#ifndef TELEX_LOOP_SERIAL_MODE_H
#define TELEX_LOOP_SERIAL_MODE_H

#include <stdbool.h>
#include <stdint.h>

enum serial_flow { SERIAL_FLOW_NONE, SERIAL_FLOW_RTSCTS, SERIAL_FLOW_XONXOFF };

struct serial_mode {
    uint32_t baud;      /* bits a second, any number: termios2, not the few of termios */
    unsigned char data; /* bits of a character: 5 to 8 */
    unsigned char stop; /* bits behind it: 1 or 2 */
    char parity;        /* 'n'one, 'e'ven or 'o'dd */
    enum serial_flow flow;
    bool keeps; /* DTR and RTS stay as they are when the line is closed */
};

/* Of <asm/termbits.h>, which no file can have beside <termios.h>. */
struct termios2;

/* How it talks now, malloc'ed. NULL with errno: ENOTTY where it is no terminal. */
struct termios2 *serial_mode_get(int fd);
/*
 * Has it talk so, and pass on every byte as it is. former is how it talked. False with *error
 * (malloc'ed), also where the device takes another speed or other characters; the bits of a
 * pty's, which stand on no wire, are as they are.
 */
bool serial_mode_set(int fd, const struct termios2 *former, const struct serial_mode *mode,
                     char **error);
/* Has it talk as before; what of it goes on at close(2) is as mode says. */
void serial_mode_restore(int fd, const struct termios2 *former, const struct serial_mode *mode);

#endif
