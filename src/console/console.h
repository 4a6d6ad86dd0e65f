/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A console: an operator who also observes. It has a target, a view and a backlog of its own; a
 * front (terminal, pipe, control socket) feeds it lines and carries its output away.
 */
#ifndef TELEX_CONSOLE_CONSOLE_H
#define TELEX_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/jobs.h"
#include "base/ut.h"
#include "command/operator.h"
#include "console/directory.h"
#include "console/text_colour.h"
#include "console/text_state.h"
#include "core/hold.h"
#include "core/observer.h"

struct console;
struct renderer;
struct text_partial;
struct told;

/* The most bytes that wait for a slow reader before events are skipped. */
enum { CONSOLE_BACKLOG_MAX = 1 << 20 };
/* What is skipped stays skipped until the backlog has come down to this. */
enum { CONSOLE_BACKLOG_LOW = CONSOLE_BACKLOG_MAX / 4 };
/* With hold_streams, events that are no datagrams are shown up to here; on a file, all. */
enum { CONSOLE_BACKLOG_HELD_MAX = 16 << 20 };

/* Why a console's input is not read. */
enum console_input_hold {
    CONSOLE_HOLD_FULL = 1,  /* its backlog is full */
    CONSOLE_HOLD_ASKED = 2, /* console_hold */
    CONSOLE_HOLD_TASK = 4   /* a line is still to be answered */
};

/* What is about to be written of a line. */
enum console_answer {
    CONSOLE_ANSWER_SENT, /* its text, as it went out */
    CONSOLE_ANSWER_MORE, /* something else, and it is not all */
    CONSOLE_ANSWER_LAST,
    CONSOLE_ANSWER_NONE /* no line that waits is answered any more */
};

/* What a front gives a console. */
struct front_ops {
    /*
     * Takes whole lines of output (text or JSON, each with its newline). Takes all of it,
     * always: the console asks for room before it renders what may be skipped.
     */
    void (*write)(struct console *console, const char *data, size_t size);
    /* Bytes taken that the reader has not got. */
    size_t (*backlog)(const struct console *console);
    /* Reads no input while on, and gives console_line no line that was read already. */
    void (*hold_input)(struct console *console, bool on);
    /* The operator's target, view or read_only has changed, or it leaves. May be NULL. */
    void (*changed)(struct console *console, enum operator_change change);
    /* What is written next comes of the line that has waited longest for it. May be NULL. */
    void (*answers)(struct console *console, enum console_answer answer);
};

struct console_settings {
    struct hub *hub;         /* to be observed; NULL: console_tell is called instead */
    const struct host *host; /* NULL: the hub's */
    const struct program *program;
    const struct command *const *commands;
    const struct renderer *renderer;
    const struct directory *directory; /* likewise */
    unsigned number;
    enum view view;
    enum time_form time_form;
    bool adopt_first;  /* the first peer that ever opens becomes the target (local text console)
                        */
    bool hold_streams; /* a full backlog holds the peers instead of losing events (local JSON
                          pipe) */
    size_t backlog;    /* bytes that wait before events are skipped; 0: CONSOLE_BACKLOG_MAX */
    enum text_colours colours;
    bool no_input;    /* of a local one, which only shows, also on a terminal */
    bool fold;        /* lines are folded where they go to a terminal */
    int64_t patience; /* microseconds that a pipe's reader gets at the end; negative: endless */
    bool read_only;   /* access=read, attach --read-only */
    bool local_files; /* may name paths on this machine: /file, unix endpoints */
    struct operators *operators; /* the hub's; NULL: it has none */
    bool attached;               /* others are told that it has come */
    uid_t uid;                   /* of whoever sits there */
    bool leaving_ends;   /* who leaves ends the program, and with it the lines of all peers */
    const char *far_end; /* the only one there is, for the prompt; NULL: the target. Borrowed */
    /*
     * Who runs a line in place of command_line: it answers through session->ops, perhaps later.
     * NULL: nobody.
     */
    void (*forward)(void *context, const char *line, size_t size);
    void *forward_context;
};

