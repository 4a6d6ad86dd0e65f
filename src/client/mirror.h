/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mirror of a daemon's switchboard: a hub whose peers and listeners are made, changed and
 * ended by the events that the daemon writes as JSON Lines. Its console observes it as it would
 * the daemon's, and so shows the same. Links only describe; nothing is sent through them.
 */
#ifndef TELEX_CLIENT_MIRROR_H
#define TELEX_CLIENT_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"
#include "core/hub.h"

struct console;
struct mirror;

/* The protocol that this program speaks. */
enum { MIRROR_PROTOCOL = 1 };

struct mirror_hello {
    const char *version;
    bool read_only;
    unsigned console;
};

/* The answer to a line. */
struct mirror_answer {
    uint64_t input;      /* the line's number; 0: of none */
    const char *command; /* its full name, or NULL */
    const char *error;   /* the sentence; NULL: it was done */
    bool more;           /* and its last result is still to come */
};

struct mirror_hooks {
    void *context;
    void (*hello)(void *context, const struct mirror_hello *hello);
    /* Before it is shown; returns whether it is to be. */
    bool (*answer)(void *context, const struct mirror_answer *answer);
    /* The job is to be run in the next turn of the loop. */
    void (*later)(void *context, struct job *job);
    /* The daemon has skipped events that are no messages: who is there may have changed. */
    void (*lost)(void *context);
};

struct mirror {
    struct hub hub;
    struct mirror_hooks hooks;
    struct console *console; /* set by its owner, before the first line */
    int64_t time;        /* of the event, microseconds since the epoch; also the hub's now */
    struct origin *call; /* of peers that were called: nothing is known of it */
    unsigned lists;      /* answers to /peers so far */
    bool greeted;        /* hello has come */
    bool in_answer;      /* more results of one answer are to come */
    UT_string data;      /* of one message */
};

void mirror_init(struct mirror *mirror, const struct mirror_hooks *hooks);
void mirror_finish(struct mirror *mirror);

/*
 * One line from the daemon. Events and fields that are not known are skipped. false with *error
 * (malloc'ed, a sentence) where it is none of its lines: then nothing more is to be read.
 */
bool mirror_line(struct mirror *mirror, const char *line, size_t size, char **error);

/* The connection is gone: forgets everything, without a word but that there is no target. */
void mirror_reset(struct mirror *mirror);
/* No observer is told what happens to the hub until it is said again, with false. */
void mirror_hush(struct mirror *mirror, bool on);

#endif
