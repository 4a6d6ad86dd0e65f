/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Programs that we start, and see to the end of. None stops the loop: posix_spawn(3) copies no
 * memory, which fork(2) does, for 31 ms where we have a gigabyte. Each leads a session and a
 * process group of its own, gets no descriptor of ours but its three, and no signal is blocked
 * or ignored in it. None stays a zombie, nor does what it leaves behind: orphans of theirs
 * become children of ours (PR_SET_CHILD_SUBREAPER, prctl(2)).
 *
 * Its own is what runs in its group, or on its terminal, where each job of a shell has a group:
 * in its session.
 */
#ifndef TELEX_LOOP_CHILD_H
#define TELEX_LOOP_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cast.h"
#include "base/exit_status.h"

struct child;
struct loop;
struct watch;

/* All of a program of ours. */
struct children {
    struct loop *loop;
    CAST_MARK;
    struct child *all;           /* utlist */
    unsigned count;              /* of those of which something still runs */
    void (*gone)(void *context); /* one is, with all of its own */
    void *context;
    struct watch *signal; /* SIGCHLD; made with the first */
};

/* gone may be NULL. */
void children_init(struct children *children, struct loop *loop, void (*gone)(void *context),
                   void *context);
/* What still runs is killed; nobody is told. */
void children_finish(struct children *children);

struct child_start {
    const char *command;      /* of /bin/sh -c */
    char *const *environment; /* all of it: "NAME=value", and NULL */
    int fds[3];               /* which become its 0, 1 and 2; stay the caller's */
    /* The slave of a pty: becomes its controlling terminal, and all three. NULL: none. */
    const char *terminal;
};

/*
 * Starts it. ended is called once, from the loop: when the program has ended, or, from
 * child_hang_up on, when all of its own has. NULL with *error (malloc'ed).
 */
struct child *child_create(struct children *children, const struct child_start *start,
                           void (*ended)(void *context, struct exit_status status),
                           void *context, char **error);
pid_t child_pid(const struct child *child);
/*
 * Sends SIGHUP to what runs of its own, and to what still runs after so many microseconds
 * SIGKILL. Said again it changes nothing.
 */
void child_hang_up(struct child *child, int64_t patience);
/* Kills what runs of its own. */
void child_kill(struct child *child);
/* Nobody is told any more; what runs is seen to the end. NULL is fine. */
void child_release(struct child *child);

#endif
