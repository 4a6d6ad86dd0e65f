/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program whose stdin and stdout are the line: the other end of a pair of sockets, of which
 * each side can be ended alone, or a terminal. It is over when the program has ended and all
 * that it said is told; one that is closed hears of it by SIGHUP.
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/child.h"
#include "loop/pty.h"
#include "loop/timeout.h"
#include "transport/exec_notes.h"
#include "transport/exec_options.h"
#include "transport/exec_start.h"
#include "transport/line.h"
#include "transport/transport.h"

enum {
    /* From the end of its output until it is taken for one that lives on without; microseconds.
     */
    EXIT_SOON = 100000,
    /* From its end until what it has left behind, and holds its output, is not waited for. */
    OTHERS_MOST = 1000000
};

struct exec {
    struct line line; /* first: links are lines */
    CAST_MARK;
    struct child *child;      /* NULL: not started */
    struct exec_notes *notes; /* NULL: its stderr is the terminal */
    struct timeout *wait;
    struct exit_status status;
    int64_t deadline; /* hub clock: of a close */
    bool awaited;     /* counted in the board's programs_awaited */
    bool ended;       /* the program is */
    bool silent;      /* all its output was told */
    bool cut_off;     /* neither comes nor goes anything */
    bool closing;
};

static struct exec *exec_of_line(struct line *line)
{
    return CAST(exec, line);
}

static struct exec *exec_of(const struct stream *stream)
{
    return exec_of_line(line_of_stream(stream));
}

static struct switchboard *board_of(const struct exec *exec)
{
    return line_board(&exec->line);
}

static struct hub *hub_of(const struct exec *exec)
{
    return board_of(exec)->hub;
}

/* --- its end --- */

static void finish(struct exec *exec)
{
    struct peer *peer = exec->line.link.peer;
    if (exec->notes)
        exec_notes_end(exec->notes);
    hub_lost(
        hub_of(exec), peer,
        &(struct line_end){.reason = peer->state == PEER_CLOSING ? peer->reason : CLOSE_EOF,
                           .status = exec->status});
}

static void child_ended(void *context, struct exit_status status)
{
    struct exec *exec = CAST(exec, context);
    exec->ended = true;
    exec->status = status;
    if (exec->silent || exec->cut_off || exec->closing)
        finish(exec);
    else
        timeout_set(exec->wait, OTHERS_MOST);
}

/*
 * What is here already is still read, and then comes an end of file. A terminal has no such
 * end, but whoever has it still was hung up with the end of its session: what is here is all.
 */
static void leave_others(struct exec *exec)
{
    const struct stream *stream = &exec->line.stream;
    int here = 0;
    if (!(stream->kind & STREAM_TTY))
        shutdown(stream->fd, SHUT_RD);
    else if (stream->pauses || (ioctl(stream->fd, FIONREAD, &here) == 0 && here > 0))
        timeout_set(exec->wait, EXIT_SOON);
    else
        finish(exec);
}

static void wait_cb(void *context)
{
    struct exec *exec = CAST(exec, context);
    struct peer *peer = exec->line.link.peer;
    if (exec->closing || peer->state == PEER_DEAD)
        return;
    if (exec->ended)
        leave_others(exec);
    else if (exec->cut_off)
        hub_close(hub_of(exec), peer, CLOSE_EOF);
    else
        line_user.ended(&exec->line.stream);
}

static void hang_up(struct exec *exec)
{
    child_hang_up(exec->child, exec->deadline - hub_now(hub_of(exec)));
}

/* --- the stream's user: what is the same for all lines is line's --- */

static void opened(struct stream *stream)
{
    line_user.opened(stream);
}

static void message(struct stream *stream, const struct framing_piece *piece)
{
    line_user.message(stream, piece);
}

static void drained(struct stream *stream)
{
    line_user.drained(stream);
}

static void holds(struct stream *stream, size_t added, size_t gone)
{
    line_user.holds(stream, added, gone);
}

/* The end of its output comes a moment before its own, mostly. */
static void output_ended(struct stream *stream)
{
    struct exec *exec = exec_of(stream);
    exec->silent = true;
    if (exec->ended)
        finish(exec);
    else
        timeout_set(exec->wait, EXIT_SOON);
}

/* However that came: a program that has not read all it was sent resets the line as it ends. */
static void over(struct stream *stream, enum stream_how how, const char *error)
{
    struct exec *exec = exec_of(stream);
    (void)how, (void)error;
    exec->cut_off = true;
    if (exec->ended)
        finish(exec);
    else if (exec->closing)
        hang_up(exec);
    else
        timeout_set(exec->wait, EXIT_SOON);
}

static const struct stream_user user = {.opened = opened,
                                        .message = message,
                                        .ended = output_ended,
                                        .drained = drained,
                                        .holds = holds,
                                        .over = over};

