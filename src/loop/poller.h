/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which streams can be read or written: an epoll(7) set of its own, which the event base waits
 * for as one descriptor. So a turn serves streams for a bounded time, however many are ready,
 * comes back to the operator, and goes on where it was; a set inside the base would be polled
 * as a whole after every slice. And a stream costs no struct event.
 */
#ifndef TELEX_LOOP_POLLER_H
#define TELEX_LOOP_POLLER_H

#include <stdbool.h>

struct loop;
struct poller;

/* What a source waits for, as a set. */
enum poller_what {
    POLLER_IN = 1,
    POLLER_OUT = 2,
    POLLER_GONE = 4, /* that the far end is there no more, neither way; the others tell too */
};

/*
 * Embedded in whatever is read from or written to. It may be freed from anywhere but the
 * callbacks of a poller: there, deaths are deferred (HACKING.md).
 */
struct poller_source {
    /* What of it is ready, an error included; nothing where poller_again has asked. */
    void (*ready)(struct poller_source *source, unsigned what);
    unsigned char watched; /* set of enum poller_what */
    bool again;            /* in the list of poller_again */
    struct poller_source *prev, *next;
};

struct poller *poller_create(struct loop *loop); /* ends the program on failure */
void poller_destroy(struct poller *poller);      /* NULL is fine */

/*
 * What source waits for from now on, a set of enum poller_what; ready may be called once more
 * with what was due already. fd is non-blocking; closing it ends the watch.
 */
void poller_watch(struct poller *poller, int fd, struct poller_source *source, unsigned what);
/* Calls ready in the next turn, whether anything is ready or not. */
void poller_again(struct poller *poller, struct poller_source *source);
/* From within ready: it took long, and whoever else is ready has the next turn. */
void poller_end_turn(struct poller *poller);
/* Before source is freed. */
void poller_forget(struct poller *poller, struct poller_source *source);

#endif
