/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A serial line of the test's own: the slave of a pty, under a name, whose master is the device
 * at the far end. */
#ifndef TELEX_TESTS_FAKE_TTY_H
#define TELEX_TESTS_FAKE_TTY_H

struct fake_tty {
    int far; /* the master, non-blocking; -1: unplugged */
    char folder[32];
    char path[64]; /* while it is plugged in */
};

void fake_tty_init(struct fake_tty *tty); /* plugged in */
void fake_tty_finish(struct fake_tty *tty);
void fake_tty_plug_in(struct fake_tty *tty);
void fake_tty_unplug(struct fake_tty *tty);
void fake_tty_say(struct fake_tty *tty, const char *text);
/* Until so many bytes have come; data has room for them and a NUL. */
const char *fake_tty_hear(struct fake_tty *tty, char *data, int size);

#endif
