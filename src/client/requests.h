/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines that were sent to a daemon, in order, until they are answered. It numbers them as
 * it counts them, from 1, and answers in their order.
 */
#ifndef TELEX_CLIENT_REQUESTS_H
#define TELEX_CLIENT_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command;

enum request_kind {
    REQUEST_TYPED,     /* by the operator: the answer is shown */
    REQUEST_QUIET,     /* by us, to keep what is known true */
    REQUEST_READ_ONLY, /* by us: it must succeed */
    REQUEST_FOCUS,     /* by us, as the operator said at the start */
    REQUEST_READY      /* by us, the last one after hello */
};

struct request {
    uint64_t number;
    enum request_kind kind;
    const struct command *command; /* NULL: a text, or none that is known */
    bool shows_one;                /* message again: all of it is to be seen */
    char *line;   /* as it was typed, for people: safe to display, cut; NULL unless typed */
    char *change; /* of one that changes what is shown here: the line; may be NULL */
    struct request *prev, *next;
};

struct requests {
    struct request *list; /* utlist, the oldest first */
    uint64_t sent;        /* lines, those without an answer too */
    size_t count;
    size_t typed; /* of them */
};

/* One more line was sent. Its texts are to be filled in, malloc'ed. */
struct request *requests_add(struct requests *requests, enum request_kind kind);
/* A line that may go without an answer was sent: it is only counted. */
void requests_skip(struct requests *requests);
/* The one that has this number; what came before it is answered, and dropped. Or NULL. */
struct request *requests_find(struct requests *requests, uint64_t number);
void requests_drop(struct requests *requests, struct request *request);
/* For a new connection. */
void requests_clear(struct requests *requests);

#endif
