/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which streams can be read: an epoll(7) set of its own, which the event base waits for as one
 * descriptor. So a turn serves streams for a bounded time, however many are ready, comes back
 * to the operator, and goes on where it was; a set inside the base would be polled as a whole
 * after every slice. And a stream costs no struct event.
 */
#ifndef TELEX_LOOP_POLLER_H
#define TELEX_LOOP_POLLER_H

#include <event2/util.h>
#include <stdbool.h>

struct loop;
struct poller;

/*
 * Embedded in whatever is read from. It may be freed from anywhere but the callbacks of a
 * poller: there, deaths are deferred (HACKING.md).
 */
struct poller_source {
    void (*ready)(struct poller_source *source); /* readable, or asked for with poller_again */
    bool again;                                  /* in the list of poller_again */
    struct poller_source *prev, *next;
};

struct poller *poller_create(struct loop *loop); /* ends the program on failure */
void poller_destroy(struct poller *poller);      /* NULL is fine */

/* fd is non-blocking. Closing it ends the watch as poller_unwatch does. */
void poller_watch(struct poller *poller, evutil_socket_t fd, struct poller_source *source);
/* ready may be called once more, where that was due already. */
void poller_unwatch(struct poller *poller, evutil_socket_t fd);
/* Calls ready in the next turn, whether there is something to read or not. */
void poller_again(struct poller *poller, struct poller_source *source);
/* Before source is freed. */
void poller_forget(struct poller *poller, struct poller_source *source);

#endif
