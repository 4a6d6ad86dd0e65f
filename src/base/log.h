/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diagnostics for the person who runs the program: one line each on stderr, with the program's
 * name before it ("telexd: ..."). Whatever a terminal must not get is escaped, so that no peer
 * can steer it through an error text; backslashes stay single, because a text that quotes
 * something from outside has escaped it already. Never used for console events.
 */
#ifndef TELEX_BASE_LOG_H
#define TELEX_BASE_LOG_H

/* The name before each line; borrowed for the life of the program. */
void log_init(const char *program);
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
