/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The nodes of a fleet, as an operator sees them over the bus: who is there, what happens
 * there, once and in order, and a carrier of lines to each. Nothing of a console.
 */
#ifndef TELEX_FLEET_MEMBERS_H
#define TELEX_FLEET_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/ut.h"
#include "core/names.h"
#include "fleet/seen_runs.h"

struct bus;
struct loop;
struct members;
struct nats_settings;

struct member {
    struct members *members;
    CAST_MARK;
    char name[NAMES_ROOM];
    char run[EVENT_RUN_ROOM];    /* of its telexd, as it was announced last */
    char before[EVENT_RUN_ROOM]; /* and the one before that, which is over */
    char *version;               /* likewise; malloc'ed */
    uint64_t console;            /* the number of the console that runs our lines there */
    bool here;                   /* it was announced of late */
    int64_t heard;               /* when: the host's clock, microseconds */
    struct seen_runs seen;
    void *context; /* the user's */
    UT_hash_handle hh;
};

/* A line of what happened at a node. Borrowed for the call. */
struct member_event {
    const char *line;
    size_t size;
    const char *run;
    bool past; /* before we came */
    bool lost; /* it tells what nobody has any more */
};

struct members_hooks {
    void *context;
    /* It is there: for the first time, again, or anew, which its run tells. */
    void (*came)(void *context, struct member *member);
    /* Nothing has been heard of it for 15 s. */
    void (*left)(void *context, struct member *member);
    void (*event)(void *context, struct member *member, const struct member_event *event);
    /* All who are there have been told; again after each time that the broker was lost. */
    void (*gathered)(void *context);
    /* All that is past has been told. Once. */
    void (*caught_up)(void *context);
    /* Whether no more is to be told for now. */
    bool (*is_full)(void *context);
    /* A sentence about the broker, which is said once. */
    void (*says)(void *context, const char *text);
};

/* NULL, which it says, where the settings cannot be used. last: so many batches of what is past
 * are told, but no more than 1,000. */
struct members *members_create(struct loop *loop, const struct nats_settings *settings,
                               uint64_t last, const struct members_hooks *hooks);
void members_destroy(struct members *members); /* NULL is fine. Not from a hook */
/* Tells what happens, from here on. Once it did nothing. */
void members_listen(struct members *members);
/* NULL: none of that name was ever there. */
struct member *members_find(const struct members *members, const char *name);
struct bus *members_bus(struct members *members);

#endif
