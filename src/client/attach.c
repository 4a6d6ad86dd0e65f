/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/log.h"
#include "client/attach_focus.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "console/console.h"
#include "console/diagnostics.h"
#include "console/local.h"
#include "loop/signals.h"
#include "loop/timeout.h"

static void quit_cb(void *context)
{
    attach_state_leave(CAST(attach, context), EXIT_SUCCESS);
}

/* Ctrl-D, or the end of a script: then what it asked for is answered first. */
static void input_ended(void *context)
{
    struct attach *attach = CAST(attach, context);
    attach->input_ended = true;
    if (local_is_terminal(attach->local))
        attach_state_leave(attach, EXIT_SUCCESS);
    else
        attach->kind->script_ended(attach);
}

static void terminate(void *context)
{
    struct attach *attach = CAST(attach, context);
    attach->killed_by = signals_last(attach->signals);
    attach_state_leave(attach, EXIT_FAILURE);
}

static void interrupt(void *context)
{
    struct attach *attach = CAST(attach, context);
    if (!attach->local || !local_interrupt(attach->local))
        terminate(attach);
}

void attach_init(struct attach *attach, const struct attach_settings *settings,
                 const struct attach_kind *kind)
{
    *attach =
        (struct attach){.settings = settings, .kind = kind, .read_only = settings->read_only};
    CAST_INIT(attach, attach);
    loop_init(&attach->loop);
    attach->host = loop_host(&attach->loop);
    attach->diagnostics = diagnostics_create(&attach->loop);
    attach->quit = timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, quit_cb, attach);
}

void attach_open(struct attach *attach, const struct directory *directory)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = terminate};
    const struct attach_settings *settings = attach->settings;
    const struct console_hooks hooks = {
        .context = attach, .end = input_ended, .broken = settings->follow ? quit_cb : NULL};
    const struct console_settings console = {.host = &attach->host,
                                             .directory = directory,
                                             .commands = attach->kind->commands,
                                             .view = settings->view,
                                             .time_form = settings->time_form,
                                             .no_input = settings->follow,
                                             .patience = -1,
                                             .forward = attach->kind->forward,
                                             .forward_context = attach};
    attach->signals = signals_create(&attach->loop, &callbacks, attach);
    attach->local = local_create(&attach->loop, &console, false, &hooks);
    attach_state_console(attach)->session.focus.nodes = attach->kind->nodes;
    attach_focus_begin(attach);
}

void attach_begin(struct attach *attach)
{
    if (!attach->begun && !attach->settings->follow) {
        local_greet(attach->local);
        local_start(attach->local);
    }
    attach->begun = true;
}

/* A signal ends the wait for a reader of output. */
void attach_close(struct attach *attach)
{
    size_t left = local_destroy(attach->local);
    attach->local = NULL;
    if (left > 0) {
        log_error("%zu bytes of output found no reader", left);
        attach->status = EXIT_FAILURE;
    }
}

int attach_finish(struct attach *attach)
{
    timeout_destroy(attach->quit);
    loop_poll(&attach->loop); /* for a signal that came last */
    signals_destroy(attach->signals);
    diagnostics_destroy(attach->diagnostics);
    loop_finish(&attach->loop);
    if (attach->killed_by)
        signals_die(attach->killed_by);
    return attach->status;
}
