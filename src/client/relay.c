/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/relay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/search.h"
#include "client/attach_find.h"
#include "client/attach_settings.h"
#include "client/fields.h"
#include "client/follow.h"
#include "client/relay_lines.h"
#include "client/uplink.h"
#include "console/diagnostics.h"
#include "loop/inlet.h"
#include "loop/loop.h"
#include "loop/outlet.h"
#include "loop/signals.h"
#include "loop/timeout.h"

/* Bytes that wait: for the reader of stdout, and for the daemon. Beyond them nothing is read.
 */
enum { OUT_MAX = 1 << 20, IN_MAX = 512 << 10 };
/* Of a daemon that does not greet us, until that is said: microseconds. */
enum { SILENCE = 2000000 };

struct relay {
    const struct attach_settings *settings;
    CAST_MARK;
    const char *path; /* of the control socket */
    struct loop loop;
    struct diagnostics *diagnostics;
    struct signals *signals;
    struct uplink *uplink;
    struct outlet *out;
    struct inlet *in; /* NULL until what we ask ourselves is answered */
    struct timeout *silence;
    struct relay_lines lines;
    struct search grep; /* what of the last messages is shown */
    UT_string line;     /* as it is written; its room is reused */
    bool greeted;
    bool settled; /* our own lines are answered */
    bool broken;  /* nobody reads stdout */
    bool ended;   /* the input has */
    int killed_by;
    int status;
};

static void leave(struct relay *relay, int status)
{
    relay->status = status;
    loop_stop(&relay->loop);
}

/* --- the input --- */

static void take_input(void *context, const char *data, size_t size)
{
    struct relay *relay = CAST(relay, context);
    relay_lines_sent(&relay->lines, data, size);
    uplink_send_bytes(relay->uplink, data, size);
    if (uplink_backlog(relay->uplink) > IN_MAX)
        inlet_hold(relay->in, true);
}

/* What is answered last of all tells that all is. */
static void end_input(void *context)
{
    struct relay *relay = CAST(relay, context);
    inlet_hold(relay->in, true);
    relay->ended = true;
    if (relay->lines.begun) {
        relay_lines_sent(&relay->lines, "\n", 1);
        uplink_send_bytes(relay->uplink, "\n", 1);
    }
    uplink_send(relay->uplink, "/quit", strlen("/quit"));
}

static void begin_input(struct relay *relay)
{
    static const struct inlet_callbacks callbacks = {.data = take_input, .end = end_input};
    relay->settled = true;
    if (!relay->settings->follow)
        relay->in = inlet_create(&relay->loop, STDIN_FILENO, &callbacks, relay);
}

static void uplink_drained(void *context)
{
    struct relay *relay = CAST(relay, context);
    if (relay->in && !relay->ended)
        inlet_hold(relay->in, false);
}

/* --- our own lines --- */

static void ask(struct relay *relay, const char *command, const char *word)
{
    char *line = mem_printf("/%s%s%s", command, *word ? " " : "", word);
    uplink_send(relay->uplink, line, strlen(line));
    relay->lines.own++;
    free(line);
}

/* Not where what they hold is to be looked at here, and is not told. */
static void ask_history(struct relay *relay)
{
    const struct attach_settings *settings = relay->settings;
    const bool told = settings->view == VIEW_TEXT || settings->view == VIEW_HEX;
    if (settings->history == 0 || (settings->grep && !told))
        return;
    char *words =
        mem_printf("%s %" PRIu64, settings->only ? settings->only : "*", settings->history);
    ask(relay, "show", words);
    relay->lines.history = relay->lines.own;
    free(words);
}

static bool greet(struct relay *relay, const char *line, size_t size, char **error)
{
    const struct attach_settings *settings = relay->settings;
    if (!follow_check_greeting(line, size, error))
        return false;
    relay->greeted = true;
    timeout_stop(relay->silence);
    if (settings->read_only)
        ask(relay, "read-only", "");
    if (settings->view != VIEW_TEXT)
        ask(relay, "view", view_name(settings->view));
    if (settings->only)
        ask(relay, "only", settings->only);
    if (settings->grep)
        ask(relay, "grep", settings->grep);
    relay->lines.filters = relay->lines.own;
    ask_history(relay);
    if (relay->lines.own == 0)
        begin_input(relay);
    return true;
}

/* --- from the daemon --- */

static void show(struct relay *relay)
{
    utstring_bincpy(&relay->line, "\n", 1);
    if (relay->broken)
        return;
    outlet_write(relay->out, utstring_body(&relay->line), utstring_len(&relay->line));
    if (outlet_backlog(relay->out) > OUT_MAX)
        uplink_hold(relay->uplink, true);
}

/* Whether it is one of the last messages, without the text: the daemon looks at new ones only.
 */
static bool lacks_text(struct relay *relay, const char *line, size_t size)
{
    json_t *event = json_loadb(line, size, 0, NULL);
    UT_string scratch;
    const void *data;
    size_t length;
    utstring_init(&scratch);
    const bool lacks = fields_true(event, "replayed") &&
                       fields_data(event, &scratch, &data, &length) &&
                       !search_finds(&relay->grep, data, length);
    utstring_done(&scratch);
    json_decref(event);
    return lacks;
}

