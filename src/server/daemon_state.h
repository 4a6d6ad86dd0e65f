/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a daemon is made of: what the files daemon*.c share. */
#ifndef TELEX_SERVER_DAEMON_STATE_H
#define TELEX_SERVER_DAEMON_STATE_H

#include <stdint.h>

#include "base/cast.h"
#include "command/operators.h"
#include "core/hub.h"
#include "core/program.h"
#include "loop/loop.h"
#include "server/passed.h"
#include "server/standing.h"
#include "transport/transport.h"

struct daemon {
    struct settings *settings;
    CAST_MARK;
    struct loop loop;
    struct hub hub;
    struct operators operators;
    struct switchboard board;
    struct calls *calls;
    struct patching *patching;
    struct program program;
    struct diagnostics *diagnostics;
    struct local *console; /* NULL with --no-console */
    struct journal *journal;
    struct control *control;
    struct signals *signals;
    struct ballast *ballast;
    struct passed passed; /* what the service manager has bound for us */
    struct standing standing;
    struct reload *reload; /* one that waits for names, or has just ended; NULL: none */
    struct service *service;
    struct metrics *metrics;    /* NULL without --metrics */
    struct observer last_close; /* watches for the end of a shutdown */
    struct job shutdown;        /* begins it, once the present command is answered */
    struct timeout *deadline;   /* ends it */
    struct daemon_drain *drain; /* says for whom that waits; NULL before */
    int64_t ends;               /* when: of loop_clock */
    int status;
};

#endif
