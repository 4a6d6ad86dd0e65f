/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The world around a hub, for tests: a clock that stands still, a loop that turns when told to,
 * links without sockets, and an observer that writes down what it is told.
 */
#ifndef TELEX_TESTS_FAKE_H
#define TELEX_TESTS_FAKE_H

#include <stdint.h>

#include "base/ut.h"
#include "core/hub_line.h"
#include "fake_link.h"

struct fake {
    struct hub hub;
    int64_t now;     /* the hub's clock, microseconds; begins at 1 s */
    int64_t clock;   /* of jobs, which see time pass */
    int64_t pace;    /* microseconds by which clock goes on each time it is asked */
    enum part part;  /* that was entered last */
    int64_t wall;    /* begins at FAKE_WALL */
    unsigned defers; /* asked for since the last turn */
    unsigned laters;
    struct jobs deferred, later;
    int64_t alarm;            /* microseconds until fake_ring is wanted; 0: it is not */
    struct alarm *last_alarm; /* that it was asked for */
    struct alarms alarms;     /* all of them: fake_pass */
    struct turns turns;
    struct observer observer; /* wants everything; takes part from fake_init on */
    UT_string events;
    UT_string taken;
    struct fake_link *links; /* utlist */
};

/* 2017-03-19 10:27:00 UTC */
#define FAKE_WALL 1489919220000000
/* hub_settings of the fake hub */
#define FAKE_MAX_QUEUE ((1u << 20) + 2)
#define FAKE_DRAIN 5000000

void fake_init(struct fake *fake);
/* Finishes the hub, and the links, which must be destroyed by then. */
void fake_finish(struct fake *fake);

/* A listener on endpoint (of any scheme, with its keys), added and announced. */
struct listener *fake_listen(struct fake *fake, const char *endpoint);
/* A peer that has not opened yet. */
struct fake_link *fake_attach(struct fake *fake, struct origin *origin);
/* A new peer of listener, open. The peer is link.peer of what is returned. */
struct fake_link *fake_peer(struct fake *fake, struct listener *listener);
/* The same of one that comes from there, an IP address in digits. */
struct fake_link *fake_peer_from(struct fake *fake, struct listener *listener, const char *host,
                                 in_port_t port);
/* An outgoing call, connecting: hub_open makes it stand. */
struct fake_link *fake_call(struct fake *fake, const char *endpoint);
/* One that an agent makes, and deals with; NULL: the one that endpoint says. */
struct fake_link *fake_call_by(struct fake *fake, const char *endpoint,
                               const struct agent *agent);

/* One turn of the loop: what later asked for, then what defer asked for, once each. */
void fake_turn(struct fake *fake);
/* The last alarm goes off. */
void fake_ring(struct fake *fake);
/* So many microseconds pass: alarms go off at their time, each followed by turns until nothing
 * is asked for in the next. */
void fake_pass(struct fake *fake, int64_t microseconds);

/* Begins to send the file to one peer; *error (malloc'ed) as of transfer_file_open and
 * hub_send_opened. */
bool fake_send_file(struct hub *hub, struct peer *peer, const char *path, char **error);
/* Nobody is left, the dead included. */
bool fake_is_empty(const struct hub *hub);

/*
 * What was observed since the last call, a line each (data escaped), borrowed until the next:
 *     listening 1 tcp://[::]:9999      unlistening 1 tcp://[::]:9999
 *     open #1                          half-close #1
 *     message #1 hello\n               message #1 hel (partial)
 *     join #2 #1                       part #1 #2
 *     message #1 hello\n to #2,#3
 *     sent #1 hello\n by 2             sent #1 hello\n by auto
 *     close #1 eof received 6 sent 6 unsent 0           ... error TEXT
 *     refused 192.0.2.7:5 access 3     name #1 boiler           name #1
 *     console 2 attached uid 7 read    console 2 left uid 7    console 2 says uid 7 TEXT
 *     file #1 /tmp/x 100 of 100        file #1 /tmp/x 50 of 100 error TEXT
 */
const char *fake_take(struct fake *fake);

#endif
