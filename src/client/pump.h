/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telex between pipes: stdin goes to the peer as it is, what the peer sends goes to stdout as
 * it is, or safely displayed where that is a terminal. Over udp, lines are datagrams. What
 * cannot be handed on is counted, never dropped unseen.
 */
#ifndef TELEX_CLIENT_PUMP_H
#define TELEX_CLIENT_PUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "client/keypress.h"
#include "core/profile.h"

struct loop;
struct hub;
struct losses;
struct pump;

struct pump_settings {
    struct hub *hub;
    bool messages;  /* a line is one, not a stretch of a stream */
    bool datagrams; /* those may get lost, both ways */
    bool whole;     /* all of stdin is one */
    bool display;   /* stdout is a terminal: escape what is unsafe */
    bool keys;      /* stdin is one whose keys go as they are pressed: client/keypress */
    enum eol eol;   /* what each newline becomes; EOL_UNSET: none where a line is a datagram */
};

/* They come from the loop; none of them may destroy the pump. */
struct pump_hooks {
    void *context;
    void (*end)(void *context);     /* stdin has ended, and all of it was given to the peer */
    void (*broken)(void *context);  /* nothing can be written to stdout any more */
    void (*written)(void *context); /* pump_close is done */
    /* What cannot be read or sent, and was not, in words; of datagrams the first one only. */
    void (*error)(void *context, const char *text);
    void (*wish)(void *context, enum keypress_wish wish); /* of those keys */
};

/* Begins to observe the hub; reads stdin only after pump_start, when peer 1 is there. */
struct pump *pump_create(struct loop *loop, const struct pump_settings *settings,
                         const struct pump_hooks *hooks);
void pump_start(struct pump *pump);
/* Reads no stdin while on: there is no line to the peer. */
void pump_hold(struct pump *pump, bool on);
/* The peer is gone: what came from it is written to the end, at the pace of the reader. */
void pump_close(struct pump *pump);
/* Fills in what of stdin was not sent, and of output not written, so far. */
void pump_losses(const struct pump *pump, struct losses *losses);
/* Waits for nobody. NULL is fine. */
void pump_destroy(struct pump *pump);

#endif
