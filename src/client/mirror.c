/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/mirror.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/mirror_listener.h"
#include "client/mirror_peer.h"
#include "client/mirror_result.h"
#include "console/console.h"
#include "console/renderer.h"

/* Takes one event; false where a field that it needs is missing. */
typedef bool event_taker(struct mirror *mirror, const json_t *event);

/* --- the hub's world: both its clocks show the daemon's time --- */

static int64_t mirror_clock(void *context)
{
    return ((struct mirror *)context)->time;
}

static void mirror_defer(void *context, struct job *job)
{
    (void)context, (void)job; /* mirror_line runs what is deferred */
}

static enum part mirror_enter(void *context, enum part part)
{
    (void)context; /* nobody asks this program how long its turns are */
    return part;
}

static void mirror_later(void *context, struct job *job)
{
    const struct mirror *mirror = context;
    mirror->hooks.later(mirror->hooks.context, job);
}

static void mirror_alarm(void *context, struct job *job, int64_t delay)
{
    (void)context, (void)job, (void)delay;
}

static int64_t wall_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t mirror_wall(void *context)
{
    (void)context;
    return wall_now();
}

void mirror_init(struct mirror *mirror, const struct mirror_hooks *hooks)
{
    *mirror = (struct mirror){.hooks = *hooks, .time = wall_now()};
    static const struct turns turns;
    const struct host host = {.context = mirror,
                              .turns = &turns,
                              .now = mirror_clock,
                              .clock = mirror_wall,
                              .wall = mirror_clock,
                              .enter = mirror_enter,
                              .defer = mirror_defer,
                              .later = mirror_later,
                              .alarm = mirror_alarm};
    hub_init(&mirror->hub, &host, &(struct hub_settings){0});
    mirror->call = mirror_call_create();
    utstring_init(&mirror->data);
}

void mirror_finish(struct mirror *mirror)
{
    hub_finish(&mirror->hub);
    origin_release(mirror->call);
    utstring_done(&mirror->data);
}

void mirror_hush(struct mirror *mirror, bool on)
{
    if (on)
        mirror->hub.audience.wanted = 0;
    else
        audience_wants_changed(&mirror->hub.audience);
}

void mirror_reset(struct mirror *mirror)
{
    struct hub *hub = &mirror->hub;
    mirror->time = wall_now();
    mirror->greeted = false;
    mirror->in_answer = false;
    mirror_peer_sweep(mirror, true);
    hub_run_deferred(hub);
    while (hub->listeners)
        mirror_listener_remove(mirror, hub->listeners);
}

/* --- events --- */

static bool take_hello(struct mirror *mirror, const json_t *event)
{
    const char *access = fields_string(event, "access");
    uint64_t number = 0;
    struct mirror_hello hello = {.version = fields_string(event, "version")};
    if (!hello.version || !access || !fields_unsigned(event, "console", &number) ||
        number == 0 || number > UINT32_MAX)
        return false;
    hello.read_only = strcmp(access, "write") != 0;
    hello.console = (unsigned)number;
    mirror->greeted = true;
    mirror->hooks.hello(mirror->hooks.context, &hello);
    return true;
}

static bool take_listening(struct mirror *mirror, const json_t *event)
{
    const struct listener *listener = mirror_listener_entry(mirror, event);
    if (listener)
        hub_announce_listener(&mirror->hub, listener);
    return listener != NULL;
}

/* Not hub_remove_listener, which closes UDP peers: the daemon tells of each. */
static bool take_unlistening(struct mirror *mirror, const json_t *event)
{
    struct listener *listener = mirror_listener_entry(mirror, event);
    if (!listener)
        return false;
    hub_tell(&mirror->hub, &(struct hub_event){.type = HUB_UNLISTENING, .listener = listener});
    mirror_listener_remove(mirror, listener);
    return true;
}

