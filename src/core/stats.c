/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include <string.h>

#include "core/hub.h"

unsigned stats_collect(const struct hub *hub, struct stats_figure figures[STATS_FIGURES_MAX])
{
    const struct turns *turns = hub->host.turns;
    struct stats stats = hub->stats;
    stats.bytes_out -= stats.queued; /* counted when they were queued */
    const struct stats_figure all[] = {
#define PEERS_NOW(name, NAME, form, port, type, users, words) \
    {#name "_peers", words " peers now", stats.peers[SCHEME_##NAME].now, true, NULL},
        SCHEMES(PEERS_NOW)
#undef PEERS_NOW
            {"queued_bytes", "bytes waiting to be sent, now", stats.queued, true, NULL},
        {"memory", "bytes of memory for what waits, of peers and consoles, now",
         hub->budget.held, true, NULL},
#define PEERS_EVER(name, NAME, form, port, type, users, words) \
    {#name "_opened", words " peers ever", stats.peers[SCHEME_##NAME].ever, false, NULL},
#define STATS_COUNTER(field, help) {#field, help, stats.field, false, NULL},
        SCHEMES(PEERS_EVER) STATS_COUNTERS(STATS_COUNTER)
#undef PEERS_EVER
#undef STATS_COUNTER
            {"loop_turns", "turns of the event loop", turns->count, false, NULL},
        {"longest_turn", "longest turn, in microseconds", turns->longest, true, NULL},
        {"longest_turn_in", "part of telexd that took most of that turn", 0, true,
         part_name(turns->longest_in)},
    };
    _Static_assert(sizeof all <= STATS_FIGURES_MAX * sizeof *all, "room for all of them");
    memcpy(figures, all, sizeof all);
    return sizeof all / sizeof *all;
}

const char *stats_help(const char *name)
{
    static const struct turns turns;
    const struct hub nobody = {.host = {.turns = &turns}};
    struct stats_figure figures[STATS_FIGURES_MAX];
    const unsigned count = stats_collect(&nobody, figures);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(figures[i].name, name) == 0)
            return figures[i].help;
    return NULL;
}
