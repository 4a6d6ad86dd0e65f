/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/ballast.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/hub.h"
#include "transport/loop.h"

struct ballast {
    struct hub *hub;
    int bell; /* eventfd(2): any thread may ring it, and nothing is allocated */
    struct event *rung;
};

static void ring(void *context)
{
    const struct ballast *ballast = context;
    const int saved = errno;
    eventfd_write(ballast->bell, 1);
    errno = saved;
}

static void rung_cb(evutil_socket_t fd, short what, void *context)
{
    const struct ballast *ballast = context;
    eventfd_t rings;
    (void)what;
    eventfd_read(fd, &rings);
    hub_memory_short(ballast->hub);
}

struct ballast *ballast_create(struct loop *loop, struct hub *hub)
{
    struct ballast *ballast = mem_zalloc(sizeof *ballast);
    ballast->hub = hub;
    ballast->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ballast->bell < 0) {
        log_error("cannot watch over memory: %s", strerror(errno));
        exit(1);
    }
    ballast->rung = loop_event(loop->base, ballast->bell, EV_READ | EV_PERSIST, rung_cb,
                               ballast, LOOP_OPERATOR);
    loop_watch(ballast->rung);
    mem_reserve(ring, ballast);
    return ballast;
}

void ballast_destroy(struct ballast *ballast)
{
    mem_release();
    event_free(ballast->rung);
    close(ballast->bell);
    free(ballast);
}
