/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events that are published together: one run of them, of one kind, of one run of telexd's.
 * Once it is complete it stays as it is, byte for byte, until it is known to be stored.
 */
#ifndef TELEX_FLEET_BATCH_H
#define TELEX_FLEET_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/ut.h"
#include "fleet/event_line.h"

/* No other event is added from so many bytes on, nor after so many microseconds. */
enum { BATCH_MOST = 64 << 10, BATCH_TIME = 5000 };
/* The header that says the number of the last event in it. */
#define BATCH_LAST "Telex-Last"
enum { BATCH_ID_ROOM = NAMES_ROOM + EVENT_RUN_ROOM + 24 };

struct bus_request;

enum batch_state {
    BATCH_WAITS, /* to be sent */
    BATCH_SENT,
    BATCH_STORED
};

struct batch {
    enum subject_kind kind;
    CAST_MARK;
    enum batch_state state;
    unsigned sends; /* so far */
    char run[EVENT_RUN_ROOM];
    uint64_t first, last;        /* seq */
    UT_string lines;             /* each with its newline */
    void *sender;                /* who has sent it, */
    struct bus_request *request; /* and waits for its answer, or NULL */
    struct batch *prev, *next;
};

struct batch *batch_create(enum subject_kind kind, const char *run, uint64_t first);
void batch_destroy(struct batch *batch);

/* Whether an event of that kind, run and number is the next one of it. */
bool batch_takes(const struct batch *batch, enum subject_kind kind, const char *run,
                 uint64_t seq);
/* Adds a part of a line; the last part ends with its newline. */
void batch_add(struct batch *batch, uint64_t seq, const char *data, size_t size);
/* Takes out the events up to number seq, which is in it and not its last; of what is lost,
 * nothing. */
void batch_trim(struct batch *batch, uint64_t seq);
/* NODE-RUN-SEQ, by which it is stored once. */
void batch_id(char id[BATCH_ID_ROOM], const char *node, const char *run, uint64_t first);
/* The run in an id, whatever node's; false where it is none. */
bool batch_id_run(const char *id, char run[EVENT_RUN_ROOM]);
/* The run and the number of an id of that node's; false where it is none. */
bool batch_id_read(const char *id, const char *node, char run[EVENT_RUN_ROOM], uint64_t *first);

#endif
