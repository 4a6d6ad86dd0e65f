/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions of a bus that wait for answers, which come on subjects below one of its own. */
#ifndef TELEX_FLEET_BUS_REQUEST_H
#define TELEX_FLEET_BUS_REQUEST_H

#include "fleet/bus.h"

struct bus_requests;

/* prefix is what all inboxes begin with, or NULL. */
struct bus_requests *bus_requests_create(struct bus *bus, struct loop *loop,
                                         const char *prefix);
/* NULL is fine. */
void bus_requests_destroy(struct bus_requests *requests);
/* That all answers come below: nobody else's. */
const char *bus_requests_subject(const struct bus_requests *requests);
/* The connection is lost: tells each, and frees it. */
void bus_requests_lose(struct bus_requests *requests);
/* The broker has said this: tells those that ask on the subject that it refuses, if any. */
void bus_requests_refuse(struct bus_requests *requests, const char *complaint);
/* As bus_ask. */
struct bus_request *bus_requests_ask(struct bus_requests *requests, const struct bus_post *post,
                                     int64_t patience, bus_answer *answer, void *context);

#endif
