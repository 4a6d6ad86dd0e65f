/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of telex attach, which the files of that name share. */
#ifndef TELEX_CLIENT_ATTACH_STATE_H
#define TELEX_CLIENT_ATTACH_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cast.h"
#include "client/follow.h"
#include "client/requests.h"
#include "loop/loop.h"

struct attach_settings;
struct diagnostics;
struct timeout;
struct local;
struct redial;
struct signals;
struct uplink;

struct attach {
    const struct attach_settings *settings;
    CAST_MARK;
    const char *path; /* of the control socket */
    struct loop loop;
    struct host host; /* the loop */
    struct diagnostics *diagnostics;
    struct follow follow;
    struct local *local;
    struct uplink *uplink; /* NULL while there is none */
    struct requests requests;
    struct signals *signals;
    struct redial *redial;
    struct timeout *refresh; /* of what is known */
    struct timeout *silence; /* of a daemon that does not greet us */
    struct timeout *quit;    /* leaves, whether that was answered or not */
    char *version;           /* of the daemon; malloc'ed */
    bool ready;              /* attached, and what is known is true */
    bool before;             /* was so once */
    bool anew;               /* the daemon has been started again since */
    bool read_only;
    bool input_ended;   /* our input has */
    bool shutdown_said; /* here, and done */
    bool loss_said;
    bool unanswered; /* a line was, when the connection was lost */
    bool undone;     /* a script's line was, because there was no connection */
    int killed_by;   /* the signal that ended us, or 0 */
    int status;
};

/* The console; not before it was opened. */
struct console *attach_state_console(struct attach *attach);
/* Ends the program, once the present callback has returned. */
void attach_state_leave(struct attach *attach, int status);

#endif
