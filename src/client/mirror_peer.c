/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/mirror_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "client/fields.h"
#include "client/mirror.h"
#include "client/mirror_listener.h"
#include "console/console.h"
#include "console/renderer.h"
#include "core/hub.h"

enum { TRANSPORT_MAX = 16 };

/* What is known of the far end; nothing goes through it. */
struct mirror_link {
    struct link link;    /* first: links are mirror_links */
    struct link_ops ops; /* with the transport's name */
    char transport[TRANSPORT_MAX];
    char *remote;
    char *local;
    bool has_credentials;
    pid_t pid;
    uid_t uid;
    size_t queued; /* at the daemon */
    unsigned seen; /* in this one of mirror->lists */
};

static struct mirror_link *mirror_link_of(const struct peer *peer)
{
    return (struct mirror_link *)peer->link;
}

/* --- the link --- */

static int mirror_link_send(struct link *link, const void *data, size_t size)
{
    (void)link, (void)data, (void)size;
    return 0;
}

static void mirror_link_finish(struct link *link, int64_t deadline)
{
    (void)link, (void)deadline;
}

static void mirror_link_destroy(struct link *link)
{
    struct mirror_link *mine = (struct mirror_link *)link;
    free(mine->remote);
    free(mine->local);
    free(mine);
}

static void mirror_link_pause(struct link *link, unsigned reasons)
{
    (void)link, (void)reasons;
}

static size_t mirror_link_queued(const struct link *link)
{
    return ((const struct mirror_link *)link)->queued;
}

static void mirror_link_describe(const struct link *link, struct link_description *description)
{
    const struct mirror_link *mine = (const struct mirror_link *)link;
    snprintf(description->remote, sizeof description->remote, "%s", mine->remote);
    snprintf(description->local, sizeof description->local, "%s", mine->local);
    description->has_credentials = mine->has_credentials;
    description->pid = mine->pid;
    description->uid = mine->uid;
}

static struct link *mirror_link_create(void)
{
    struct mirror_link *mine = mem_zalloc(sizeof *mine);
    mine->ops = (struct link_ops){
        .transport = mine->transport,
        .send = mirror_link_send,
        .finish = mirror_link_finish,
        .destroy = mirror_link_destroy,
        .pause = mirror_link_pause,
        .queued = mirror_link_queued,
        .describe = mirror_link_describe,
    };
    snprintf(mine->transport, sizeof mine->transport, "?");
    mine->remote = mem_strdup("?");
    mine->local = mem_strdup("?");
    mine->link.ops = &mine->ops;
    return &mine->link;
}

/* --- peers --- */

/* Their numbers are the daemon's; hub_attach counts on from the last one. */
static struct peer *attach(struct mirror *mirror, uint64_t number)
{
    struct hub *hub = &mirror->hub;
    hub->last_peer = number - 1;
    struct peer *peer = hub_attach(hub, mirror_link_create(), mirror->call);
    peer->opened = MIRROR_SINCE_UNKNOWN;
    return peer;
}

struct peer *mirror_peer_of(struct mirror *mirror, const json_t *object)
{
    uint64_t number = 0;
    if (!fields_unsigned(object, "peer", &number) || number == 0)
        return NULL;
    struct peer *peer = hub_find(&mirror->hub, number);
    if (!peer && roster_count(&mirror->hub.peers) < MIRROR_PEERS_MAX)
        peer = attach(mirror, number);
    return peer;
}

static void set_listener(struct mirror *mirror, struct peer *peer, const json_t *object)
{
    struct listener *listener = mirror_listener_of(mirror, object);
    struct origin *former = peer->origin;
    peer->origin = origin_reference(listener ? &listener->origin : mirror->call);
    origin_release(former);
}

static void set_text(char **field, const char *text)
{
    if (!text)
        return;
    free(*field);
    *field = mem_strdup(text);
}

static void set_credentials(struct mirror_link *mine, const json_t *object)
{
    uint64_t pid = 0, uid = 0;
    if (!fields_unsigned(object, "pid", &pid) || !fields_unsigned(object, "uid", &uid))
        return;
    mine->has_credentials = true;
    mine->pid = (pid_t)pid;
    mine->uid = (uid_t)uid;
}

/* It is shown as it is. */
static bool is_word(const char *text)
{
    return *text && text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0';
}

void mirror_peer_describe(struct mirror *mirror, struct peer *peer, const json_t *object)
{
    struct mirror_link *mine = mirror_link_of(peer);
    const char *transport = fields_string(object, "transport");
    if (transport && is_word(transport))
        snprintf(mine->transport, sizeof mine->transport, "%s", transport);
    mine->ops.datagram = strcmp(mine->transport, "udp") == 0;
    set_text(&mine->remote, fields_string(object, "remote"));
    set_text(&mine->local, fields_string(object, "local"));
    set_credentials(mine, object);
    set_listener(mirror, peer, object);
}

static void set_state(struct peer *peer, const char *name)
{
    for (enum peer_state state = PEER_CONNECTING; name && state < PEER_DEAD; state++)
        if (strcmp(peer_state_name(state), name) == 0)
            peer->state = (unsigned char)state;
}

void mirror_peer_figures(struct mirror *mirror, struct peer *peer, const json_t *object)
{
    uint64_t sent = 0, waiting = 0;
    if (!fields_unsigned(object, "unsent", &waiting))
        fields_unsigned(object, "queued", &waiting);
    fields_unsigned(object, "sent", &sent);
    fields_unsigned(object, "received", &peer->received);
    mirror_link_of(peer)->queued = (size_t)waiting;
    peer->accepted = sent + waiting;
    int64_t seconds = fields_seconds(object, "seconds");
    int64_t idle = fields_seconds(object, "idle");
    if (seconds >= 0)
        peer->opened = mirror->time - seconds;
    if (idle >= 0)
        peer->active = mirror->time - idle;
}

void mirror_peer_name(struct mirror *mirror, struct peer *peer, const char *name)
{
    struct peer *holder = name ? hub_find_name(&mirror->hub, name) : NULL;
    if (holder && holder != peer) /* we have missed its end */
        names_set(&mirror->hub.names, holder, NULL);
    hub_name(&mirror->hub, peer, name);
}

struct peer *mirror_peer_entry(struct mirror *mirror, const json_t *object)
{
    struct peer *peer = mirror_peer_of(mirror, object);
    if (!peer)
        return NULL;
    const char *name = fields_name(object);
    mirror_peer_describe(mirror, peer, object);
    mirror_peer_figures(mirror, peer, object);
    set_state(peer, fields_string(object, "state"));
    if (name ? !peer->name || strcmp(name, peer->name) != 0 : peer->name != NULL) {
        mirror_hush(mirror, true);
        mirror_peer_name(mirror, peer, name);
        mirror_hush(mirror, false);
    }
    mirror_link_of(peer)->seen = mirror->lists;
    return peer;
}

static void forget(struct mirror *mirror, struct peer *peer)
{
    struct console *console = mirror->console;
    if (console->renderer->forget)
        console->renderer->forget(console, peer->number);
    if (console->session.target == peer->number)
        operator_set_target(&console->session, 0);
    hub_detach(&mirror->hub, peer, CLOSE_ERROR, NULL);
}

void mirror_peer_sweep(struct mirror *mirror, bool all)
{
    mirror_hush(mirror, true);
    for (struct peer *peer = hub_next(&mirror->hub, NULL); peer;
         peer = hub_next(&mirror->hub, peer))
        if (all || mirror_link_of(peer)->seen != mirror->lists)
            forget(mirror, peer);
    mirror_hush(mirror, false);
}
