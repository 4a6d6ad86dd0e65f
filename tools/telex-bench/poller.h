/* SPDX-License-Identifier: GPL-3.0-or-later */
/* epoll, without anything on top: what is ready gets called. */
#ifndef TELEX_BENCH_POLLER_H
#define TELEX_BENCH_POLLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

struct poller_source;

/* Told of EPOLLIN and so on. It may close any descriptor, but must not free any source. */
typedef void poller_ready(struct poller_source *source, uint32_t events);

/* Stands at the beginning of whatever has a descriptor. */
struct poller_source {
    poller_ready *ready;
    int fd; /* -1: closed; what epoll still says of it is not passed on */
};

enum { POLLER_EVENTS = 256 };

struct poller {
    int fd;
    struct epoll_event events[POLLER_EVENTS];
};

bool poller_init(struct poller *poller); /* false: errno */
void poller_finish(struct poller *poller);
bool poller_add(struct poller *poller, struct poller_source *source, uint32_t events);
bool poller_change(struct poller *poller, struct poller_source *source, uint32_t events);

/* Waits at most so many nanoseconds and calls what is ready. */
void poller_turn(struct poller *poller, int64_t timeout);

#endif
