/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diagnostics for the person who runs the program: one line each on stderr, with the program's
 * name before it ("telexd: ..."). Whatever a terminal must not get is escaped, so that no peer
 * can steer it through an error text; backslashes stay single, because a text that quotes
 * something from outside has escaped it already. Never used for console events.
 *
 * Nothing waits for who reads stderr. Lines that find no room are counted, and told when there
 * is some: "telexd: 17 lines found no room here". From one thread only.
 */
#ifndef TELEX_BASE_LOG_H
#define TELEX_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* The name before each line; borrowed for the life of the program. */
void log_init(const char *program);
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says text as it is, and needs no memory for it: the last word of a program. */
void log_last(const char *text);

/* Who takes the lines in place of stderr itself: a queue of the loop, or a screen. */
struct log_sink {
    /* Takes a whole line with its newline; or returns false, where it has no room for it. */
    bool (*take)(struct log_sink *sink, const char *line, size_t size);
};

/*
 * sink gets the lines from here on. NULL: stderr itself, which has a second for each of them;
 * so it is at first. Returns the former one.
 */
struct log_sink *log_divert(struct log_sink *sink);
/* There may be room again: tells how many lines found none. */
void log_retry(void);

#endif