struct console {
    struct operator_session session; /* first: operators are consoles */
    CAST_MARK;
    struct observer observer;
    const struct host *host;
    const struct renderer *renderer;
    const struct front_ops *front;
    const struct directory *directory;
    struct directory_hub hub_directory;
    struct job task_job;    /* goes on with an answer of many pieces */
    uint64_t line;          /* number of the line being run, or answered later; 0: none */
    uint64_t lines;         /* read so far, empty ones counted */
    uint64_t lost_messages; /* message and sent events skipped since the last lost */
    uint64_t lost_events;   /* all others */
    bool adopt_first;
    bool hold_streams;
    size_t backlog_max;
    struct hold hold;     /* of all streams, while the backlog is full: see hold_streams */
    unsigned input_holds; /* set of why input is not read: enum console_input_hold */
    void (*forward)(void *context, const char *line, size_t size);
    void *forward_context;
    const char *far_end;
    const char *node; /* that lines go to which name none, for the prompt; borrowed, or NULL */
    bool leaving_ends;
    bool muted;     /* nobody reads any more: renders nothing */
    bool suspended; /* the disk behind the output is full: all is skipped */
    enum text_colours colours;
    unsigned
        columns; /* of the terminal at which lines are folded; 0: not a terminal, or JSON */
    unsigned label_column; /* cells of the text renderer's (console/text_entry) */
    UT_string out;         /* where one event is rendered; its room is reused */
    UT_string rows;        /* and where its lines are folded */
    struct text_clock clock;
    struct text_groups groups;
    struct text_partial *partials; /* the text renderer's, by peer: console/text_partial.h */
};

/* What is said first of all to who attaches. Borrowed for the call. */
struct hello {
    const char *version;
    uint64_t run;     /* of the daemon: another one at each start */
    uint64_t seq;     /* of the last event that it told anyone */
    uint64_t history; /* of the first one that it can tell again; seq + 1: there is none */
};

/* Begins to observe. front must be set up to take output. */
void console_init(struct console *console, const struct console_settings *settings,
                  const struct front_ops *front);
void console_finish(struct console *console);

/* Shows what happened, or skips and counts it where there is no room. */
void console_tell(struct console *console, const struct told *told);
/* The target is another one, as whoever runs the lines says: shows that, as of time. away:
 * there is none, but is one when a peer of that name is there; "": a target, or none. */
void console_set_target(struct console *console, uint64_t peer, const char *away, int64_t time);
/* One line of input, without its newline. Counts it, runs it. */
void console_line(struct console *console, const char *line, size_t size);
/* A line that was over the limit and skipped: counted, answered with an error. */
void console_long_line(struct console *console);
/* The front's backlog has shrunk: says what was lost, lets peers and input go on. */
void console_drained(struct console *console);
/* Reads no input, and runs no line that was read, while on, e.g. because whoever runs its lines
 * has enough of them. */
void console_hold(struct console *console, bool on);
/* What comes next does not go on from what was told so far. */
void console_forget(struct console *console);
/* Somebody before us has skipped so many events: told as those that we skip ourselves. */
void console_lost(struct console *console, uint64_t messages, uint64_t events);
/* The front has taken what it held back to collect it, which may have made room. */
void console_go_on(struct console *console);
/*
 * The output takes nothing for now, and nobody knows for how long (a full disk): all that would
 * be said, answers too, is skipped and counted until console_drained, while input goes on.
 */
void console_suspend(struct console *console);
/* Nobody reads the output any more (EPIPE): stops rendering. */
void console_mute(struct console *console);
/* Whole lines that are safe to show, folded where a terminal gets them: all output goes here.
 */
void console_write(struct console *console, const char *data, size_t size);
/* Says hello, which respects nothing but the renderer. */
void console_hello(struct console *console, const struct hello *hello);

/* Microseconds since the epoch, for what is no hub event. */
int64_t console_wall(const struct console *console);

#endif
