/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/ut.h"
#include "loop/loop.h"
#include "loop/session.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum {
    LOOK_AGAIN = 50000,   /* microseconds: whether a group without its leader still runs */
    KILLED_MOST = 1000000 /* until one that was killed and does not end is given up */
};

enum child_life {
    CHILD_RUNS,
    CHILD_LEFT, /* it has ended; others of its own run on, and so nobody gets its number */
    CHILD_GONE
};

struct child {
    struct children *children;
    CAST_MARK;
    pid_t pid;     /* also that of its group, and of its session */
    bool terminal; /* it has one, and whatever is started there is its own; else its group is */
    enum child_life life;
    bool hung_up;
    bool killed;
    int64_t deadline; /* of loop_clock: when what is hung up is killed, or given up */
    struct exit_status status;
    void (*ended)(void *context, struct exit_status status); /* NULL: was told, or is not */
    void *context;
    struct timeout *look;
    bool released;
    bool news; /* of its own, that nobody has looked at */
    struct child *prev, *next;
};

static void free_child(struct child *child)
{
    struct children *children = child->children;
    if (child->life != CHILD_GONE)
        children->count--;
    DL_DELETE(children->all, child);
    timeout_destroy(child->look);
    free(child);
}

/* --- its end --- */

/* Whoever is told may release it. */
static void tell_end(struct child *child)
{
    void (*ended)(void *, struct exit_status) = child->ended;
    child->ended = NULL;
    if (ended)
        ended(child->context, child->status);
    else if (child->released && child->life == CHILD_GONE)
        free_child(child);
}

/* What is stopped hears nothing. */
static void hang_up_one(pid_t pid)
{
    kill(pid, SIGHUP);
    kill(pid, SIGCONT);
}

static void kill_one(pid_t pid)
{
    kill(pid, SIGKILL);
}

/* Does that to all that is its own. */
static void treat(const struct child *child, void (*deed)(pid_t pid))
{
    if (child->life == CHILD_GONE)
        return;
    if (child->terminal)
        session_visit(child->pid, deed);
    else
        deed(-child->pid);
}

/* Whether any of its own is there. Whoever is killed may have started others meanwhile, who are
 * killed then. */
static bool visit_own(const struct child *child)
{
    const bool group = kill(-child->pid, 0) == 0 || errno != ESRCH;
    if (!child->terminal || (group && !child->killed))
        return group;
    return session_visit(child->pid, child->killed ? kill_one : NULL);
}

static void set_gone(struct child *child)
{
    child->life = CHILD_GONE;
    child->children->count--;
    timeout_stop(child->look);
    if (child->children->gone)
        child->children->gone(child->children->context);
}

/*
 * What runs on keeps its number from being given to others, so it is looked at often enough for
 * nobody else to have got it meanwhile.
 */
static void look_at_others(struct child *child)
{
    if (visit_own(child)) {
        child->life = CHILD_LEFT;
        timeout_set(child->look, LOOK_AGAIN);
    } else {
        set_gone(child);
    }
}

static void look_after(struct child *child)
{
    const bool was_told = child->ended == NULL;
    look_at_others(child);
    if (child->life == CHILD_GONE || (!child->hung_up && !was_told))
        tell_end(child);
}

/* Takes what has ended, by which it is no zombie any more; orphans too. */
static void reap_all(struct children *children)
{
    struct child *child;
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        DL_SEARCH_SCALAR(children->all, child, pid, pid);
        if (child && child->life == CHILD_RUNS) {
            child->status = exit_status_of_wait(status);
            child->life = CHILD_LEFT;
        }
    }
    DL_FOREACH(children->all, child)
        child->news = child->life == CHILD_LEFT;
}

/* Who is told may release others, and start new ones. */
static void signal_cb(void *context)
{
    struct children *children = CAST(children, context);
    struct child *child;
    reap_all(children);
    do {
        DL_SEARCH_SCALAR(children->all, child, news, true);
        if (child) {
            child->news = false;
            look_after(child);
        }
    } while (child);
}

/* --- having it end --- */

/* What the kernel holds may end yet, and is reaped then; what we must not kill, as it is root's
 * by now, is nobody's child of ours. */
