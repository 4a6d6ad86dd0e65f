/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/poller.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "telex-bench/clock.h"

bool poller_init(struct poller *poller)
{
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    return poller->fd >= 0;
}

void poller_finish(struct poller *poller)
{
    if (poller->fd >= 0)
        close(poller->fd);
    poller->fd = -1;
}

static bool control(struct poller *poller, int what, struct poller_source *source,
                    uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    return epoll_ctl(poller->fd, what, source->fd, &event) == 0;
}

bool poller_add(struct poller *poller, struct poller_source *source, uint32_t events)
{
    return control(poller, EPOLL_CTL_ADD, source, events);
}

bool poller_change(struct poller *poller, struct poller_source *source, uint32_t events)
{
    return control(poller, EPOLL_CTL_MOD, source, events);
}

static int wait_ready(struct poller *poller, int64_t timeout)
{
#ifdef TELEX_HAVE_EPOLL_PWAIT2
    struct timespec time = {timeout / CLOCK_SECOND, timeout % CLOCK_SECOND};
    int count = epoll_pwait2(poller->fd, poller->events, POLLER_EVENTS, &time, NULL);
    if (count >= 0 || errno != ENOSYS)
        return count;
#endif
    int milliseconds = (int)((timeout + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND);
    return epoll_wait(poller->fd, poller->events, POLLER_EVENTS, milliseconds);
}

void poller_turn(struct poller *poller, int64_t timeout)
{
    int count = wait_ready(poller, timeout);
    for (int i = 0; i < count; i++) {
        struct poller_source *source = poller->events[i].data.ptr;
        if (source->fd >= 0)
            source->ready(source, poller->events[i].events);
    }
}
