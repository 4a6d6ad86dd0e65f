/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the client share: client.c owns it. */
#ifndef TELEX_CLIENT_CLIENT_STATE_H
#define TELEX_CLIENT_CLIENT_STATE_H

#include <stdbool.h>

#include "base/cast.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "transport/transport.h"

struct diagnostics;
struct local;
struct pump;
struct redial;
struct settings;
struct signals;
struct timeout;
struct typeahead;

struct client {
    const struct settings *settings;
    CAST_MARK;
    struct loop loop;
    struct diagnostics *diagnostics;
    struct hub hub;
    struct switchboard board;
    struct origin *call;
    enum eol eol; /* of the endpoint or the options; EOL_UNSET: neither */
    struct observer observer;
    struct local *console; /* one of the two */
    struct pump *pump;
    struct signals *signals;
    struct timeout *wait;        /* for more, once one of the sides has ended */
    struct redial *redial;       /* NULL without --reconnect */
    struct typeahead *typeahead; /* what was typed while there is no line */
    struct timeout *slow;        /* the call takes long */
    bool opened;                 /* ever */
    bool stands;
    bool input_ended; /* our input has */
    bool leaving;     /* nobody wants the line any more */
    bool loss_said;   /* since it last stood */
    bool line_said;   /* what its end for good took along */
    bool output_said;
    int killed_by; /* the signal that ended us, or 0 */
    int status;
};

#endif
