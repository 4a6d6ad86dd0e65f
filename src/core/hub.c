/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/hash.h"
#include "base/mem.h"
#include "core/agent.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join.h"

static void run_bury(struct job *job)
{
    hub_run_deferred(container_of(job, struct hub, bury));
}

/* Tells what was refused meanwhile, looks after memory. */
static void run_alarm(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, alarm.job);
    hub->alarm_at = 0;
    refusals_tell(hub);
    hub_memory_look(hub);
}

static uint64_t make_run(void)
{
    struct hash_key random;
    hash_key_init(&random);
    return random.words[0];
}

void hub_init(struct hub *hub, const struct host *host, const struct hub_settings *settings)
{
    *hub = (struct hub){.host = *host, .bury.run = run_bury, .alarm.job.run = run_alarm};
    CAST_INIT(hub, hub);
    hub->run = make_run();
    hub->stats.started = host->wall(host->context);
    roster_init(&hub->peers);
    names_init(&hub->names);
    limits_init(&hub->limits);
    utarray_init(&hub->dead, &ut_ptr_icd);
    utstring_init(&hub->scratch);
    utarray_init(&hub->passed, &(UT_icd){.sz = sizeof(uint64_t)});
    feed_init(hub);
    hub_memory_init(hub);
    faults_init(hub);
    history_init(&hub->history, &hub->audience, &hub->budget, &hub->seq);
    hub_configure(hub, settings);
}

void hub_configure(struct hub *hub, const struct hub_settings *settings)
{
    hub->settings = *settings;
    budget_set_limit(&hub->budget, settings->max_memory);
    join_look_all(hub);
    history_limit(&hub->history, settings->history);
}

static void free_peer(struct peer *peer)
{
    peer->link->ops->destroy(peer->link);
    origin_release(peer->origin);
    names_free(peer);
    join_free_all(peer);
    extras_free(peer);
    free(peer);
}

static void forget_jobs(struct hub *hub)
{
    jobs_forget(&hub->alarm.job);
    jobs_forget(&hub->bury);
    jobs_forget(&hub->feeding);
    jobs_forget(&hub->memory);
    jobs_forget(&hub->trim.job);
}

void hub_finish(struct hub *hub)
{
    history_finish(&hub->history);
    hub->audience = (struct audience){0};
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        agent_close(hub, peer);
    forget_jobs(hub);
    mem_trim_stop(&hub->trim.freed);
    while (hub->feeds)
        feed_break(hub, hub->feeds->peer, NULL);
    names_finish(&hub->names);
    phonebook_finish(&hub->phonebook);
    for (struct peer *peer = roster_next(&hub->peers, NULL), *next; peer; peer = next) {
        next = roster_next(&hub->peers, peer);
        faults_drop(peer);
        free_peer(peer);
    }
    faults_finish(hub);
    roster_finish(&hub->peers);
    utarray_done(&hub->dead);
    struct listener *listener, *next_listener;
    DL_FOREACH_SAFE(hub->listeners, listener, next_listener) {
        DL_DELETE(hub->listeners, listener);
        listener_release(listener);
    }
    refusals_finish(&hub->refusals);
    limits_finish(&hub->limits);
    utstring_done(&hub->scratch);
    utarray_done(&hub->passed);
}

/* --- telling --- */

void hub_tell(struct hub *hub, struct hub_event *event)
{
    if (!audience_wants(&hub->audience, event->type))
        return;
    event->time = hub_wall(hub);
    event->seq = ++hub->seq;
    audience_tell(&hub->audience, event);
}

void hub_tell_console(struct hub *hub, const struct console_news *news)
{
    hub_tell(hub, &(struct hub_event){.type = HUB_CONSOLE, .console = *news});
}

static void tell_peer(struct hub *hub, enum hub_event_type type, const struct peer *peer)
{
    hub_tell(hub, &(struct hub_event){.type = type, .peer = peer});
}