/* Until our filters are set, messages may be of those that are not asked for. */
static bool is_shown(struct relay *relay, enum relay_kind kind, const char *line, size_t size)
{
    if (kind == RELAY_EVENT)
        return relay->settled || !relay->settings->grep || !lacks_text(relay, line, size);
    return kind == RELAY_ANSWER ||
           (kind == RELAY_MESSAGE && relay->lines.done >= relay->lines.filters);
}

/* One of our own lines was refused: the operator has asked for what cannot be. */
static void fail(struct relay *relay, const char *line, size_t size)
{
    json_t *event = json_loadb(line, size, 0, NULL);
    const char *error = fields_string(event, "error");
    char *shown = escape_string(error ? error : "it does not say why");
    log_error("telexd refuses: %s", shown);
    free(shown);
    json_decref(event);
    leave(relay, EXIT_FAILURE);
}

static void take(struct relay *relay, const char *line, size_t size)
{
    utstring_clear(&relay->line);
    const enum relay_kind kind = relay_lines_take(&relay->lines, &relay->line, line, size);
    if (is_shown(relay, kind, line, size))
        show(relay);
    else if (kind == RELAY_OWN_LAST)
        begin_input(relay);
    else if (kind == RELAY_FAILED)
        fail(relay, line, size);
    else if (kind == RELAY_END)
        leave(relay, EXIT_SUCCESS);
}

static bool receive(void *context, const char *line, size_t size)
{
    struct relay *relay = CAST(relay, context);
    char *error = NULL;
    if (relay->greeted || greet(relay, line, size, &error)) {
        take(relay, line, size);
        return true;
    }
    log_error("%s: %s", relay->path, error);
    free(error);
    leave(relay, EXIT_FAILURE);
    return false;
}

static void lost(void *context)
{
    struct relay *relay = CAST(relay, context);
    const bool done = relay->settled && relay_lines_done(&relay->lines);
    if (!relay->greeted)
        log_error("cannot attach to %s: it closed the connection", relay->path);
    else if (!done)
        log_error("the connection to telexd was lost before all was answered");
    leave(relay, done ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void silence_cb(void *context)
{
    const struct relay *relay = CAST(relay, context);
    log_error("telexd at %s does not answer yet", relay->path);
}

/* --- stdout --- */

static void out_drained(void *context)
{
    struct relay *relay = CAST(relay, context);
    uplink_hold(relay->uplink, false);
}

/* As with any other reader that has gone: what was asked is done all the same. */
static void out_broken(void *context)
{
    struct relay *relay = CAST(relay, context);
    relay->broken = true;
    uplink_hold(relay->uplink, false);
    if (relay->settings->follow)
        leave(relay, EXIT_SUCCESS);
    else
        log_error("nobody reads stdout any more: no more is written there");
}

/* --- putting together --- */

static void terminate(void *context)
{
    struct relay *relay = CAST(relay, context);
    relay->killed_by = signals_last(relay->signals);
    leave(relay, EXIT_FAILURE);
}

static void init(struct relay *relay, const struct attach_settings *settings)
{
    static const struct outlet_callbacks out = {.drained = out_drained, .broken = out_broken};
    *relay = (struct relay){.settings = settings};
    CAST_INIT(relay, relay);
    utstring_init(&relay->line);
    if (settings->grep)
        search_set(&relay->grep, settings->grep, strlen(settings->grep));
    loop_init(&relay->loop);
    relay->diagnostics = diagnostics_create(&relay->loop);
    relay->silence =
        timeout_create(&relay->loop, LOOP_OPERATOR, PART_CONSOLE, silence_cb, relay);
    relay->out = outlet_create(&relay->loop, STDOUT_FILENO, &out, relay);
    outlet_set_patience(relay->out, -1);
    outlet_set_strict(relay->out);
}

static void finish(struct relay *relay)
{
    inlet_destroy(relay->in);
    uplink_destroy(relay->uplink);
    outlet_destroy(relay->out);
    timeout_destroy(relay->silence);
    loop_poll(&relay->loop); /* for a signal that came last */
    signals_destroy(relay->signals);
    utstring_done(&relay->line);
    search_finish(&relay->grep);
    diagnostics_destroy(relay->diagnostics);
    loop_finish(&relay->loop);
}

static bool attach(void *context)
{
    struct relay *relay = CAST(relay, context);
    const struct carrier_hooks hooks = {
        .context = relay, .line = receive, .lost = lost, .drained = uplink_drained};
    relay->uplink = uplink_create(&relay->loop, relay->path, &hooks);
    if (relay->uplink)
        timeout_set(relay->silence, SILENCE);
    return relay->uplink != NULL;
}

int relay_run(const struct attach_settings *settings)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = terminate, .hang_up = terminate};
    const struct attach_place place = {.path = settings->path,
                                       .tries_service = settings->tries_service};
    struct relay relay;
    init(&relay, settings);
    if (attach_find(&place, &relay.path, attach, &relay)) {
        relay.signals = signals_create(&relay.loop, &callbacks, &relay);
        loop_run(&relay.loop);
    } else {
        relay.status = EXIT_FAILURE;
    }
    finish(&relay);
    if (relay.killed_by)
        signals_die(relay.killed_by);
    return relay.status;
}