static void give_up(struct child *child)
{
    if (child->life == CHILD_LEFT)
        set_gone(child);
    tell_end(child);
}

static void await_deadline(struct child *child)
{
    const int64_t left = child->deadline - loop_clock();
    if (child->life == CHILD_RUNS)
        timeout_set(child->look, left);
    else if (child->life == CHILD_LEFT)
        timeout_set(child->look, left < LOOK_AGAIN ? left : LOOK_AGAIN);
}

static void look_cb(void *context)
{
    struct child *child = CAST(child, context);
    if (child->life == CHILD_LEFT)
        look_at_others(child);
    if (child->life == CHILD_GONE) {
        tell_end(child);
    } else if (child->hung_up && loop_clock() >= child->deadline) {
        if (child->killed)
            give_up(child);
        else
            child_kill(child);
    } else if (child->hung_up) {
        await_deadline(child);
    }
}

void child_hang_up(struct child *child, int64_t patience)
{
    if (child->hung_up)
        return;
    child->hung_up = true;
    child->deadline = loop_clock() + patience;
    treat(child, hang_up_one);
    await_deadline(child);
}

void child_kill(struct child *child)
{
    child->hung_up = child->killed = true;
    child->deadline = loop_clock() + KILLED_MOST;
    treat(child, kill_one);
    await_deadline(child);
}

void child_release(struct child *child)
{
    if (!child)
        return;
    child->ended = NULL;
    child->released = true;
    if (child->life == CHILD_GONE)
        free_child(child);
}

pid_t child_pid(const struct child *child)
{
    return child->pid;
}

/* --- starting --- */

/* In the order of posix_spawn(3): the session is its own before it opens its terminal. */
static int add_descriptors(posix_spawn_file_actions_t *actions, const struct child_start *start)
{
    int error = 0;
    if (start->terminal)
        error = posix_spawn_file_actions_addopen(actions, 0, start->terminal, O_RDWR, 0);
    for (int fd = start->terminal ? 1 : 0; fd <= 2 && error == 0; fd++)
        error =
            posix_spawn_file_actions_adddup2(actions, start->terminal ? 0 : start->fds[fd], fd);
    if (error == 0) /* whoever started us may have left us some of its own */
        error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    return error;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
}

/* Returns an errno. */
static int spawn(pid_t *pid, const struct child_start *start)
{
    char shell[] = "sh", option[] = "-c", *command = mem_strdup(start->command);
    char *const arguments[] = {shell, option, command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = add_descriptors(&actions, start);
    if (error == 0)
        error = set_attributes(&attributes);
    if (error == 0)
        error =
            posix_spawn(pid, "/bin/sh", &actions, &attributes, arguments, start->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(command);
    return error;
}

static void watch_ends(struct children *children)
{
    if (children->signal)
        return;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGCHLD, SIG_DFL); /* where it is ignored, nobody is told how a child has ended */
    children->signal = watch_create(children->loop, SIGCHLD, WATCH_SIGNAL, LOOP_PEERS,
                                    PART_PEERS, signal_cb, children);
    watch_start(children->signal);
}

struct child *child_create(struct children *children, const struct child_start *start,
                           void (*ended)(void *context, struct exit_status status),
                           void *context, char **error)
{
    pid_t pid;
    watch_ends(children);
    const int cause = spawn(&pid, start);
    if (cause != 0) {
        *error = mem_printf("cannot start a program: %s", strerror(cause));
        return NULL;
    }
    struct child *child = mem_zalloc(sizeof *child);
    CAST_INIT(child, child);
    child->children = children;
    child->pid = pid;
    child->terminal = start->terminal;
    child->ended = ended;
    child->context = context;
    child->look = timeout_create(children->loop, LOOP_OPERATOR, PART_PEERS, look_cb, child);
    DL_APPEND(children->all, child);
    children->count++;
    return child;
}

/* --- all of them --- */

void children_init(struct children *children, struct loop *loop, void (*gone)(void *context),
                   void *context)
{
    *children = (struct children){.loop = loop, .gone = gone, .context = context};
    CAST_INIT(children, children);
}

void children_finish(struct children *children)
{
    while (children->all) {
        treat(children->all, kill_one);
        free_child(children->all);
    }
    watch_destroy(children->signal);
    children->signal = NULL;
}
