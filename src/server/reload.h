/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What command line and file say, into force at start, and again at SIGHUP while everybody
 * stays on the line.
 */
#ifndef TELEX_SERVER_RELOAD_H
#define TELEX_SERVER_RELOAD_H

#include <stdbool.h>

struct calls;
struct hub;
struct passed;
struct reload;
struct settings;
struct standing;
struct switchboard;

/* Gives settings->live to hub and board. */
void reload_apply(const struct settings *settings, struct hub *hub, struct switchboard *board);

/* Whose settings they are, and what they are for. All borrowed. */
struct reload_parts {
    struct settings *settings;
    struct hub *hub;
    struct switchboard *board;
    const struct passed *passed;
    struct standing *standing;
    struct calls *calls;
    void (*ended)(void *context, bool good); /* once for each reload that is not given up */
    void *context;
};

/*
 * SIGHUP with --config: reads the file again and does what it says, or changes nothing where it
 * is wrong, or one of its new listeners cannot be bound. Says either. Names may have to be
 * looked up first: what is returned waits for them, and is to be destroyed after ended; NULL:
 * it has ended, from within.
 */
struct reload *reload_begin(const struct reload_parts *parts);
/* Gives it up where it has not ended. NULL is fine. */
void reload_destroy(struct reload *reload);

#endif
