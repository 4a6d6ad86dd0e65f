/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the bus that know libnats share. */
#ifndef TELEX_FLEET_BUS_PARTS_H
#define TELEX_FLEET_BUS_PARTS_H

#include <nats/nats.h>

#include "loop/thread.h"

/* What each connection is made with: the thread's, once the first line is there. */
struct bus_options {
    struct task task; /* frees them */
    natsOptions *of;
    char *servers; /* for people: without what is secret */
};

/* What libnats says of a failure: a sentence, malloc'ed and escaped. detail may be NULL. */
char *bus_why(natsStatus status, const char *detail);
/* URLs of servers, with commas between, for people: escaped, without users and passwords.
 * malloc'ed. */
char *bus_public(const char *servers);

#endif
