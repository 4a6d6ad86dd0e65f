/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/faults.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/ways.h"

/* Of one peer, in its extras. */
struct peer_fault {
    struct fault fault;
    struct heap_node node;
    struct hub *hub;
    struct peer *peer;
    bool listener;       /* it is not an operator's */
    bool gone;           /* the line is lost, which waits behind what is held: */
    struct line_end end; /* so; its text is owned */
};

static struct peer_fault *of(const struct peer *peer)
{
    return extras_of(peer)->fault;
}

static int64_t clock_of(const struct hub *hub)
{
    return hub->host.clock(hub->host.context);
}

/* --- when --- */

/* Whoever takes what it says has no room, and nothing that waits here may go there. */
static bool is_held_up(const struct peer *peer)
{
    return peer->pauses & ~(LINK_PAUSE_FAULT | LINK_PAUSE_MEMORY);
}

static int64_t next_of(const struct peer_fault *self)
{
    const int64_t due = is_held_up(self->peer) ? FAULT_NEVER : fault_due(&self->fault);
    return due < self->fault.reset ? due : self->fault.reset;
}

static void set_alarm(struct hub *hub)
{
    const struct heap_node *first = heap_first(&hub->faults.heap);
    if (!first)
        return;
    const int64_t delay = first->due - clock_of(hub);
    hub->host.alarm(hub->host.context, &hub->faults.alarm, delay > 0 ? delay : 0);
}

static void arm(struct peer_fault *self)
{
    struct faults *faults = &self->hub->faults;
    const int64_t next = next_of(self);
    if (next == FAULT_NEVER) {
        heap_remove(&faults->heap, &self->node);
        return;
    }
    heap_set(&faults->heap, &self->node, next);
    if (heap_first(&faults->heap) == &self->node)
        set_alarm(self->hub);
}

/* --- what is held --- */

/* More than may wait for one peer: a stream is not read, datagrams are dropped. */
static void note(struct peer_fault *self, uint64_t before)
{
    const uint64_t held = self->fault.card.held, most = self->hub->settings.max_queue;
    const bool full = self->peer->pauses & LINK_PAUSE_FAULT;
    budget_change(&self->hub->budget, before, held);
    if (peer_is_up(self->peer) && !self->peer->link->ops->datagram)
        hub_pause(self->peer, LINK_PAUSE_FAULT, held > (full ? most / 2 : most));
    hub_holds(self->hub, self->peer, self->peer->held);
}

static void destroy(struct peer_fault *self)
{
    struct peer *peer = self->peer;
    heap_remove(&self->hub->faults.heap, &self->node);
    budget_change(&self->hub->budget, self->fault.card.held, 0);
    fault_finish(&self->fault);
    free((char *)self->end.error);
    free(self);
    extras_need(peer)->fault = NULL;
    extras_tidy(peer);
}

uint64_t faults_held(const struct peer *peer)
{
    return of(peer) ? of(peer)->fault.card.held : 0;
}

/* --- what comes out --- */

/* With it goes the fault. */
static void tell_gone(struct hub *hub, struct peer *peer)
{
    const struct line_end end = of(peer)->end;
    of(peer)->end.error = NULL;
    hub_detach_as(hub, peer, &end);
    free((char *)end.error);
}

static void tell(struct hub *hub, struct peer *peer, const struct fault_output *output)
{
    switch (output->what) {
    case FAULT_MESSAGE:
    case FAULT_BYTES:
        hub_tell_received(hub, peer, &output->piece);
        break;
    case FAULT_END:
        peer->link->ops->ended(peer->link);
        break;
    case FAULT_GONE:
        tell_gone(hub, peer);
        break;
    }
}

/* Whoever is told may close the line, with which its fault goes. */
static void give_one(struct hub *hub, struct peer_fault *self)
{
    struct peer *peer = self->peer;
    struct fault_output output;
    if (!is_held_up(peer) && fault_give(&self->fault, clock_of(hub), &output)) {
        tell(hub, peer, &output);
        self = of(peer);
        const uint64_t before = self ? self->fault.card.held : 0;
        fault_put_back(self ? &self->fault : NULL, output.item);
        if (self)
            note(self, before);
    }
    if (self && fault_is_over(&self->fault))
        destroy(self);
    else if (self)
        arm(self);
}

static void reset(struct hub *hub, struct peer *peer)
{
    if (peer->link->ops->abort)
        peer->link->ops->abort(peer->link);
    hub_detach(hub, peer, CLOSE_RESET, "by its fault");
}

static void serve(struct hub *hub, struct peer_fault *self)
{
    if (self->fault.reset <= clock_of(hub))
        reset(hub, self->peer);
    else
        give_one(hub, self);
}

