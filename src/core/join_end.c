/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the end of one line becomes that of those it is joined to:
 *
 * - a half-close is one of the other's, once all that it is joined to have ended their side;
 * - an end is an end, after what was said has gone; a line that was lost is lost for the other
 *   too, so that nobody takes what came for all of it;
 * - who is joined to others still stays, and so does a device when a caller goes. A device that
 *   goes ends its callers, however it went.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join.h"
#include "core/join_wait.h"

/* --- half-closes --- */

/* Whether nobody is left who may say something to the peer. */
static bool hears_no_more(const struct peer *peer)
{
    const struct join *join;
    DL_FOREACH(join_first(peer), join)
        if (join->device || join_other(join)->state != PEER_HALF_CLOSED)
            return false;
    return peer->joined;
}

static bool can_end(const struct peer *peer)
{
    return peer_is_up(peer) && !peer->output_ended && peer->link->ops->end_output;
}

/* One whose side is to be ended now, of which the whole line may be over at once. */
static struct peer *find_to_end(const struct peer *peer)
{
    const struct join *join;
    DL_FOREACH(join_first(peer), join)
        if (can_end(join_other(join)) && hears_no_more(join_other(join)))
            return join_other(join);
    return NULL;
}

/* A device that says no more is about to go, whatever its callers do, and does not hear of
 * their ends. */
bool join_half_closed(struct peer *peer)
{
    const struct join *join;
    struct peer *other;
    bool will_end = true;
    DL_FOREACH(join_first(peer), join)
        will_end &=
            !join->device && !join->mirror->device && join_other(join)->link->ops->end_output;
    while ((other = find_to_end(peer)))
        hub_end_output(other);
    return will_end;
}

void join_heed_end(struct peer *peer)
{
    if (hears_no_more(peer))
        hub_end_output(peer);
    if (peer->state == PEER_HALF_CLOSED)
        peer->link->ops->ended(peer->link);
}

/* --- ends --- */

static void tell_part(struct hub *hub, const struct join *join)
{
    if (join->stands)
        hub_tell(hub, &(struct hub_event){
                          .type = HUB_PART, .peer = join->peer, .other = join_other(join)});
}

static void unlink_one(struct hub *hub, struct join *join)
{
    struct peer *peer = join->peer;
    DL_DELETE(extras_need(peer)->joins, join);
    peer->joined = extras_of(peer)->joins != NULL;
    hold_release(hub, &join->hold);
    join_wait_free(join->waiting);
    join->waiting = NULL;
}

struct join *join_take_off(struct hub *hub, struct peer *peer)
{
    struct join *left = NULL, *join;
    while ((join = extras_of(peer)->joins)) {
        struct join *mirror = join->mirror;
        unlink_one(hub, join);
        unlink_one(hub, mirror);
        DL_APPEND(left, mirror);
    }
    extras_tidy(peer);
    DL_FOREACH(left, join)
        tell_part(hub, join->mirror);
    return left;
}

static void free_both(struct join *join)
{
    free(join->mirror);
    free(join);
}

/* Where the other was never reached, that is what is wrong. */
static char *explain(const struct peer *peer, const struct line_end *end)
{
    const char *place = peer->origin->text;
    if (!end->error)
        return NULL;
    if (end->unopened)
        return mem_printf("cannot reach %s: %s", place, end->error);
    return mem_printf("#%" PRIu64 ": %s", peer->number, end->error);
}

static enum close_reason reason_for(const struct line_end *end)
{
    const bool failed = end->reason == CLOSE_TIMEOUT || end->reason == CLOSE_RESET;
    if (end->reason == CLOSE_EVICTED)
        return CLOSE_EOF;
    return end->unopened && failed ? CLOSE_ERROR : end->reason;
}

/* What waits for it goes first, however slowly it reads. */
static void end_gently(struct hub *hub, struct peer *peer, enum close_reason reason,
                       const char *why)
{
    if (peer_queued(peer) == 0 || feed_is_alone(peer) || !peer->link->ops->end_output) {
        hub_close_because(hub, peer, reason, why);
        return;
    }
    struct extras *extras = extras_need(peer);
    extras->ends = true;
    extras->reason = (unsigned char)reason;
    extras_say_why(peer, why);
    hub_end_output(peer);
}

void join_drained(struct hub *hub, struct peer *peer)
{
    if (peer->joined)
        join_look(hub, peer);
    else if (extras_of(peer)->ends && peer_is_up(peer))
        hub_close_because(hub, peer, extras_of(peer)->reason, NULL);
}

static void end_one(struct hub *hub, struct peer *peer, const struct peer *gone,
                    const struct line_end *end, bool lost)
{
    char *why = explain(gone, end);
    const enum close_reason reason = reason_for(end);
    if (lost)
        hub_break(hub, peer, reason, why);
    else
        end_gently(hub, peer, reason, why);
    free(why);
}

/* A line whose both sides end already needs no help, as long as nothing is wrong. */
static bool ends_by_itself(const struct peer *peer)
{
    return peer->state == PEER_HALF_CLOSED && peer->output_ended;
}

static void end_other(struct hub *hub, const struct join *join, const struct peer *gone,
                      const struct line_end *end, bool lost)
{
    struct peer *peer = join->peer;
    const bool stays = peer->joined || join->device;
    const bool breaks = lost && !join->mirror->device;
    if (hears_no_more(peer))
        hub_end_output(peer);
    if (stays || (ends_by_itself(peer) && !breaks))
        extras_tidy(peer);
    else if (peer_is_up(peer) || peer->state == PEER_CONNECTING)
        end_one(hub, peer, gone, end, breaks);
}

void join_end_all(struct hub *hub, struct join *left, const struct peer *peer,
                  const struct line_end *end, bool lost)
{
    struct join *join, *next;
    DL_FOREACH_SAFE(left, join, next) {
        end_other(hub, join, peer, end, lost);
        free_both(join);
    }
}

unsigned join_part(struct hub *hub, struct peer *peer)
{
    unsigned count = 0;
    struct join *left = join_take_off(hub, peer), *join, *next;
    DL_FOREACH_SAFE(left, join, next) {
        struct peer *other = join->peer;
        count++;
        free_both(join);
        extras_tidy(other);
        join_heed_end(other);
    }
    join_heed_end(peer);
    return count;
}

void join_free_all(struct peer *peer)
{
    struct join *join, *next;
    DL_FOREACH_SAFE(extras_of(peer)->joins, join, next) {
        join_wait_free(join->waiting);
        free(join);
    }
}
