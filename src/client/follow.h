/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows a daemon: reads the JSON Lines that it writes to an attached console, and has a
 * console here show them as that of the daemon itself would.
 */
#ifndef TELEX_CLIENT_FOLLOW_H
#define TELEX_CLIENT_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"
#include "client/catch_up.h"
#include "client/known.h"

struct console;

/* The protocol that this program speaks. */
enum { FOLLOW_PROTOCOL = 1 };

struct follow_hello {
    const char *version;
    const char *run; /* "" where it does not say */
    uint64_t seq;
    bool read_only;
    unsigned console;
};

/* The answer to a line. */
struct follow_answer {
    uint64_t input;      /* the line's number; 0: of none */
    const char *command; /* its full name, or NULL */
    const char *error;   /* the sentence; NULL: it was done */
    bool more;           /* and its last result is still to come */
};

/* What is told again, why. */
enum follow_again {
    FOLLOW_NOT_ASKED,  /* no answer of that kind is to come */
    FOLLOW_ASKED,      /* somebody typed that */
    FOLLOW_ASKED_ONE,  /* and wants to see all of it */
    FOLLOW_CATCHES_UP, /* we did: catch_up_begin */
};

struct follow_hooks {
    void *context;
    void (*hello)(void *context, const struct follow_hello *hello);
    /* Before it is shown; returns whether it is to be. */
    bool (*answer)(void *context, const struct follow_answer *answer);
    /* Whether the line of that number, of which this is an answer, asked for all peers. */
    bool (*asks_for_all)(void *context, uint64_t input); /* NULL: yes */
    /* Of what is told again now, or would be. */
    enum follow_again (*again)(void *context);
    /* The daemon has skipped events that are no messages: who is there may have changed. */
    void (*lost)(void *context);
    /*
     * What has just been shown as it happened, as the console has it. NULL: nobody wants it,
     * and the daemon says who the target is.
     */
    void (*told)(void *context, const struct told *told);
};

struct follow {
    struct known known;
    struct catch_up catch_up;
    struct follow_hooks hooks;
    struct console *console; /* set by its owner, before the first line */
    int64_t time;            /* of what was told last: microseconds since the epoch */
    unsigned number;         /* of the console that it has for us */
    uint64_t input;          /* see follow_answered; 0: the line says what it answers */
    bool happens;            /* see follow_event */
    bool past, same_run;     /* see follow_past */
    bool greeted;            /* hello has come */
    bool in_answer;          /* more results of one answer are to come */
    UT_string data;          /* of one message */
};

void follow_init(struct follow *follow, const struct follow_hooks *hooks);
void follow_finish(struct follow *follow);

/*
 * One line from the daemon. Events and fields that are not known are skipped. false with *error
 * (malloc'ed, a sentence) where it is none of its lines: then nothing more is to be read.
 */
bool follow_line(struct follow *follow, const char *line, size_t size, char **error);

/*
 * The same for a carrier that knows which line of ours it answers, or that it is what happens,
 * for the first time here, though the daemon may have told it again to somebody else.
 */
bool follow_answered(struct follow *follow, uint64_t input, const char *line, size_t size,
                     char **error);
bool follow_event(struct follow *follow, const char *line, size_t size, char **error);
/* A message that was told before we came. It is shown, and nothing is learnt from it; of
 * another run of the daemon, no name of now is given to its peer. */
bool follow_past(struct follow *follow, const char *line, size_t size, bool same_run,
                 char **error);

/* Whether a daemon whose protocol this is greets us so; else false with *error, likewise. */
bool follow_check_greeting(const char *line, size_t size, char **error);

/* The connection is gone: forgets everything, without a word but that there is no target. */
void follow_reset(struct follow *follow);

#endif
