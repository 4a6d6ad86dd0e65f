/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telex between pipes: stdin goes to the peer as it is, what the peer sends goes to stdout as
 * it is, or safely displayed where that is a terminal. Over udp, lines are datagrams.
 */
#ifndef TELEX_CLIENT_PUMP_H
#define TELEX_CLIENT_PUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/profile.h"

struct event_base;
struct hub;
struct pump;

struct pump_settings {
    struct hub *hub;
    bool datagrams; /* a line is a datagram, not a stretch of a stream */
    bool whole;     /* all of stdin is one */
    bool display;   /* stdout is a terminal: escape what is unsafe */
    enum eol eol;   /* put back after each line of datagrams */
};

struct pump_hooks {
    void *context;
    void (*end)(void *context);    /* stdin has ended, and all of it was given to the peer */
    void (*broken)(void *context); /* nobody reads stdout any more */
    void (*error)(void *context,
                  const char *text); /* a line that cannot be sent, and was not */
};

/* Begins to observe the hub; reads stdin only after pump_start, when peer 1 is there. */
struct pump *pump_create(struct event_base *base, const struct pump_settings *settings,
                         const struct pump_hooks *hooks);
void pump_start(struct pump *pump);
/* Reads no stdin while on: there is no line to the peer. */
void pump_hold(struct pump *pump, bool on);
/*
 * Gives stdout's reader all the time it wants. Returns how many bytes it did not take all the
 * same. NULL is fine.
 */
size_t pump_destroy(struct pump *pump);

#endif