/* One piece after the other, as they are due, for the time that a turn has. */
static void run(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, faults.job);
    const int64_t begun = clock_of(hub);
    int64_t now = begun;
    struct heap_node *first;
    while ((first = heap_first(&hub->faults.heap)) && first->due <= now) {
        if (now - begun >= JOBS_SLICE) {
            hub_later(hub, job);
            return;
        }
        serve(hub, container_of(first, struct peer_fault, node));
        now = clock_of(hub);
    }
    set_alarm(hub);
}

/* Among the peers, whose work it is. */
static void ring(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, faults.alarm.job);
    hub_later(hub, &hub->faults.job);
}

void faults_paused(struct peer *peer)
{
    if (of(peer))
        arm(of(peer));
}

/* --- what comes in --- */

static bool is_whole(const struct peer *peer)
{
    return peer->link->ops->datagram || schemes[peer->origin->endpoint.scheme].messages ||
           ways_framing(peer)->ops != &framing_raw;
}

bool faults_take(struct hub *hub, struct peer *peer, const struct framing_piece *piece)
{
    struct peer_fault *self = of(peer);
    if (!self)
        return false;
    const uint64_t before = self->fault.card.held;
    if (peer->link->ops->datagram && before > hub->settings.max_queue) {
        self->fault.card.counts[FAULT_COUNT_DROPPED]++;
        return true;
    }
    fault_take(&self->fault, piece, is_whole(peer), clock_of(hub));
    note(self, before);
    arm(self);
    return true;
}

bool faults_take_end(struct hub *hub, struct peer *peer)
{
    struct peer_fault *self = of(peer);
    if (!self)
        return false;
    const uint64_t before = self->fault.card.held;
    fault_take_end(&self->fault, clock_of(hub));
    note(self, before);
    arm(self);
    return true;
}

bool faults_is_gone(const struct peer *peer)
{
    return of(peer) && of(peer)->gone;
}

/* Nothing can be sent there any more, though its close is not told yet. */
bool faults_take_gone(struct hub *hub, struct peer *peer, const struct line_end *end)
{
    struct peer_fault *self = of(peer);
    if (!self || !peer_is_up(peer))
        return false;
    if (self->gone)
        return true;
    const uint64_t before = self->fault.card.held;
    self->gone = peer->output_ended = true;
    self->end = *end;
    self->end.error = end->error ? mem_strdup(end->error) : NULL;
    feed_break(hub, peer, end->error ? end->error : "the line was closed");
    self->fault.reset = FAULT_NEVER;
    fault_take_gone(&self->fault, clock_of(hub));
    note(self, before);
    arm(self);
    return true;
}

/* --- life --- */

void faults_init(struct hub *hub)
{
    hub->faults.alarm.job.run = ring;
    hub->faults.job.run = run;
}

void faults_finish(struct hub *hub)
{
    jobs_forget(&hub->faults.alarm.job);
    jobs_forget(&hub->faults.job);
    heap_finish(&hub->faults.heap);
}

void faults_begin(struct hub *hub, struct peer *peer, const struct fault_plan *plan,
                  bool listener)
{
    struct peer_fault *self = of(peer);
    if (!self) {
        self = mem_zalloc(sizeof *self);
        fault_init(&self->fault);
        self->hub = hub;
        self->peer = peer;
        extras_need(peer)->fault = self;
    }
    self->listener = listener;
    fault_begin(&self->fault, plan, clock_of(hub));
    if (self->gone)
        self->fault.reset = FAULT_NEVER;
    arm(self);
}

void faults_end(struct peer *peer)
{
    struct peer_fault *self = of(peer);
    if (!self)
        return;
    fault_end(&self->fault);
    if (fault_is_over(&self->fault))
        destroy(self);
    else
        arm(self);
}

void faults_drop(struct peer *peer)
{
    if (of(peer))
        destroy(of(peer));
}

void faults_open(struct hub *hub, struct peer *peer)
{
    const struct fault_plan *plan = &peer->origin->profile.fault;
    if (plan->given)
        faults_begin(hub, peer, plan, true);
}

void faults_renew(struct hub *hub, struct peer *peer)
{
    const struct peer_fault *self = of(peer);
    if (!peer_is_up(peer) || (self && !self->listener))
        return;
    if (peer->origin->profile.fault.given)
        faults_open(hub, peer);
    else
        faults_end(peer);
}

const struct fault_card *faults_card(const struct peer *peer)
{
    const struct peer_fault *self = of(peer);
    return self && !self->fault.ends ? &self->fault.card : NULL;
}

char *faults_object(const struct peer *peer, const struct fault_plan *plan)
{
    const bool datagrams = peer->link->ops->datagram;
    return fault_plan_object(plan, datagrams, !is_whole(peer));
}
