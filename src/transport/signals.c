/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/signals.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

#include "base/mem.h"
#include "transport/loop.h"

struct signals {
    const struct signals_callbacks *callbacks;
    void *context;
    struct event *terminate;
    struct event *interrupt;
    struct event *hang_up;
};

static void signal_cb(evutil_socket_t number, short what, void *context)
{
    (void)what;
    struct signals *signals = context;
    if (number == SIGTERM)
        signals->callbacks->terminate(signals->context);
    else if (number == SIGINT)
        signals->callbacks->interrupt(signals->context);
    else
        signals->callbacks->hang_up(signals->context);
}

static struct event *watch(struct signals *signals, struct event_base *base, int number)
{
    struct event *event =
        loop_event(base, number, EV_SIGNAL | EV_PERSIST, signal_cb, signals, LOOP_OPERATOR);
    loop_watch(event);
    return event;
}

struct signals *signals_create(struct event_base *base,
                               const struct signals_callbacks *callbacks, void *context)
{
    struct signals *signals = mem_zalloc(sizeof *signals);
    signals->callbacks = callbacks;
    signals->context = context;
    signals->terminate = watch(signals, base, SIGTERM);
    signals->interrupt = watch(signals, base, SIGINT);
    signals->hang_up = watch(signals, base, SIGHUP);
    return signals;
}

void signals_destroy(struct signals *signals)
{
    if (!signals)
        return;
    event_free(signals->terminate);
    event_free(signals->interrupt);
    event_free(signals->hang_up);
    free(signals);
}
