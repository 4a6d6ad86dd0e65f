/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_home.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "client/attach.h"
#include "client/attach_find.h"
#include "client/attach_focus.h"
#include "client/attach_node.h"
#include "client/attach_say.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "client/attach_talk.h"
#include "client/redial.h"
#include "client/uplink.h"
#include "command/command.h"
#include "console/console.h"
#include "console/local.h"
#include "loop/timeout.h"

/* Microseconds. */
enum {
    PAUSE_FIRST = 100000, /* between two tries to come back */
    PAUSE_MAX = 3000000,
    SILENCE = 2000000,       /* of a daemon, until that is said */
    QUIT_PATIENCE = 1000000, /* of /quit at a terminal, with a daemon that may have stopped */
};

struct home {
    struct attach attach; /* first */
    struct node node;
    const char *path; /* of the control socket */
    struct redial *redial;
    struct timeout *silence; /* of a daemon that does not greet us */
    bool shutdown_said;      /* here, and done */
    bool loss_said;
};

static struct home *home_of(struct node *node)
{
    return container_of(node, struct home, node);
}

/* --- the connection --- */

static bool connect_uplink(struct home *home)
{
    const struct carrier_hooks hooks = attach_node_carrier_hooks(&home->node);
    struct uplink *uplink = uplink_create(&home->attach.loop, home->path, &hooks);
    if (!uplink)
        return false;
    home->node.carrier = uplink_carrier(uplink);
    timeout_set(home->silence, SILENCE);
    return true;
}

static bool connect_first(void *context)
{
    return connect_uplink(container_of(CAST(attach, context), struct home, attach));
}

static void connect_again(void *context)
{
    struct home *home = container_of(CAST(attach, context), struct home, attach);
    if (!connect_uplink(home))
        redial_later(home->redial, false);
}

static void silence_cb(void *context)
{
    const struct home *home = container_of(CAST(attach, context), struct home, attach);
    if (home->node.carrier && !home->node.ready)
        log_error("telexd at %s does not answer yet", home->path);
}

/* --- what becomes of the node --- */

static void greeted(struct node *node, const struct follow_hello *hello)
{
    struct attach *attach = node->attach;
    struct operator_session *session = &attach_state_console(attach)->session;
    session->console = hello->console;
    session->read_only = hello->read_only;
    if (attach->read_only)
        attach_talk_ask(node, "/read-only", REQUEST_READ_ONLY);
    attach_focus_ask(node);
}

static void ready(struct node *node)
{
    attach_say_attached(node, home_of(node)->path);
    attach_begin(node->attach);
    home_of(node)->loss_said = false;
}

static void set_read_only(struct attach *attach)
{
    struct operator_session *session = &attach_state_console(attach)->session;
    attach->read_only = true;
    session->read_only = true;
    session->ops->changed(session, OPERATOR_READ_ONLY);
}

static void done(struct node *node, const char *command)
{
    struct attach *attach = node->attach;
    if (strcmp(command, cmd_read_only.name) == 0)
        set_read_only(attach);
    else if (strcmp(command, cmd_shutdown.name) == 0)
        home_of(node)->shutdown_said = true;
    else if (strcmp(command, cmd_quit.name) == 0)
        attach_state_leave(attach, attach->undone ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void refused(struct node *node, enum request_kind kind, const char *error)
{
    const bool focus = kind == REQUEST_FOCUS && !node->before;
    if (kind != REQUEST_READ_ONLY && !focus)
        return;
    log_error("telexd %s: %s", focus ? "refuses" : "does not make this console read-only",
              error);
    attach_state_leave(node->attach, EXIT_FAILURE);
}

static void mistaken(struct node *node, const char *error)
{
    log_error("%s: %s", home_of(node)->path, error);
    attach_state_leave(node->attach, EXIT_FAILURE);
}

/* Nobody waits to come back: the daemon was to end, or nobody is there to come back. */
static bool ends_with_connection(struct home *home)
{
    struct attach *attach = &home->attach;
    if (home->shutdown_said)
        attach_say(attach, "telexd has ended");
    else if (!home->node.before)
        log_error("cannot attach to %s: it closed the connection", home->path);
    else if (!attach->input_ended)
        return false;
    attach_state_leave(attach, home->node.before ? attach_state_verdict(attach) : EXIT_FAILURE);
    return true;
}

static void lost(struct node *node)
{
    struct home *home = home_of(node);
    const bool was_ready = node->ready;
    node->ready = false;
    attach_say_unanswered(node);
    if (ends_with_connection(home)) {
        requests_clear(&node->requests);
        return;
    }
    if (!home->loss_said)
        attach_say(node->attach, "the connection to telexd was lost; trying again");
    home->loss_said = true;
    attach_node_reset(node);
    redial_later(home->redial, was_ready);
}

static const struct node_hooks node_hooks = {.greeted = greeted,
                                             .ready = ready,
                                             .done = done,
                                             .refused = refused,
                                             .mistaken = mistaken,
                                             .lost = lost};

/* --- what is typed --- */

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

static void forward(void *context, const char *line, size_t size)
{
    struct attach *attach = CAST(attach, context);
    struct home *home = container_of(attach, struct home, attach);
    struct command_read read;
    command_read(&read, command_table, line, size);
    if (home->node.ready && read.command == &cmd_quit && local_is_terminal(attach->local))
        timeout_set(attach->quit, QUIT_PATIENCE);
    if (home->node.ready)
        attach_talk_send(&home->node, &read, line, size);
    else
        keep_off(attach, &read, size);
    command_read_finish(&read);
    attach_talk_note_running(&home->node);
    attach_talk_pace(attach);
}

static void script_ended(struct attach *attach)
{
    struct home *home = container_of(attach, struct home, attach);
    if (home->node.ready)
        attach_talk_ask(&home->node, "/quit", REQUEST_QUIET);
    else
        attach_state_leave(attach, attach_state_verdict(attach));
}

static const struct attach_kind kind = {
    .commands = command_table, .forward = forward, .script_ended = script_ended};

/* --- putting together --- */

static void attend(struct home *home)
{
    attach_open(&home->attach, &home->node.follow.known.directory);
    home->node.follow.console = attach_state_console(&home->attach);
    loop_run(&home->attach.loop);
}

int attach_home_run(const struct attach_settings *settings)
{
    const struct attach_place place = {.path = settings->path,
                                       .tries_service = settings->tries_service};
    struct home home = {0};
    struct attach *attach = &home.attach;
    attach_init(attach, settings, &kind);
    attach_node_init(&home.node, attach, &node_hooks);
    home.redial = redial_create(&attach->loop, PAUSE_FIRST, PAUSE_MAX, connect_again, attach);
    home.silence =
        timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, silence_cb, attach);
    if (attach_find(&place, &home.path, connect_first, attach))
        attend(&home);
    else
        attach->status = EXIT_FAILURE;
    attach_close(attach);
    attach_node_finish(&home.node);
    redial_destroy(home.redial);
    timeout_destroy(home.silence);
    return attach_finish(attach);
}