void hub_note(struct hub *hub, const struct peer *peer, const char *text)
{
    hub_tell(hub, &(struct hub_event){.type = HUB_NOTE, .peer = peer, .note = text});
}

void hub_lines_changed(struct hub *hub, const struct peer *peer, unsigned on)
{
    hub_tell(hub, &(struct hub_event){.type = HUB_LINE, .peer = peer, .lines = on});
}

void hub_refused(struct hub *hub, struct origin *origin, const char *remote, enum refusal why,
                 const char *error)
{
    uint64_t *const counters[REFUSALS] = {[REFUSED_ACCESS] = &hub->stats.refused_access,
                                          [REFUSED_LIMIT] = &hub->stats.refused_limit,
                                          [REFUSED_PROXY] = &hub->stats.refused_proxy,
                                          [REFUSED_HANDSHAKE] = &hub->stats.refused_handshake};
    ++*counters[why];
    refusals_add(hub, origin, remote, why, error);
}

/* --- a peer's life --- */

struct peer *hub_attach(struct hub *hub, struct link *link, struct origin *origin)
{
    struct peer *peer = mem_zalloc(sizeof *peer);
    peer->number = ++hub->last_peer;
    peer->link = link;
    peer->origin = origin_reference(origin);
    peer->opened = peer->active = hub_now(hub);
    peer->state = PEER_CONNECTING;
    link->peer = peer;
    agent_attach(peer);
    roster_add(&hub->peers, peer);
    hub_memory_note(hub);
    return peer;
}

enum scheme hub_scheme(const struct peer *peer)
{
    const enum scheme scheme = peer->origin->endpoint.scheme;
    return peer->plain ? scheme_without_tls(scheme) : scheme;
}

static void count_opened(struct stats *stats, struct peer *peer)
{
    struct stats_peers *peers = &stats->peers[hub_scheme(peer)];
    peers->ever++;
    peers->now++;
    peer->counted = true;
}

static void count_gone(struct stats *stats, struct peer *peer, uint64_t unsent)
{
    if (peer->counted)
        stats->peers[hub_scheme(peer)].now--;
    stats->bytes_out -= unsent;
    stats->queued -= unsent;
}

void hub_open(struct hub *hub, struct peer *peer)
{
    peer->state = PEER_OPEN;
    count_opened(&hub->stats, peer);
    tell_peer(hub, HUB_OPEN, peer);
    if (peer->state == PEER_DEAD)
        return;
    if (peer->name)
        tell_peer(hub, HUB_NAME, peer);
    else
        hub_name_known(hub, peer);
    hold_apply(hub, peer);
    faults_open(hub, peer);
    if (hub->shutting_down)
        hub_close(hub, peer, CLOSE_SHUTDOWN);
    else if (peer->joined)
        join_opened(hub, peer);
    else if (peer_is_up(peer))
        agent_open(hub, peer);
}

bool hub_end_waits(struct hub *hub, struct peer *peer)
{
    return peer->extras && faults_take_end(hub, peer);
}

int64_t hub_half_close(struct hub *hub, struct peer *peer)
{
    const struct profile *profile = &peer->origin->profile;
    const struct agent *agent = agent_of(peer);
    if (peer->state == PEER_OPEN) {
        peer->state = PEER_HALF_CLOSED;
        tell_peer(hub, HUB_HALF_CLOSE, peer);
        if (agent->ended && peer_is_up(peer))
            agent->ended(hub, peer);
    }
    if (peer->joined && join_half_closed(peer))
        return PROFILE_HALF_CLOSE_NEVER;
    return profile->half_close >= 0 ? profile->half_close : agent->half_close;
}

static void tell_close(struct hub *hub, const struct peer *peer, struct line_end *end)
{
    end->unopened = !peer->counted;
    end->error = end->error ? end->error : extras_of(peer)->why;
    end->received = peer->received;
    end->sent = peer->accepted - end->unsent;
    end->duration = hub_now(hub) - peer->opened;
    recall_ended(&peer->origin->recall, peer->number, peer->counted, end);
    hub_tell(hub, &(struct hub_event){.type = HUB_CLOSE, .peer = peer, .close = *end});
}

