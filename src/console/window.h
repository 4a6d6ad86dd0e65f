/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size of a terminal's window. */
#ifndef TELEX_CONSOLE_WINDOW_H
#define TELEX_CONSOLE_WINDOW_H

/* The columns of the terminal that fd is, 80 where it does not say; 0: fd is none. */
unsigned window_columns(int fd);

#endif
