/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_talk.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/home.h"
#include "base/mem.h"
#include "client/attach_focus.h"
#include "client/attach_node.h"
#include "client/attach_state.h"
#include "client/carrier.h"
#include "command/command.h"
#include "console/console.h"

/* Lines that wait for an answer, and bytes that the daemon has not read: then no more are read.
 */
enum { REQUESTS_MAX = 256, SENT_MAX = 512 << 10 };

/* --- lines to the daemon --- */

/*
 * What is being done is the oldest line that was not answered: answers come in the lines'
 * order, and what they make happen is told before them.
 */
void attach_talk_note_running(struct node *node)
{
    const struct request *oldest = node->requests.list;
    attach_state_console(node->attach)->session.running = oldest ? oldest->command : NULL;
}

static bool is_full(const struct node *node)
{
    return node->requests.count >= REQUESTS_MAX ||
           (node->carrier && carrier_backlog(node->carrier) >= SENT_MAX);
}

void attach_talk_pace(struct attach *attach)
{
    const struct node *node;
    bool full = false;
    DL_FOREACH(attach->nodes, node) {
        full |= is_full(node);
    }
    console_hold(attach_state_console(attach), full);
}

void attach_talk_ask(struct node *node, const char *line, enum request_kind kind)
{
    requests_add(&node->requests, kind);
    carrier_send(node->carrier, line, strlen(line));
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

static void expect_answer(struct node *node, const struct command_read *read, const char *line,
                          size_t size)
{
    struct request *request = requests_add(&node->requests, REQUEST_TYPED);
    char *start = mem_strndup(line, size);
    request->command = read->command;
    request->shows_one =
        read->command == &cmd_show && strcmp(read->arguments.words[1], "1") == 0;
    request->line = escape_quote(start);
    request->change = attach_focus_changes(read->command) ? start : NULL;
    if (!request->change)
        free(start);
}

void attach_talk_say(struct node *node, const struct command_read *read, const char *typed,
                     size_t typed_size, const char *line, size_t size)
{
    if (read->command == &cmd_info) /* it tells how the peer's listener treats it */
        attach_talk_ask(node, "/listeners", REQUEST_QUIET);
    if (size > 0)
        expect_answer(node, read, typed, typed_size);
    else
        requests_skip(&node->requests);
    carrier_send(node->carrier, line, size);
}

void attach_talk_send(struct node *node, const struct command_read *read, const char *line,
                      size_t size)
{
    char *other = with_absolute_path(read);
    attach_talk_say(node, read, line, size, other ? other : line, other ? strlen(other) : size);
    free(other);
}

/* --- answers --- */

/* A line of ours was done; what it changes here changes now, between the events before and
 * after. */
static void done(struct node *node, const struct request *request, const char *command)
{
    if (request->change)
        attach_focus_done(node->attach, request->change);
    else
        node->hooks->done(node, command);
}

bool attach_talk_asks_for_all(void *context, uint64_t input)
{
    struct node *node = CAST(node, context);
    const struct request *request = requests_find(&node->requests, input);
    return request && request->kind != REQUEST_TYPED;
}

/* They belong to the oldest line that is not answered. */
enum follow_again attach_talk_again(void *context)
{
    const struct node *node = CAST(node, context);
    const struct request *oldest = node->requests.list;
    if (oldest && oldest->kind == REQUEST_READY && node->follow.catch_up.under_way)
        return FOLLOW_CATCHES_UP;
    if (!oldest || !oldest->command || !oldest->command->tells_again)
        return FOLLOW_NOT_ASKED;
    return oldest->shows_one ? FOLLOW_ASKED_ONE : FOLLOW_ASKED;
}

/* Of many nodes, what was sent is told elsewhere, and that stands for the answer. */
static bool is_told_by_event(const struct node *node, const struct request *request)
{
    return node->attach->kind->told && (!request->command || request->command == &cmd_send ||
                                        request->command == &cmd_bytes);
}

static void become_ready(struct node *node)
{
    node->ready = true;
    node->hooks->ready(node);
    node->before = true;
    catch_up_done(&node->follow.catch_up);
}

bool attach_talk_answered(void *context, const struct follow_answer *answer)
{
    struct node *node = CAST(node, context);
    struct request *request = requests_find(&node->requests, answer->input);
    if (!request)
        return true; /* an empty line's */
    enum request_kind kind = request->kind;
    if (answer->more)
        return kind == REQUEST_TYPED;
    const bool shown =
        kind == REQUEST_TYPED && (answer->error || !is_told_by_event(node, request));
    if (answer->error)
        node->hooks->refused(node, kind, answer->error);
    else
        done(node, request, answer->command);
    requests_drop(&node->requests, request);
    attach_talk_note_running(node);
    if (kind == REQUEST_READY)
        become_ready(node);
    attach_talk_pace(node->attach);
    if (node->attach->kind->answered)
        node->attach->kind->answered(node->attach);
    return shown;
}
