/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/watch.h"

struct signals {
    const struct signals_callbacks *callbacks;
    CAST_MARK;
    void *context;
    int last;                /* that came */
    struct watch *terminate; /* NULL where the signal stays ignored */
    struct watch *interrupt;
    struct watch *hang_up;
};

static void terminate_cb(void *context)
{
    struct signals *signals = CAST(signals, context);
    signals->last = SIGTERM;
    signals->callbacks->terminate(signals->context);
}

static void interrupt_cb(void *context)
{
    struct signals *signals = CAST(signals, context);
    signals->last = SIGINT;
    signals->callbacks->interrupt(signals->context);
}

static void hang_up_cb(void *context)
{
    struct signals *signals = CAST(signals, context);
    signals->last = SIGHUP;
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
static struct watch *watch(struct signals *signals, struct loop *loop, int number,
                           void (*caught)(void *context))
{
    if (signals_is_ignored(number))
        return NULL;
    struct watch *watch =
        watch_create(loop, number, WATCH_SIGNAL, LOOP_OPERATOR, PART_SIGNALS, caught, signals);
    watch_start(watch);
    return watch;
}

struct signals *signals_create(struct loop *loop, const struct signals_callbacks *callbacks,
                               void *context)
{
    struct signals *signals = mem_zalloc(sizeof *signals);
    CAST_INIT(signals, signals);
    signals->callbacks = callbacks;
    signals->context = context;
    signals->terminate = watch(signals, loop, SIGTERM, terminate_cb);
    signals->interrupt = watch(signals, loop, SIGINT, interrupt_cb);
    signals->hang_up = watch(signals, loop, SIGHUP, hang_up_cb);
    return signals;
}

void signals_destroy(struct signals *signals)
{
    if (!signals)
        return;
    watch_destroy(signals->terminate);
    watch_destroy(signals->interrupt);
    watch_destroy(signals->hang_up);
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
