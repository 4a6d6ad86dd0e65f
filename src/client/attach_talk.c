/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/home.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_focus.h"
#include "client/attach_say.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "client/uplink.h"
#include "command/command.h"
#include "console/console.h"
#include "console/local.h"
#include "loop/timeout.h"

/* Lines that wait for an answer, and bytes that the daemon has not read: then no more are read.
 */
enum { REQUESTS_MAX = 256, SENT_MAX = 512 << 10 };
/* How long /quit at a terminal waits for a daemon that may have stopped. */
enum { QUIT_PATIENCE = 1000000 /* microseconds */ };

/* --- lines to the daemon --- */

/*
 * What is being done is the oldest line that was not answered: answers come in the lines'
 * order, and what they make happen is told before them.
 */
static void note_running(struct attach *attach)
{
    const struct request *oldest = attach->requests.list;
    attach_state_console(attach)->session.running = oldest ? oldest->command : NULL;
}

void attach_talk_pace(struct attach *attach)
{
    bool full = attach->requests.count >= REQUESTS_MAX ||
                (attach->uplink && uplink_backlog(attach->uplink) >= SENT_MAX);
    console_hold(attach_state_console(attach), full);
}

void attach_talk_ask(struct attach *attach, const char *line, enum request_kind kind)
{
    requests_add(&attach->requests, kind);
    uplink_send(attach->uplink, line, strlen(line));
}

/* What Tab completes here is relative to this process's directory and home, not to the
 * daemon's. NULL: the line is sent as it was typed. */
static char *with_absolute_path(const struct command_read *read)
{
    const char *const *words = read->arguments.words;
    char *path = read->command == &cmd_file ? home_absolute(words[1]) : NULL;
    char *line = path ? mem_printf("/%s %s %s", cmd_file.name, words[0], path) : NULL;
    free(path);
    return line;
}

static void expect_answer(struct attach *attach, const struct command_read *read,
                          const char *line, size_t size)
{
    struct request *request = requests_add(&attach->requests, REQUEST_TYPED);
    char *start = mem_strndup(line, size);
    request->command = read->command;
    request->shows_one =
        read->command == &cmd_show && strcmp(read->arguments.words[1], "1") == 0;
    request->line = escape_quote(start);
    request->change = attach_focus_changes(read->command) ? start : NULL;
    if (!request->change)
        free(start);
}

static void send_line(struct attach *attach, const struct command_read *read, const char *line,
                      size_t size)
{
    char *other = with_absolute_path(read);
    if (read->command == &cmd_quit && local_is_terminal(attach->local))
        timeout_set(attach->quit, QUIT_PATIENCE);
    if (read->command == &cmd_info) /* it tells how the peer's listener treats it */
        attach_talk_ask(attach, "/listeners", REQUEST_QUIET);
    if (size > 0)
        expect_answer(attach, read, line, size);
    else
        requests_skip(&attach->requests);
    uplink_send(attach->uplink, other ? other : line, other ? strlen(other) : size);
    free(other);
}

/*
 * A line while there is no daemon. It is not kept for the next one, where the number that it
 * names or the target that it meant is somebody else.
 */
static void keep_off(struct attach *attach, const struct command_read *read, size_t size)
{
    if (read->command == &cmd_quit) {
        attach_state_leave(attach, attach->undone ? EXIT_FAILURE : EXIT_SUCCESS);
    } else if (size > 0) {
        attach->undone = !local_is_terminal(attach->local);
        attach_say_refusal(attach, read->command ? read->command->name : NULL,
                           "there is no connection to telexd, and nothing was done");
    }
}

void attach_talk_forward(void *context, const char *line, size_t size)
{
    struct attach *attach = CAST(attach, context);
    struct command_read read;
    command_read(&read, command_table, line, size);
    if (attach->ready)
        send_line(attach, &read, line, size);
    else
        keep_off(attach, &read, size);
    command_read_finish(&read);
    note_running(attach);
    attach_talk_pace(attach);
}

/* --- answers --- */

static void set_read_only(struct attach *attach)
{
    struct operator_session *session = &attach_state_console(attach)->session;
    attach->read_only = true;
    session->read_only = true;
    session->ops->changed(session, OPERATOR_READ_ONLY);
}

/* A line of ours was done; what it changes here changes now, between the events before and
 * after. */
static void done(struct attach *attach, const struct request *request, const char *command)
{
    if (request->change)
        attach_focus_done(attach, request->change);
    else if (strcmp(command, cmd_read_only.name) == 0)
        set_read_only(attach);
    else if (strcmp(command, cmd_shutdown.name) == 0)
        attach->shutdown_said = true;
    else if (strcmp(command, cmd_quit.name) == 0)
        attach_state_leave(attach, attach->undone ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void start(struct attach *attach)
{
    attach->ready = true;
    attach_say_attached(attach);
    if (!attach->before && !attach->settings->follow) {
        local_greet(attach->local);
        local_start(attach->local);
    }
    attach->before = true;
    attach->loss_said = false;
}

static void failed(struct attach *attach, const struct request *request, const char *error)
{
    const bool focus = request->kind == REQUEST_FOCUS && !attach->before;
    if (request->kind != REQUEST_READ_ONLY && !focus)
        return;
    log_error("telexd %s: %s", focus ? "refuses" : "does not make this console read-only",
              error);
    attach_state_leave(attach, EXIT_FAILURE);
}

bool attach_talk_asks_for_all(void *context, uint64_t input)
{
    struct attach *attach = CAST(attach, context);
    const struct request *request = requests_find(&attach->requests, input);
    return request && request->kind != REQUEST_TYPED;
}

static bool tells_again(const struct command *command)
{
    return command == &cmd_show || command == &cmd_find || command == &cmd_replay;
}

/* They belong to the oldest line that is not answered. */
enum follow_again attach_talk_again(void *context)
{
    struct attach *attach = CAST(attach, context);
    const struct request *oldest = attach->requests.list;
    if (oldest && oldest->kind == REQUEST_READY && attach->follow.catch_up.under_way)
        return FOLLOW_CATCHES_UP;
    if (!oldest || !tells_again(oldest->command))
        return FOLLOW_NOT_ASKED;
    return oldest->shows_one ? FOLLOW_ASKED_ONE : FOLLOW_ASKED;
}

bool attach_talk_answered(void *context, const struct follow_answer *answer)
{
    struct attach *attach = CAST(attach, context);
    struct request *request = requests_find(&attach->requests, answer->input);
    if (!request)
        return true; /* an empty line's */
    enum request_kind kind = request->kind;
    if (answer->more)
        return kind == REQUEST_TYPED;
    if (answer->error)
        failed(attach, request, answer->error);
    else
        done(attach, request, answer->command);
    requests_drop(&attach->requests, request);
    note_running(attach);
    if (kind == REQUEST_READY) {
        start(attach);
        catch_up_done(&attach->follow.catch_up);
    }
    attach_talk_pace(attach);
    return kind == REQUEST_TYPED;
}
