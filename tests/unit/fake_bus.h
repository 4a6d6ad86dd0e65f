/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bus whose broker is the test: it sees each question, in order, and answers it, or not. It
 * takes the place of fleet/bus where a test is linked with it.
 */
#ifndef TELEX_TESTS_FAKE_BUS_H
#define TELEX_TESTS_FAKE_BUS_H

#include <stdbool.h>

#include "fleet/bus.h"

/* A question that waits for its answer. */
struct bus_request {
    char *subject, *data;
    char *id, *last; /* of a batch; NULL of others */
    bus_answer *answer;
    void *context;
    struct bus *bus;
    struct bus_request *prev, *next;
};

struct bus *fake_bus_create(void);
void fake_bus_destroy(struct bus *bus);
void fake_bus_connect(struct bus *bus);
/* Tells each question that it is over. */
void fake_bus_lose(struct bus *bus);
/* The oldest question, or NULL. */
struct bus_request *fake_bus_first(struct bus *bus);
unsigned fake_bus_count(struct bus *bus);
/* Status 0 with a text, or a status alone. */
void fake_bus_answer(struct bus_request *request, int status, const char *text);
/* Its time is over. */
void fake_bus_ignore(struct bus_request *request);

#endif