static bool take_open(struct mirror *mirror, const json_t *event)
{
    struct peer *peer = mirror_peer_of(mirror, event);
    if (!peer)
        return false;
    mirror_peer_describe(mirror, peer, event);
    peer->opened = peer->active = mirror->time;
    names_set(&mirror->hub.names, peer, NULL); /* told next, by an event of its own */
    hub_open(&mirror->hub, peer);
    return true;
}

static bool take_content(struct mirror *mirror, const json_t *event, enum hub_event_type type)
{
    struct hub_event told = {.type = type, .peer = mirror_peer_of(mirror, event)};
    struct message *message = &told.message;
    enum view view = mirror->console->session.view;
    const char *by = fields_string(event, "by");
    uint64_t size = 0, console = 0;
    if (!told.peer || !fields_unsigned(event, "size", &size))
        return false;
    message->size = (size_t)size;
    if (!fields_data(event, &mirror->data, &message->data, &message->size) &&
        view != VIEW_SIZE && view != VIEW_NONE)
        return false;
    fields_unsigned(event, "console", &console);
    message->partial = fields_true(event, "partial");
    message->automatic = by && strcmp(by, "auto") == 0;
    message->console = (unsigned)console;
    hub_tell(&mirror->hub, &told);
    return true;
}

static bool take_message(struct mirror *mirror, const json_t *event)
{
    return take_content(mirror, event, HUB_MESSAGE);
}

static bool take_sent(struct mirror *mirror, const json_t *event)
{
    return take_content(mirror, event, HUB_SENT);
}

static bool take_half_close(struct mirror *mirror, const json_t *event)
{
    struct peer *peer = mirror_peer_of(mirror, event);
    if (!peer)
        return false;
    peer->state = PEER_HALF_CLOSED;
    hub_tell(&mirror->hub, &(struct hub_event){.type = HUB_HALF_CLOSE, .peer = peer});
    return true;
}

static enum close_reason reason_of(const char *name)
{
    for (enum close_reason reason = 0; reason < CLOSE_REASONS; reason++)
        if (strcmp(close_reason_name(reason), name) == 0)
            return reason;
    return CLOSE_ERROR;
}

static bool take_close(struct mirror *mirror, const json_t *event)
{
    const char *reason = fields_string(event, "reason");
    struct peer *peer = mirror_peer_of(mirror, event);
    if (!peer || !reason)
        return false;
    mirror_peer_figures(mirror, peer, event);
    hub_detach(&mirror->hub, peer, reason_of(reason), fields_string(event, "error"));
    return true;
}

static bool take_refused(struct mirror *mirror, const json_t *event)
{
    const char *why = fields_string(event, "why");
    struct hub_event told = {.type = HUB_REFUSED,
                             .listener = mirror_listener_of(mirror, event)};
    told.refused.remote = fields_string(event, "remote");
    if (!why || !told.refused.remote || !fields_unsigned(event, "count", &told.refused.count))
        return false;
    told.refused.why =
        strcmp(why, refusal_name(REFUSED_ACCESS)) == 0 ? REFUSED_ACCESS : REFUSED_LIMIT;
    hub_tell(&mirror->hub, &told);
    return true;
}

static bool take_target(struct mirror *mirror, const json_t *event)
{
    const json_t *number = json_object_get(event, "peer");
    const struct peer *peer = mirror_peer_of(mirror, event);
    if (!peer && !json_is_null(number))
        return false;
    operator_set_target(&mirror->console->session, peer ? peer->number : 0);
    return true;
}

static bool take_name(struct mirror *mirror, const json_t *event)
{
    struct peer *peer = mirror_peer_of(mirror, event);
    if (peer)
        mirror_peer_name(mirror, peer, fields_name(event));
    return peer != NULL;
}

