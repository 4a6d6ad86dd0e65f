/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that a node is sent, with one right (all, or those of a read-only console): each
 * is run on a console of telexd's, one after the other, and answered where it asked for that.
 * One that comes again, by its id, is answered again. It is one at a time, so that one whose
 * time is over before its turn is not run, and that at most one is in doubt when telexd is
 * lost. Knows neither broker nor socket.
 */
#ifndef TELEX_FLEET_ORDERS_H
#define TELEX_FLEET_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"
#include "fleet/order.h"
#include "fleet/seen.h"

enum {
    ORDERS_MAX = 1000,       /* that wait for their turn */
    ORDERS_BYTES = 16 << 20, /* of their lines */
    ORDERS_REPLIES = 8       /* of one that was said again while it ran */
};

struct orders_hooks {
    void *context;
    /* A line for the console, without its newline. */
    void (*run)(void *context, const char *line, size_t size);
    /* One object of an answer, without a newline; to is a subject. */
    void (*answer)(void *context, const char *to, const char *line, size_t size);
    /* Microseconds since the epoch, now. */
    int64_t (*wall)(void *context);
    /* The largest answer that can be sent: bytes. */
    size_t (*most)(void *context);
};

/* Takes an answer to a line of our own; NULL: it will not come. */
typedef void orders_told(void *context, const char *line, size_t size);

struct orders {
    struct orders_hooks hooks;
    struct seen seen;
    struct order *list; /* utlist: the oldest first, which is the one that runs */
    size_t count;
    size_t bytes;   /* of their lines */
    unsigned ahead; /* answers that come before its own: to lines around the one before */
    bool ready;     /* the console is there */
    bool running;   /* the first one was said */
};

void orders_init(struct orders *orders, const struct orders_hooks *hooks);
/* Nobody is told. */
void orders_finish(struct orders *orders);

/* One has come. False where nobody could be answered, and nothing was done. */
bool orders_take(struct orders *orders, const struct order_request *request);
/* A line of our own, without words about it where it cannot be run. */
void orders_ask(struct orders *orders, const char *line, orders_told *told, void *context);

/* The console is there: it shows no messages (/view none). */
void orders_ready(struct orders *orders);
/* A line from it. */
void orders_line(struct orders *orders, const char *line, size_t size);
/* It is lost: all are told so. */
void orders_lost(struct orders *orders);

#endif
