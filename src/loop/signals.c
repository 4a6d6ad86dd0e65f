/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/signals.h"

#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "loop/loop.h"

struct signals {
    const struct signals_callbacks *callbacks;
    void *context;
    int last;                /* that came */
    struct event *terminate; /* NULL where the signal stays ignored */
    struct event *interrupt;
    struct event *hang_up;
};

static void signal_cb(evutil_socket_t number, short what, void *context)
{
    (void)what;
    struct signals *signals = context;
    signals->last = number;
    if (number == SIGTERM)
        signals->callbacks->terminate(signals->context);
    else if (number == SIGINT)
        signals->callbacks->interrupt(signals->context);
    else
        signals->callbacks->hang_up(signals->context);
}

bool signals_is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void signals_hold(int number, bool on)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &one, NULL);
}

/* NULL where it is ignored. */
static struct event *watch(struct signals *signals, struct event_base *base, int number)
{
    if (signals_is_ignored(number))
        return NULL;
    struct event *event =
        loop_event(base, number, EV_SIGNAL | EV_PERSIST, signal_cb, signals, LOOP_OPERATOR);
    loop_belongs(event, PART_SIGNALS);
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
    struct event *events[] = {signals->terminate, signals->interrupt, signals->hang_up};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    free(signals);
}

int signals_last(const struct signals *signals)
{
    return signals->last;
}

void signals_die(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}