/* Whether that is none of the ends that somebody wanted. */
static bool is_loss(const struct peer *peer, enum close_reason reason)
{
    return peer->state != PEER_CLOSING && peer->counted &&
           (reason == CLOSE_RESET || reason == CLOSE_TIMEOUT || reason == CLOSE_ERROR);
}

void hub_detach_as(struct hub *hub, struct peer *peer, const struct line_end *end)
{
    if (peer->state == PEER_DEAD)
        return;
    const bool lost = is_loss(peer, end->reason);
    struct line_end told = {.reason = end->reason,
                            .error = end->error,
                            .status = end->status,
                            .code = end->code,
                            .unsent = peer_queued(peer)};
    count_gone(&hub->stats, peer, told.unsent);
    peer->state = PEER_DEAD; /* before anybody is told: it may be closed again from there */
    feed_break(hub, peer, told.error ? told.error : "the line was closed");
    faults_drop(peer);
    names_retire(&hub->names, peer);
    utarray_push_back(&hub->dead, &peer);
    struct join *left = peer->joined ? join_take_off(hub, peer) : NULL;
    tell_close(hub, peer, &told);
    agent_close(hub, peer);
    join_end_all(hub, left, peer, &told, lost);
    hub->host.defer(hub->host.context, &hub->bury);
}

void hub_detach(struct hub *hub, struct peer *peer, enum close_reason reason, const char *error)
{
    hub_detach_as(hub, peer, &(struct line_end){.reason = reason, .error = error});
}

void hub_queue_changed(struct hub *hub, struct peer *peer, size_t added, size_t gone)
{
    if (peer->state != PEER_DEAD) /* else it counts no more */
        hub->stats.queued += added - gone;
    if (added > 0 && peer->joined)
        join_look(hub, peer);
}

void hub_lost(struct hub *hub, struct peer *peer, const struct line_end *end)
{
    if (!peer->extras || !faults_take_gone(hub, peer, end))
        hub_detach_as(hub, peer, end);
}

void hub_run_deferred(struct hub *hub)
{
    while (utarray_len(&hub->dead) > 0) {
        struct peer *peer = *(struct peer **)utarray_back(&hub->dead);
        utarray_pop_back(&hub->dead);
        roster_remove(&hub->peers, peer);
        free_peer(peer);
    }
    ut_shrink(&hub->dead);
    hub_memory_note(hub);
}

void hub_later(struct hub *hub, struct job *job)
{
    hub->host.later(hub->host.context, job);
}

void hub_alarm(struct hub *hub, int64_t delay)
{
    int64_t at = hub_now(hub) + delay;
    if (hub->alarm_at != 0 && hub->alarm_at < at)
        return;
    hub->alarm_at = at;
    hub->host.alarm(hub->host.context, &hub->alarm, delay);
}

/* --- finding --- */

struct peer *hub_find(const struct hub *hub, uint64_t number)
{
    struct peer *peer = roster_find(&hub->peers, number);
    return peer && peer->state != PEER_DEAD ? peer : NULL;
}

static struct peer *alive_from(const struct hub *hub, struct peer *peer)
{
    while (peer && peer->state == PEER_DEAD)
        peer = roster_next(&hub->peers, peer);
    return peer;
}

unsigned hub_living(const struct hub *hub)
{
    return roster_count(&hub->peers) - utarray_len(&hub->dead);
}

struct peer *hub_next(const struct hub *hub, const struct peer *peer)
{
    return alive_from(hub, roster_next(&hub->peers, peer));
}

struct peer *hub_after(const struct hub *hub, uint64_t number)
{
    return alive_from(hub, roster_after(&hub->peers, number));
}

void hub_pin(struct hub *hub, uint64_t number, bool on)
{
    struct peer *peer = hub_find(hub, number);
    if (peer)
        peer->pins += on ? 1 : -1u;
}
