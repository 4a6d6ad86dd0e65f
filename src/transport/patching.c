/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/patching.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/hub.h"
#include "core/join.h"
#include "core/observer.h"
#include "core/ways.h"
#include "transport/own.h"
#include "transport/transport.h"

struct patching {
    struct switchboard *board;
    struct observer observer;
};

static bool refuse_own(const struct origin *far, char **error)
{
    return fail_with(error, "%s is a listener of telexd itself", far->text);
}

/* A name that somebody has already stays theirs. */
static bool call_far_end(struct switchboard *board, struct peer *near, char **error)
{
    struct origin *origin = near->origin->far;
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    const bool own = hub_now(board->hub) < origin->loops;
    if (own || own_is_endpoint(board->hub->listeners, &origin->endpoint))
        return refuse_own(origin, error);
    struct peer *far = transport->call(board, origin, error);
    if (!far)
        return fail_about(error, "cannot reach", origin->text);
    if (origin->profile.name)
        hub_name(board->hub, far, origin->profile.name);
    join_begin(board->hub, near, far, false);
    return true;
}

/* Whole messages are the device's, unless the listener says otherwise, or its scheme does. */
static void take_framing(struct peer *near, const struct peer *device)
{
    const struct framing *framing = ways_framing(device);
    const struct profile *profile = &near->origin->profile;
    if (profile->framing.ops == &framing_raw && framing->ops != &framing_raw &&
        !profile->messages && !endpoint_key(&near->origin->endpoint, "framing"))
        ways_set_framing(near, framing);
}

static bool find_device(struct hub *hub, struct peer *near, const char *name, char **error)
{
    struct peer *device = hub_find_name(hub, name);
    if (!device)
        return fail_with(error, "nobody called %s is on the line", name);
    if (!join_possible(hub, device, near, error))
        return false;
    take_framing(near, device);
    join_begin(hub, device, near, true);
    return true;
}

static void patch(struct switchboard *board, struct peer *near)
{
    char *error = NULL;
    const bool done = near->origin->far
                          ? call_far_end(board, near, &error)
                          : find_device(board->hub, near, near->origin->profile.to, &error);
    if (!done)
        hub_close_because(board->hub, near, CLOSE_ERROR, error);
    free(error);
}

/*
 * What its name stands for is ours: it ends, and who comes meanwhile, because it was called, is
 * not joined to another call of it.
 */
void patching_look_at_far(struct switchboard *board, struct peer *far)
{
    enum { KNOWN = 1000000 /* microseconds */ };
    const struct link_ops *ops = far->link->ops;
    const union address remote = ops->remote ? ops->remote(far->link) : (union address){0};
    char *error = NULL;
    if (!far->joined || !far->origin->near ||
        !own_is_address(board->hub, ops->datagram, &remote))
        return;
    far->origin->loops = hub_now(board->hub) + KNOWN;
    refuse_own(far->origin, &error);
    hub_close_because(board->hub, far, CLOSE_ERROR, error);
    free(error);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct patching *patching = container_of(observer, struct patching, observer);
    struct hub *hub = patching->board->hub;
    struct peer *peer = hub_find(hub, event->peer->number);
    if (!peer || !peer_is_up(peer) || hub->shutting_down)
        return;
    if (peer->origin->profile.to)
        patch(patching->board, peer);
    else
        patching_look_at_far(patching->board, peer);
}

struct patching *patching_create(struct switchboard *board)
{
    struct patching *patching = mem_zalloc(sizeof *patching);
    patching->board = board;
    patching->observer = (struct observer){.notice = notice, .wants = OBSERVER_WANTS(HUB_OPEN)};
    audience_join(&board->hub->audience, &patching->observer);
    return patching;
}

void patching_destroy(struct patching *patching)
{
    if (!patching)
        return;
    audience_leave(&patching->board->hub->audience, &patching->observer);
    free(patching);
}