static bool take_file(struct mirror *mirror, const json_t *event)
{
    struct hub_event told = {.type = HUB_FILE, .peer = mirror_peer_of(mirror, event)};
    told.file.path = fields_string(event, "path");
    told.file.error = fields_string(event, "error");
    if (!told.peer || !told.file.path || !fields_unsigned(event, "size", &told.file.size) ||
        !fields_unsigned(event, "bytes", &told.file.bytes))
        return false;
    hub_tell(&mirror->hub, &told);
    return true;
}

static bool take_error(struct mirror *mirror, const json_t *event)
{
    struct operator_session *session = &mirror->console->session;
    struct mirror_answer answer = {.command = fields_string(event, "command"),
                                   .error = fields_string(event, "error")};
    if (!answer.error)
        return false;
    fields_unsigned(event, "input", &answer.input);
    if (mirror->hooks.answer(mirror->hooks.context, &answer))
        session->ops->error(session, answer.command, answer.error);
    return true;
}

static bool take_lost(struct mirror *mirror, const json_t *event)
{
    struct console *console = mirror->console;
    uint64_t messages = 0, events = 0;
    if (!fields_unsigned(event, "messages", &messages) ||
        !fields_unsigned(event, "events", &events))
        return false;
    if (console->renderer->forget)
        console->renderer->forget(console, 0);
    console_lost(console, messages, events);
    if (events > 0)
        mirror->hooks.lost(mirror->hooks.context);
    return true;
}

static const struct {
    const char *name;
    event_taker *take;
} takers[] = {
    {"message", take_message},
    {"sent", take_sent},
    {"open", take_open},
    {"close", take_close},
    {"result", mirror_result_take},
    {"error", take_error},
    {"target", take_target},
    {"half-close", take_half_close},
    {"name", take_name},
    {"file", take_file},
    {"refused", take_refused},
    {"lost", take_lost},
    {"listening", take_listening},
    {"unlistening", take_unlistening},
    {"hello", take_hello},
};

/* One that is not known is from a newer daemon. */
static bool take(struct mirror *mirror, const char *name, const json_t *event)
{
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (strcmp(takers[i].name, name) == 0)
            return takers[i].take(mirror, event);
    return true;
}

/* --- lines --- */

/* The first line says who speaks, and how; or why nobody will. */
static bool check_greeting(const json_t *event, const char *name, char **error)
{
    uint64_t protocol = 0;
    const char *refused = fields_string(event, "error");
    if (name && strcmp(name, "error") == 0 && refused) {
        *error = escape_string(refused);
        return false;
    }
    if (!name || strcmp(name, "hello") != 0 || !fields_unsigned(event, "protocol", &protocol)) {
        *error = mem_strdup("what answers there is no telexd");
        return false;
    }
    if (protocol == MIRROR_PROTOCOL)
        return true;
    *error = mem_printf("telexd speaks protocol %" JSON_INTEGER_FORMAT
                        ", and this telex only protocol %d",
                        (json_int_t)protocol, MIRROR_PROTOCOL);
    return false;
}

static bool take_event(struct mirror *mirror, const json_t *event, char **error)
{
    const char *name = fields_string(event, "event");
    int64_t time = fields_time(event, "time");
    if (!mirror->greeted && !check_greeting(event, name, error))
        return false;
    if (time != FIELDS_MISSING)
        mirror->time = time;
    if (name && take(mirror, name, event))
        return true;
    char *shown = escape_string(name ? name : "without a name");
    *error = mem_printf("what telexd said is no event that can be understood: %.40s", shown);
    free(shown);
    return false;
}

bool mirror_line(struct mirror *mirror, const char *line, size_t size, char **error)
{
    json_error_t reason;
    json_t *event = json_loadb(line, size, 0, &reason);
    bool good = json_is_object(event) && take_event(mirror, event, error);
    if (!json_is_object(event))
        *error = mem_strdup(mirror->greeted ? "what telexd said is no JSON object"
                                            : "what answers there is no telexd");
    json_decref(event);
    hub_run_deferred(&mirror->hub);
    return good;
}
