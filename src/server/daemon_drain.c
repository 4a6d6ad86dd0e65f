/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/daemon_drain.h"

#include "base/cast.h"
#include "base/mem.h"
#include "console/console.h"
#include "console/local.h"
#include "console/text_entry.h"
#include "console/text_line.h"
#include "core/hub.h"
#include "loop/timeout.h"
#include "server/daemon_state.h"

enum {
    DRAIN_FIRST = 250000,  /* microseconds until it is said that somebody is waited for */
    DRAIN_AGAIN = 1000000, /* and then until it is looked whether there are fewer */
    DRAIN_NAMED = 3,       /* peers */
};

struct daemon_drain {
    struct daemon *daemon;
    CAST_MARK;
    struct timeout *look;
    unsigned said; /* how many were waited for when that was said; 0: it was not */
};

static void drain_peer(UT_string *out, const struct peer *peer)
{
    const struct who who = peer_who(peer);
    const uint64_t queued = peer_queued(peer);
    text_peer(out, &who);
    if (queued == 0)
        return;
    utstring_printf(out, " (");
    text_count(out, queued, "byte", "bytes");
    utstring_printf(out, ")");
}

void daemon_drain_text(UT_string *out, const struct hub *hub, int64_t left)
{
    unsigned named = 0;
    utstring_printf(out, "waiting up to ");
    text_duration(out, left);
    utstring_printf(out, " for ");
    const struct peer *peer = hub_next(hub, NULL);
    for (; peer && named < DRAIN_NAMED; peer = hub_next(hub, peer)) {
        utstring_printf(out, "%s", named++ > 0 ? ", " : "");
        drain_peer(out, peer);
    }
    const unsigned living = hub_living(hub);
    if (living > named)
        utstring_printf(out, " and %u more", living - named);
}

static void drain_say(const struct daemon *daemon, int64_t left)
{
    UT_string text;
    utstring_init(&text);
    daemon_drain_text(&text, &daemon->hub, left);
    text_entry_notice(local_base(daemon->console), hub_wall(&daemon->hub),
                      utstring_body(&text));
    utstring_done(&text);
}

static void drain_look_cb(void *context)
{
    struct daemon_drain *drain = CAST(daemon_drain, context);
    const struct daemon *daemon = drain->daemon;
    const int64_t left = daemon->ends - loop_clock();
    const unsigned living = hub_living(&daemon->hub);
    if (left <= 0 || !daemon->console || living == 0)
        return;
    if (living != drain->said)
        drain_say(daemon, left);
    drain->said = living;
    timeout_set(drain->look, DRAIN_AGAIN);
}

struct daemon_drain *daemon_drain_create(struct daemon *daemon)
{
    struct daemon_drain *drain = mem_zalloc(sizeof *drain);
    CAST_INIT(daemon_drain, drain);
    drain->daemon = daemon;
    drain->look =
        timeout_create(&daemon->loop, LOOP_OPERATOR, PART_CONSOLE, drain_look_cb, drain);
    if (daemon->console && local_is_terminal(daemon->console))
        timeout_set(drain->look, DRAIN_FIRST);
    return drain;
}

void daemon_drain_destroy(struct daemon_drain *drain)
{
    if (!drain)
        return;
    timeout_destroy(drain->look);
    free(drain);
}