/* --- the hub's link --- */

/* It has half of the time to take what it was sent, then hears of it, and is killed in the end.
 */
static void close_line(struct link *link, int64_t deadline)
{
    struct exec *exec = exec_of_line(CAST(line, link));
    const int64_t now = hub_now(hub_of(exec));
    exec->closing = true;
    exec->deadline = deadline;
    if (exec->ended)
        finish(exec);
    else if (exec->cut_off)
        hang_up(exec);
    else
        stream_close(&exec->line.stream, now + (deadline - now) / 2);
}

static void pause_line(struct link *link, unsigned reasons)
{
    const struct exec *exec = exec_of_line(CAST(line, link));
    line_pause(link, reasons);
    if (exec->notes)
        exec_notes_pause(exec->notes, reasons & (LINK_PAUSE_HOLD | LINK_PAUSE_MEMORY));
}

/* There is no half of a terminal to end: what reads lines from it is told by a character. */
static void end_terminal(struct link *link)
{
    struct exec *exec = exec_of_line(CAST(line, link));
    const char end = pty_end(exec->line.stream.fd);
    if (end && !exec->cut_off)
        stream_send(&exec->line.stream, &end, 1);
}

static void describe(const struct link *link, struct link_description *description)
{
    const struct exec *exec = exec_of_line(CAST(line, link));
    snprintf(description->remote, sizeof description->remote, "exec:%s",
             link->peer->origin->endpoint.path);
    snprintf(description->local, sizeof description->local, "exec:");
    description->has_credentials = exec->child != NULL;
    description->pid = exec->child ? child_pid(exec->child) : 0;
    description->uid = getuid();
}

static void finish_line(struct line *line)
{
    struct exec *exec = exec_of_line(line);
    struct switchboard *board = board_of(exec);
    timeout_destroy(exec->wait);
    exec_notes_destroy(exec->notes);
    board->programs_awaited -= exec->awaited;
    if (exec->child && exec->closing && !exec->ended)
        child_kill(exec->child);
    else if (exec->child)
        child_hang_up(exec->child, board->hub->settings.drain);
    child_release(exec->child);
}

#define EXEC_OPS LINE_OPS_ALWAYS, .close = close_line, .pause = pause_line, .describe = describe
#define EXEC_KIND .size = sizeof(struct exec), .finish = finish_line

static const struct line_kind socket_kind = {.ops = {EXEC_OPS, .end_output = line_end_output},
                                             EXEC_KIND};
static const struct line_kind pty_kind = {
    .ops = {EXEC_OPS, .end_output = end_terminal}, .socket = STREAM_TTY, EXEC_KIND};

/* --- starting --- */

static void tell_note(void *context, const char *text)
{
    const struct exec *exec = CAST(exec, context);
    const struct peer *peer = exec->line.link.peer;
    if (peer->state != PEER_DEAD)
        hub_note(hub_of(exec), peer, text);
}

static int start(void *context, char **error)
{
    struct exec *exec = exec_of_line(CAST(line, context));
    struct switchboard *board = board_of(exec);
    const struct exec_start how = {.children = &board->children,
                                   .peer = exec->line.link.peer,
                                   .ended = child_ended,
                                   .context = exec};
    struct exec_started started;
    exec->awaited = false;
    board->programs_awaited--;
    if (!exec_start(&how, &started, error))
        return -1;
    exec->child = started.child;
    if (started.errors >= 0)
        exec->notes = exec_notes_create(board->loop, started.errors, tell_note, exec);
    return started.line;
}

static void connected(void *context, int fd, const union address *remote)
{
    (void)remote;
    line_connected(CAST(line, context), fd, NULL);
}

static bool may_start(const struct switchboard *board, char **error)
{
    const uint64_t most = board->settings.max_children;
    if (most == 0 || board->children.count + board->programs_awaited < most)
        return true;
    *error = mem_printf("the most programs that may run do so already: %u (--max-children)",
                        board->children.count + board->programs_awaited);
    return false;
}

static struct peer *exec_call(struct switchboard *board, struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected,
                                                    .failed = line_call_failed};
    if (!may_start(board, error))
        return NULL;
    const struct line_kind *kind = exec_options_of(origin)->on_pty ? &pty_kind : &socket_kind;
    struct line *line = line_call(board, kind, origin);
    struct exec *exec = container_of(line, struct exec, line);
    CAST_INIT(exec, exec);
    line->stream.user = &user;
    exec->awaited = true;
    board->programs_awaited++;
    exec->wait = timeout_create(board->loop, LOOP_PEERS, PART_PEERS, wait_cb, exec);
    line->dial = dial_create_open(board->loop, start, &callbacks, line);
    return line->link.peer;
}

const struct transport transport_exec = {.keys = &exec_options_keys, .call = exec_call};
