/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the hub does when those on the line make it hold more memory than there may be. */
#include "core/hub_line.h"
#include "core/hub_parts.h"

#include "base/cast.h"
#include "base/jobs.h"
#include "base/mem.h"

/* Ends in one turn; a piece of the job looks at all peers. */
enum { CLOSES_A_TURN = 32 };

struct greatest {
    struct peer *peers[CLOSES_A_TURN]; /* who holds most is first */
    unsigned count;
};

static struct hub *hub_of(struct job *job)
{
    return container_of(job, struct hub, memory);
}

/* --- holding back --- */

static uint64_t held_by(const struct peer *peer)
{
    return peer->held + faults_held(peer);
}

/* Where memory itself has run out, there is none to read anything into. */
static bool holds_too_much(const struct hub *hub, const struct peer *peer)
{
    const struct budget *budget = &hub->budget;
    return budget->out || held_by(peer) > budget_share(budget, roster_count(&hub->peers));
}

static void hold_back(const struct hub *hub, struct peer *peer)
{
    if (peer_is_up(peer))
        hub_pause(peer, LINK_PAUSE_MEMORY, hub->budget.over && holds_too_much(hub, peer));
}

static void hold_back_all(struct hub *hub)
{
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        hold_back(hub, peer);
}

void hub_holds(struct hub *hub, struct peer *peer, uint64_t bytes)
{
    peer->held = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
    if (hub->budget.over)
        hold_back(hub, peer);
    hub_memory_note(hub);
}

/* --- giving back --- */

/* What a peer costs that holds nothing, about. */
enum { PEER_ITSELF = 1 << 10 };

static uint64_t used(const struct hub *hub)
{
    return hub->budget.held + (uint64_t)roster_count(&hub->peers) * PEER_ITSELF;
}

void hub_memory_note(struct hub *hub)
{
    if (!trim_note(&hub->trim, used(hub)))
        return;
    trim_start(&hub->trim, hub_now(hub));
    hub_alarm(hub, TRIM_DELAY);
}

static void give_piece(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, trim.job);
    const struct host *host = &hub->host;
    const int64_t end = host->clock(host->context) + JOBS_SLICE;
    bool more = true;
    while (more && host->clock(host->context) < end)
        more = mem_trim_step(&hub->trim.freed);
    if (more)
        hub_later(hub, job);
}

/* An alarm that was meant for something else may come first. */
static void give_back(struct hub *hub)
{
    const int64_t now = hub_now(hub);
    if (trim_is_due(&hub->trim, used(hub), now))
        hub_later(hub, &hub->trim.job);
    else if (hub->trim.due != 0)
        hub_alarm(hub, hub->trim.due - now);
}

/* --- closing --- */

static void insert(struct greatest *greatest, struct peer *peer)
{
    unsigned i = greatest->count;
    if (i == CLOSES_A_TURN && held_by(peer) <= held_by(greatest->peers[--i]))
        return;
    for (; i > 0 && held_by(greatest->peers[i - 1]) < held_by(peer); i--)
        greatest->peers[i] = greatest->peers[i - 1];
    greatest->peers[i] = peer;
    if (greatest->count < CLOSES_A_TURN)
        greatest->count++;
}

static void find_greatest(const struct hub *hub, struct greatest *greatest)
{
    greatest->count = 0;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (held_by(peer) >= BUDGET_WORTH)
            insert(greatest, peer);
}

/* Those who are no peers and hold more than the one who is next. */
static uint64_t close_holders(struct hub *hub, uint64_t least, uint64_t excess)
{
    struct budget_holder *holder;
    uint64_t freed = 0;
    while (freed < excess && (holder = budget_greatest(&hub->budget)) &&
           holder->held >= least) {
        freed += holder->held;
        holder->close(holder);
    }
    return freed;
}

/* Returns whether there is, or will be, less than before. */
static bool close_greatest(struct hub *hub)
{
    struct greatest greatest;
    uint64_t excess = budget_excess(&hub->budget);
    if (utarray_len(&hub->dead) > 0)
        return true; /* what they hold may be enough */
    find_greatest(hub, &greatest);
    uint64_t least = greatest.count > 0 ? held_by(greatest.peers[0]) : BUDGET_WORTH;
    uint64_t freed = close_holders(hub, least, excess);
    for (unsigned i = 0; i < greatest.count && freed < excess; i++) {
        freed += held_by(greatest.peers[i]);
        hub_detach(hub, greatest.peers[i], CLOSE_ERROR, "memory");
    }
    return freed > 0;
}

/* --- what is due --- */

static void tell_change(struct hub *hub)
{
    if (hub->on_memory)
        hub->on_memory(hub->on_memory_context);
}

/* Memory that has run out may be there again: each look tries. */
static void regain(struct hub *hub)
{
    if (hub->budget.out && mem_restore())
        budget_set_out(&hub->budget, false);
}

static void tend(struct job *job)
{
    struct hub *hub = hub_of(job);
    regain(hub);
    enum budget_step step = budget_step(&hub->budget, hub_now(hub));
    hold_back_all(hub);
    tell_change(hub);
    if (step == BUDGET_CLOSE && close_greatest(hub))
        hub_later(hub, job); /* the next piece, once these are freed */
    else if (step != BUDGET_GOOD)
        hub_alarm(hub, BUDGET_GRACE);
}

static void passed(void *context)
{
    struct hub *hub = CAST(hub, context);
    hub_later(hub, &hub->memory);
}

void hub_memory_init(struct hub *hub)
{
    hub->memory.run = tend;
    hub->trim.job.run = give_piece;
    hub->budget.passed = passed;
    hub->budget.context = hub;
}

void hub_memory_short(struct hub *hub)
{
    mem_trim_stop(&hub->trim.freed);
    budget_set_out(&hub->budget, true);
    hub_later(hub, &hub->memory);
}

void hub_memory_look(struct hub *hub)
{
    if (hub->budget.over)
        hub_later(hub, &hub->memory);
    give_back(hub);
}
