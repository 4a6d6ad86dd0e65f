/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whoever gives commands: a console, of whatever kind. A command answers to its operator, never
 * to stdout, so that terminal, pipe, control socket and test share every command unchanged.
 */
#ifndef TELEX_COMMAND_OPERATOR_H
#define TELEX_COMMAND_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "command/focus.h"
#include "core/card.h"
#include "core/names.h"
#include "core/stats.h"
#include "core/time_form.h"
#include "core/view.h"

struct command;
struct console_card;
struct program;
struct hub;
struct listener;
struct operator_session;
struct operators;
struct operator_task;
struct peer;
struct repeat_card;
struct repeats;
struct told;

enum result_type {
    RESULT_DONE,      /* nothing more to say than note, for people */
    RESULT_PEERS,     /* /peers */
    RESULT_PEER,      /* /info */
    RESULT_CALLED,    /* /connect: number */
    RESULT_LISTENERS, /* /listeners, /listen */
    RESULT_STATS,     /* /stats */
    RESULT_HELP,      /* /help */
    RESULT_REPEATS,   /* /every */
    RESULT_CONSOLES,  /* /consoles */
    RESULT_FAULTS,    /* /fault: those peers that have one */
    RESULT_LINE,      /* /line */
    RESULT_TYPES
};

/* What a command answers. Borrowed for the call; a renderer prints it as text or as JSON. */
struct result {
    enum result_type type;
    const char *command; /* full name, no slash */
    bool more;           /* another result for the same line follows */
    bool first;          /* no result for the same line came before */
    bool some;           /* PEERS: those alone that were asked for */
    const char *note;    /* for people; NULL: silence is enough */
    union {
        struct cards *peers; /* PEERS, FAULTS */
        struct {
            struct card card;
            struct origin_card origin;
        } peer;          /* PEER */
        uint64_t number; /* CALLED */
        struct {
            const struct origin_card *items;
            size_t count;
        } listeners; /* LISTENERS */
        struct {
            const struct stats_figure *figures;
            unsigned count;
            int64_t started; /* microseconds since the epoch */
        } stats;
        struct {
            const struct command *const *items; /* those this operator has */
            size_t count;                       /* 1: help on that one, in detail */
        } help;
        struct {
            const struct repeat_card *items;
            size_t count;
        } repeats;
        struct {
            const struct console_card *items;
            size_t count;
        } consoles;
        struct {
            uint64_t peer;
            unsigned on; /* set of enum modem_line */
        } line;
    };
};

enum { RESULT_LIST_MAX = 1000 }; /* entries in one result */

/* What of an operator has changed. */
enum operator_change {
    OPERATOR_TARGET,
    OPERATOR_VIEW, /* or that of some lines */
    OPERATOR_READ_ONLY,
    OPERATOR_LEAVING,
    OPERATOR_TASK /* its task (command/operator_task.h) has begun, can go on, or is over */
};

struct operator_ops {
    void (*result)(struct operator_session *session, const struct result *result);
    /*
     * text is a sentence, and safe to display: what is not printable in it is escaped. command
     * is the full name, or NULL where the line named none.
     */
    void (*error)(struct operator_session *session, const char *command, const char *text);
    /* What happened is shown again, as part of an answer: told->replayed. Whether there is room
     * for more of it in this turn. */
    bool (*again)(struct operator_session *session, const struct told *told);
    /* So many of those that were asked for are kept no more. */
    void (*lost)(struct operator_session *session, uint64_t messages, uint64_t events);
    /* Must not destroy the operator: a command may be running. */
    void (*changed)(struct operator_session *session, enum operator_change change);
    /*
     * Runs the line of a repeat, session->every being its number until it is answered. False
     * where there is no room for answers, or another line is still to be answered.
     */
    bool (*repeat)(struct operator_session *session, const struct repeat_card *card);
};

/* Room for a name, behind that of a node where there are many. */
enum { OPERATOR_TARGET_ROOM = 2 * NAMES_ROOM };

struct operator_session {
    const struct operator_ops *ops;
    struct hub *hub;
    const struct program *program;
    const struct command *const *commands;  /* those of this program, NULL-terminated */
    unsigned console;                       /* number, from 1 */
    uint64_t target;                        /* a peer's number; 0: none */
    char target_name[OPERATOR_TARGET_ROOM]; /* that it is kept by; "": by its number alone */
    enum view view;                         /* of all that focus says nothing of */
    enum time_form time_form;
    struct focus focus; /* its owner finishes it */
    bool read_only;
    bool local_files; /* may name paths on this machine: /file, unix endpoints */
    bool leaving;     /* said /quit */
    unsigned hinted;  /* bits: of which words it was told that commands begin with a slash */
    bool attached;    /* while the program ran: others are told of it */
    uid_t uid;        /* of whoever sits there */
    const struct command *running;
    struct operator_task *task;  /* of a command that answers later; its lines wait meanwhile */
    struct operators *operators; /* that it is one of; NULL: of none (telex) */
    struct operator_session *prev, *next;
    struct repeats *repeats; /* command/repeats.h; NULL: there never was one */
    unsigned every;    /* the repeat whose line is running or answered later; 0: a typed one */
    uint64_t failures; /* of that repeat, the same in a row, with the present error */
};

/* Answers for the running command. */
void operator_done(struct operator_session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* format NULL: nothing to say */
void operator_error(struct operator_session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Done where error is NULL, else the error, which is freed. */
void operator_answer(struct operator_session *session, char *error);
void operator_result(struct operator_session *session,
                     struct result *result); /* fills in command */

/*
 * Whether PEERS of a focus can be meant: false with *error (malloc'ed) where one is a number
 * that no peer has had so far.
 */
bool operator_may_select(const struct operator_session *session, const char *words,
                         char **error);
/*
 * How messages of those PEERS are shown; NULL: as all others. "*" are all, whatever view they
 * had of their own. False with *error (malloc'ed) as focus_set_view.
 */
bool operator_set_view(struct operator_session *session, const char *words,
                       const enum view *view, char **error);
/* How this operator is shown a message. */
enum view operator_view(const struct operator_session *session, const struct told *told);

/* The listener of that number or name; NULL where there is none, and then the error is said. */
struct listener *operator_find_listener(struct operator_session *session, const char *word);

/*
 * Whether the operator may listen on or call that endpoint: false with *error (malloc'ed) for a
 * unix one, or one with a key that names a file, without local_files, and where it is no
 * endpoint.
 */
bool operator_may_reach(const struct operator_session *session, const char *endpoint,
                        char **error);

#endif
