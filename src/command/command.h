/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an operator may say: one table, one parser for every console. To add a command: a file
 * that defines a const struct command, a line in the list below, a line in meson.build. Help,
 * completion and the manual's list come from the table.
 */
#ifndef TELEX_COMMAND_COMMAND_H
#define TELEX_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/keys.h"

struct operator_session;

/* What an argument is, for completion. */
enum argument_kind {
    ARGUMENT_NONE,
    ARGUMENT_PEER,
    ARGUMENT_PEERS,
    ARGUMENT_FOCUS, /* PEERS as in /only: those of a listener, too */
    ARGUMENT_LISTENER,
    ARGUMENT_VIEW,
    ARGUMENT_VIEW_OR_FOCUS,
    ARGUMENT_SETTINGS, /* KEY=VALUE of /set */
    ARGUMENT_LEVELS,   /* of /line */
    ARGUMENT_FAULTS,   /* KEY=VALUE of /fault */
    ARGUMENT_ITEMS,    /* of /bytes */
    ARGUMENT_TIME,
    ARGUMENT_REPLY,
    ARGUMENT_ENDPOINT,
    ARGUMENT_PATH,
    ARGUMENT_COMMAND,
    ARGUMENT_LINE, /* a text that is a line of its own: of /every */
    ARGUMENT_TEXT
};

enum { COMMAND_WORDS_MAX = 3 };

/*
 * What was typed after the command's name: as many strings as the command's max_words, "" for
 * those left out. All but the last are split at blanks. The last takes the rest of the line:
 * from exactly one blank on where its kind is ARGUMENT_TEXT or _LINE, else trimmed.
 */
struct arguments {
    const char *words[COMMAND_WORDS_MAX];
    size_t size; /* bytes of the last; a text may hold NUL, nothing else does */
};

struct command {
    const char *name;      /* without slash */
    const char *arguments; /* as help shows them: "PEERS TEXT"; "" for none */
    const char *summary;   /* a phrase */
    bool basic;            /* one of the ten that one needs first, and /help alone tells */
    const char *help;      /* a few sentences with an example, lines of at most 72 columns */
    bool read_only;        /* allowed to a read-only operator */
    bool tells_again;      /* its answer begins with events of before */
    bool console_only;     /* changes the operator's own console alone, or ends it */
    bool never_repeated;   /* by /every: a console (telex attach, too) must know what it does */
    bool hex;              /* who sends with it sees in hex what went, whatever the view */
    unsigned min_words;    /* arguments that must be there */
    unsigned max_words;
    enum argument_kind kinds[COMMAND_WORDS_MAX];
    enum key_use keys; /* of its ENDPOINT: completion and help tell them; 0: it has none */
    /*
     * Must answer exactly once (several results, all but the last with more), or begin a
     * task that does (command/operator_task.h).
     */
    void (*run)(struct operator_session *session, const struct arguments *arguments);
};

#define COMMANDS(X) \
    X(send)         \
    X(to)           \
    X(show)         \
    X(find)         \
    X(replay)       \
    X(peers)        \
    X(info)         \
    X(name)         \
    X(every)        \
    X(bytes)        \
    X(file)         \
    X(close)        \
    X(listeners)    \
    X(listen)       \
    X(unlisten)     \
    X(connect)      \
    X(reply)        \
    X(join)         \
    X(part)         \
    X(only)         \
    X(mute)         \
    X(grep)         \
    X(view)         \
    X(set)          \
    X(fault)        \
    X(line)         \
    X(time)         \
    X(stats)        \
    X(read_only)    \
    X(restrict)     \
    X(consoles)     \
    X(say)          \
    X(help)         \
    X(quit)         \
    X(shutdown)

#define COMMAND_DECLARE(name) extern const struct command cmd_##name;
COMMANDS(COMMAND_DECLARE)
#undef COMMAND_DECLARE

/* The daemon's, NULL-terminated, in the order of the list. */
extern const struct command *const command_table[];
/*
 * The client's, which has one peer: there /bytes and /file take no PEERS, and /info and /close
 * need none. They work on the operator's target.
 */
extern const struct command *const command_client_table[];
/* The same, and /line, which a serial line alone has. */
extern const struct command *const command_serial_table[];
/* Whether it is one of these two. */
bool command_is_client(const struct command *const *commands);

/*
 * Runs one line (no newline; may hold NUL and any bytes): a text for the target, @PEERS TEXT,
 * //TEXT, /@TEXT or a command. Answers exactly once through session->ops, with an error where
 * the line can't be done; or leaves session->task to do so, and must not be called before that
 * is NULL again. An empty line sends the target's eol, if there is one that does not close, and
 * is answered only where that fails.
 */
void command_line(struct operator_session *session, const char *line, size_t size);

/* What a line says, for somebody who does not run it. */
struct command_read {
    const struct command *command; /* NULL: a text, @PEERS, or nothing that is known */
    struct arguments arguments;
    char *error; /* why nothing is known of that name; else NULL */
    char *copy;  /* that they point into */
};
void command_read(struct command_read *read, const struct command *const *commands,
                  const char *line, size_t size);
void command_read_finish(struct command_read *read);

/*
 * The command of that name in commands, or the one whose name alone begins with it. NULL with
 * *error (malloc'ed): unknown, or the candidates.
 */
const struct command *command_find(const struct command *const *commands, const char *name,
                                   char **error);

#endif
