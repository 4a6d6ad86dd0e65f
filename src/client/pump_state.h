/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the pump share: pump.c owns it. */
#ifndef TELEX_CLIENT_PUMP_STATE_H
#define TELEX_CLIENT_PUMP_STATE_H

#include "base/cast.h"
#include "base/ut.h"
#include "client/newlines.h"
#include "client/pump.h"
#include "core/hub.h"
#include "loop/lines.h"

struct timeout;
struct inlet;
struct outlet;

struct pump {
    struct pump_settings settings;
    CAST_MARK;
    struct pump_hooks hooks;
    struct loop *loop;
    struct inlet *inlet; /* NULL before the start */
    struct outlet *outlet;
    struct observer observer;
    struct feed feed; /* of stdin to the peer of a stream */
    struct hold hold; /* of the peer, while stdout is not read */
    bool held;        /* there is no line */
    bool input_ended;
    bool end_told;
    bool closing;

    /* to the peer */
    struct keypress keys;
    struct newlines newlines;
    struct lines lines; /* of datagrams */
    UT_string text;     /* a piece with its newlines translated, a datagram, or all of stdin */
    bool waiting;       /* the datagram waits for room */
    struct timeout *retry;
    uint64_t line;   /* the number of the one that is being sent */
    uint64_t failed; /* datagrams that could not be sent */
    uint64_t lost;   /* bytes of stdin that no line took */

    /* to stdout */
    uint64_t dropped; /* bytes of datagrams that found no room */
    char tail[4];     /* of an unfinished character, for display */
    size_t tail_size;
    UT_string shown;
};

struct peer *pump_peer(const struct pump *pump); /* or NULL */
/* All of stdin was given to the peer: says so, once. */
void pump_tell_end(struct pump *pump);

#endif
