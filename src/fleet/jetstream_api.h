/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions to JetStream, one at a time, said again until they are answered. Each trouble is
 * told once, and so is its end.
 */
#ifndef TELEX_FLEET_JETSTREAM_API_H
#define TELEX_FLEET_JETSTREAM_API_H

#include <stdbool.h>
#include <stdint.h>

#include "fleet/bus.h"

struct loop;
struct timeout;

struct jetstream_api {
    struct bus *bus;
    const char *trouble, *end;   /* what is said: "TROUBLE: why", and when it is over */
    const char *nobody;          /* why, where there is nobody who would answer */
    struct bus_request *request; /* the question that is under way, or NULL */
    struct timeout *again;       /* when the first of them is asked again */
    int64_t pause;               /* microseconds from a trouble to that */
    char *said;                  /* why, as it was told last; NULL: there is no trouble */
};

/* With bus, texts and pause filled in; first, which asks the first question, is called from the
 * loop. */
void jetstream_api_init(struct jetstream_api *api, struct loop *loop,
                        void (*first)(void *context), void *context);
void jetstream_api_finish(struct jetstream_api *api);

/* Begins with the first question, after so many microseconds. What was under way is dropped. */
void jetstream_api_begin(struct jetstream_api *api, int64_t pause);
/* There is no connection, until jetstream_api_begin. */
void jetstream_api_stop(struct jetstream_api *api);
void jetstream_api_ask(struct jetstream_api *api, const char *subject, const char *text,
                       bus_answer *answer, void *context);
/*
 * Takes the answer to the question under way: the code of the error that it tells, or 0. Unless
 * that is one of both codes that are expected (0 for none) it is a trouble: told, and tried
 * again. JETSTREAM_UNREADABLE where there is no answer.
 */
int jetstream_api_take(struct jetstream_api *api, const struct bus_message *message,
                       int expected, int also);
/* A trouble of another kind. */
void jetstream_api_complain(struct jetstream_api *api, const char *why);
/* All is well. */
void jetstream_api_done(struct jetstream_api *api);

#endif
