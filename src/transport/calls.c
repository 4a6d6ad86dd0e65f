/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/calls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/hub.h"
#include "core/observer.h"
#include "loop/timeout.h"
#include "transport/transport.h"

struct call {
    struct calls *calls;
    CAST_MARK;
    struct origin *origin; /* referenced; its recall knows the line */
    char *line;            /* of the settings; NULL: an operator's */
    struct timeout *again; /* set while it waits */
    struct call *prev, *next;
};

struct calls {
    struct switchboard *board;
    struct observer observer;
    struct call *all; /* utlist */
    unsigned count;
};

static bool waits(const struct call *call)
{
    return timeout_is_set(call->again);
}

static void free_call(struct call *call)
{
    struct calls *calls = call->calls;
    DL_DELETE(calls->all, call);
    calls->count--;
    timeout_destroy(call->again);
    origin_release(call->origin);
    free(call->line);
    free(call);
}

/* --- making it --- */

/* A name that somebody else has got meanwhile stays theirs. */
static struct peer *call_out(struct calls *calls, struct origin *origin, char **error)
{
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    struct peer *peer = transport->call(calls->board, origin, error);
    if (!peer) {
        fail_about(error, "cannot connect to", origin->text);
        return NULL;
    }
    recall_made(&origin->recall, peer->number);
    if (origin->profile.name)
        hub_name(calls->board->hub, peer, origin->profile.name);
    return peer;
}

/* It could not even be tried. Returns whether that is news. */
static bool wait_after(struct call *call, const char *error)
{
    int64_t again;
    const bool news = recall_failed(&call->origin->recall, error, &again);
    timeout_set(call->again, again);
    return news;
}

static void again_cb(void *context)
{
    struct call *call = CAST(call, context);
    char *error = NULL;
    if (call->calls->board->hub->shutting_down)
        return;
    if (!transport_is_there(call->origin)) {
        timeout_set(call->again, TRANSPORT_LOOK_AGAIN);
        return;
    }
    /* No peer is there whose close could tell it. */
    if (!call_out(call->calls, call->origin, &error) && wait_after(call, error))
        log_error("%s; trying again", error);
    free(error);
}

static struct call *add(struct calls *calls, struct origin *origin, const char *line)
{
    struct call *call = mem_zalloc(sizeof *call);
    CAST_INIT(call, call);
    call->calls = calls;
    call->origin = origin_reference(origin);
    call->line = line ? mem_strdup(line) : NULL;
    call->again = timeout_create(calls->board->loop, LOOP_OPERATOR, PART_PEERS, again_cb, call);
    DL_APPEND(calls->all, call);
    calls->count++;
    return call;
}

/* --- losing it --- */

static struct call *find_line(struct calls *calls, const struct peer *peer)
{
    struct call *call;
    DL_FOREACH(calls->all, call)
        if (call->origin == peer->origin && call->origin->recall.peer == peer->number)
            return call;
    return NULL;
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct calls *calls = container_of(observer, struct calls, observer);
    if (event->peer->origin->listener)
        return;
    struct call *call = find_line(calls, event->peer);
    if (call && event->close.again > 0)
        timeout_set(call->again, event->close.again);
    else if (call)
        free_call(call);
}

/* --- what is asked --- */

static bool has_name(const struct calls *calls, const char *name)
{
    const struct call *call;
    DL_FOREACH(calls->all, call)
        if (call->origin->profile.name && strcmp(call->origin->profile.name, name) == 0)
            return true;
    return false;
}

static bool may_begin(const struct calls *calls, const struct origin *origin, bool keeps,
                      char **error)
{
    const char *name = origin->profile.name;
    if (name && (hub_find_name(calls->board->hub, name) || has_name(calls, name)))
        return fail_with(error, "the name %s is taken by another peer", name);
    if (!keeps || calls->count < CALLS_MAX)
        return true;
    *error = mem_printf("there are %d calls already that are made again", CALLS_MAX);
    return false;
}

struct peer *calls_begin(struct calls *calls, struct origin *origin, const char *line,
                         char **error)
{
    const bool again = origin->profile.again > 0;
    const bool keeps = again || line;
    if (!may_begin(calls, origin, keeps, error))
        return NULL;
    struct peer *peer = call_out(calls, origin, error);
    const bool goes_on = peer || (again && line);
    struct call *call = keeps && goes_on ? add(calls, origin, line) : NULL;
    if (call && !peer)
        wait_after(call, *error);
    return peer;
}

static bool is_meant(const struct call *call, const char *word)
{
    const char *name = call->origin->profile.name;
    uint64_t number;
    if (strcmp(word, "*") == 0 || (name && strcmp(word, name) == 0))
        return true;
    return who_parse_number(word, UINT64_MAX, &number) && number == call->origin->recall.peer;
}

unsigned calls_hang_up(struct calls *calls, const char *word)
{
    unsigned count = 0;
    struct call *call, *next;
    DL_FOREACH_SAFE(calls->all, call, next) {
        if (!waits(call) || !is_meant(call, word))
            continue;
        free_call(call);
        count++;
    }
    return count;
}

/* As /close finds it. */
static void print(UT_string *out, const struct call *call)
{
    const struct origin *origin = call->origin;
    if (origin->profile.name)
        utstring_printf(out, "%s (", origin->profile.name);
    else
        utstring_printf(out, "#%" PRIu64 " (", origin->recall.peer);
    escape_message(out, origin->text);
    utstring_printf(out, ")");
}

char *calls_waiting(const struct calls *calls)
{
    enum { NAMED = 8 };
    UT_string text;
    unsigned count = 0;
    const struct call *call;
    utstring_init(&text);
    DL_FOREACH(calls->all, call) {
        if (!waits(call) || ++count > NAMED)
            continue;
        utstring_printf(&text, "%s", count > 1 ? ", " : "");
        print(&text, call);
    }
    if (count > NAMED)
        utstring_printf(&text, " and %u more", count - NAMED);
    if (count > 0)
        return utstring_body(&text);
    utstring_done(&text);
    return NULL;
}

bool calls_end(struct calls *calls, const char *line)
{
    struct call *call;
    DL_FOREACH(calls->all, call)
        if (call->line && strcmp(call->line, line) == 0)
            break;
    if (!call)
        return false;
    struct hub *hub = calls->board->hub;
    struct peer *peer = waits(call) ? NULL : hub_find(hub, call->origin->recall.peer);
    if (peer)
        hub_close(hub, peer, CLOSE_OPERATOR);
    else
        free_call(call);
    return true;
}

/* --- life --- */

struct calls *calls_create(struct switchboard *board)
{
    struct calls *calls = mem_zalloc(sizeof *calls);
    calls->board = board;
    calls->observer = (struct observer){.notice = notice, .wants = OBSERVER_WANTS(HUB_CLOSE)};
    audience_join(&board->hub->audience, &calls->observer);
    return calls;
}

void calls_destroy(struct calls *calls)
{
    if (!calls)
        return;
    audience_leave(&calls->board->hub->audience, &calls->observer);
    while (calls->all)
        free_call(calls->all);
    free(calls);
}
