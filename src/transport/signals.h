/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program's signals, as events of its loop. */
#ifndef TELEX_TRANSPORT_SIGNALS_H
#define TELEX_TRANSPORT_SIGNALS_H

struct event_base;
struct signals;

struct signals_callbacks {
    void (*terminate)(void *context); /* SIGTERM */
    void (*interrupt)(void *context); /* SIGINT */
    void (*hang_up)(void *context);   /* SIGHUP */
};

struct signals *signals_create(struct event_base *base,
                               const struct signals_callbacks *callbacks, void *context);
void signals_destroy(struct signals *signals);

#endif
