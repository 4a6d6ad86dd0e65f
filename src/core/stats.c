/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include <string.h>

#include "core/hub.h"

/* What there is now. */
enum { NOW_TCP, NOW_UNIX, NOW_UDP, NOW_QUEUED, NOW_MEMORY, NOW_COUNT };

static const struct stats_figure now_figures[NOW_COUNT] = {
    [NOW_TCP] = {"tcp_peers", "TCP peers now", 0, true, NULL},
    [NOW_UNIX] = {"unix_peers", "Unix-socket peers now", 0, true, NULL},
    [NOW_UDP] = {"udp_peers", "UDP peers now", 0, true, NULL},
    [NOW_QUEUED] = {"queued_bytes", "bytes waiting to be sent, now", 0, true, NULL},
    [NOW_MEMORY] = {"memory", "bytes of memory for what waits, of peers and consoles, now", 0,
                    true, NULL},
};

uint64_t *stats_peers_now(struct stats *stats, const char *transport)
{
    if (strcmp(transport, "udp") == 0)
        return &stats->udp_now;
    return strcmp(transport, "unix") == 0 ? &stats->unix_now : &stats->tcp_now;
}

unsigned stats_collect(const struct hub *hub, struct stats_figure figures[STATS_FIGURES_MAX])
{
    struct stats stats = hub->stats;
    memcpy(figures, now_figures, sizeof now_figures);
    figures[NOW_TCP].value = stats.tcp_now;
    figures[NOW_UNIX].value = stats.unix_now;
    figures[NOW_UDP].value = stats.udp_now;
    figures[NOW_QUEUED].value = stats.queued;
    figures[NOW_MEMORY].value = hub->budget.held;
    stats.bytes_out -= stats.queued; /* counted when they were queued */
    const struct stats_figure counters[] = {
#define STATS_COUNTER(field, help) {#field, help, stats.field, false, NULL},
#define STATS_GAUGE(field, help) {#field, help, stats.field, true, NULL},
        STATS_COUNTERS(STATS_COUNTER) STATS_GAUGES(STATS_GAUGE)
#undef STATS_COUNTER
#undef STATS_GAUGE
            {"longest_turn_in", "part of telexd that took most of that turn", 0, true,
             part_name(stats.longest_turn_in)},
    };
    _Static_assert(NOW_COUNT + sizeof counters / sizeof *counters <= STATS_FIGURES_MAX,
                   "STATS_FIGURES_MAX is too small");
    memcpy(figures + NOW_COUNT, counters, sizeof counters);
    return NOW_COUNT + sizeof counters / sizeof *counters;
}
