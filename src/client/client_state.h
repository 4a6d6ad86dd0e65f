/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the client share: client.c owns it, client_again.c is its --reconnect. */
#ifndef TELEX_CLIENT_CLIENT_STATE_H
#define TELEX_CLIENT_CLIENT_STATE_H

#include <stdbool.h>

#include "core/hub.h"
#include "transport/loop.h"
#include "transport/transport.h"

struct diagnostics;
struct event;
struct local;
struct redial;
struct pump;
struct settings;
struct signals;

struct client {
    const struct settings *settings;
    struct loop loop;
    struct diagnostics *diagnostics;
    struct hub hub;
    struct switchboard board;
    struct listener *call;
    struct observer observer;
    struct local *console; /* one of the two */
    struct pump *pump;
    struct signals *signals;
    struct event *wait;    /* for more, once one of the sides has ended */
    struct redial *redial; /* NULL without --reconnect */
    bool opened;           /* ever */
    bool stands;
    bool ended;     /* our input has */
    bool leaving;   /* nobody wants the line any more */
    bool loss_said; /* since it last stood */
    int status;
};

#endif
