/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a telexd tells, made whole: its events in the order of their numbers, each once,
 * whatever was missed. What is missing is asked for (/replay) and told when it comes; what
 * happens meanwhile waits. What telexd keeps no more is told as lost, with its numbers. Pure.
 */
#ifndef TELEX_FLEET_INTAKE_H
#define TELEX_FLEET_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"
#include "fleet/event_line.h"

/* So many bytes wait while something is told again; what comes beyond is asked for after. */
enum { INTAKE_WAITING_MAX = 4 << 20 };

struct intake_hooks {
    void *context;
    /* The next one. */
    void (*event)(void *context, const struct event_line *line);
    /* Those from first to last are gone for good: so many message and sent, and so many others,
     * as far as that is known. */
    void (*lost)(void *context, uint64_t first, uint64_t last, uint64_t messages);
    /* Telexd is to be asked for all events behind that one. */
    void (*replay)(void *context, uint64_t after);
};

struct intake {
    struct intake_hooks hooks;
    char run[EVENT_RUN_ROOM]; /* of the telexd that is followed; "": none so far */
    uint64_t next;            /* seq of the event that is told next */
    bool ready;               /* telexd may be asked */
    bool missing;             /* it is to be, as soon as it may */
    bool asked;               /* its answer is to come */
    bool again;               /* ask once more after that: something was missed meanwhile */
    bool told;                /* something in this answer */
    uint64_t gone_messages;   /* that the answer says are kept no more */
    uint64_t gone;            /* these and all others, while nothing else was told */
    UT_string waiting;        /* lines, each with its newline */
};

/* run and seq of the last event that was told before; "" and 0 where there is none. */
void intake_init(struct intake *intake, const struct intake_hooks *hooks, const char *run,
                 uint64_t seq);
void intake_finish(struct intake *intake);

/* A telexd has said hello: its run, and its last event so far. */
void intake_hello(struct intake *intake, const char *run, uint64_t seq);
/* It may be asked from now on. */
void intake_ready(struct intake *intake);
/* A line from it, but for hello. */
void intake_line(struct intake *intake, const char *text, size_t size);
/* It is gone. */
void intake_away(struct intake *intake);

#endif
