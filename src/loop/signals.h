/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program's signals, as events of its loop. One that was ignored when the program was started
 * (nohup; a job in the background of a script) stays ignored.
 */
#ifndef TELEX_LOOP_SIGNALS_H
#define TELEX_LOOP_SIGNALS_H

#include <stdbool.h>

struct loop;
struct signals;

struct signals_callbacks {
    void (*terminate)(void *context); /* SIGTERM */
    void (*interrupt)(void *context); /* SIGINT */
    void (*hang_up)(void *context);   /* SIGHUP */
};

struct signals *signals_create(struct loop *loop, const struct signals_callbacks *callbacks,
                               void *context);
/* What they do is what the system has them do, again. NULL is fine. */
void signals_destroy(struct signals *signals);
/* Holds a signal back, before there are events for it or when there are none any more; or lets
 * it come, and what was held back. Of the calling thread. */
void signals_hold(int number, bool on);
bool signals_is_ignored(int number);
/* The signal that came last, or 0. */
int signals_last(const struct signals *signals);
/*
 * Ends the program by that signal, as if nobody had waited for it, so that a shell or a service
 * manager sees what ended it. To be called when all is put away.
 */
void signals_die(int number);

#endif
