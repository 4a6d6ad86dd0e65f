/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a console does at its hub: it observes, has its target spared, and holds the streams.
 * All of it is nothing for a console without a hub, which is told by its owner.
 */
#ifndef TELEX_CONSOLE_CONSOLE_WATCH_H
#define TELEX_CONSOLE_CONSOLE_WATCH_H

struct console;
struct hub;

/* The hub gives clock and directory, too. */
void console_watch_begin(struct console *console, struct hub *hub);
void console_watch_end(struct console *console);
/* Its view is another, or it is muted. */
void console_watch_wants(struct console *console);
void console_watch_hold(struct console *console);
void console_watch_release(struct console *console);

#endif
