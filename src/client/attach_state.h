/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operator's end of telex attach: the console here, signals, settings. What it shows comes
 * from its nodes (client/attach_node), of which there is one for a control socket.
 */
#ifndef TELEX_CLIENT_ATTACH_STATE_H
#define TELEX_CLIENT_ATTACH_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cast.h"
#include "loop/loop.h"

struct attach;
struct attach_settings;
struct command;
struct diagnostics;
struct directory;
struct local;
struct node;
struct signals;
struct timeout;
struct told;

/* What its nodes make different. */
struct attach_kind {
    bool nodes; /* there are many, of which peers may be meant by name */
    const struct command *const *commands; /* for help and completion */
    /* A line was typed; context is the attach. */
    void (*forward)(void *context, const char *line, size_t size);
    /* A script has ended; a person who ends the input leaves. */
    void (*script_ended)(struct attach *attach);
    /* A node has answered a line. NULL: nobody wants to know. */
    void (*answered)(struct attach *attach);
    /* What has just been shown as it happened. NULL: daemons keep the target themselves. */
    void (*told)(struct node *node, const struct told *told);
};

struct attach {
    const struct attach_settings *settings;
    CAST_MARK;
    const struct attach_kind *kind;
    struct loop loop;
    struct host host; /* the loop */
    struct diagnostics *diagnostics;
    struct local *local;
    struct signals *signals;
    struct timeout *quit; /* leaves, whether that was answered or not */
    struct node *nodes;   /* utlist */
    bool begun;           /* lines are read, if any are to be */
    bool read_only;
    bool input_ended; /* our input has */
    bool unanswered;  /* a line was, when a connection was lost */
    bool undone;      /* a script's line was, because there was no connection */
    int killed_by;    /* the signal that ended us, or 0 */
    int status;
};

/* The console; not before it was opened. */
struct console *attach_state_console(struct attach *attach);
/* Ends the program, once the present callback has returned. */
void attach_state_leave(struct attach *attach, int status);
/* What a script that is over is to end with. */
int attach_state_verdict(const struct attach *attach);

#endif
