/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters since start: plain numbers in one list, which /stats and its help are made from. */
#ifndef TELEX_CORE_STATS_H
#define TELEX_CORE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scheme.h"

/* X(field, "what it counts"): the field's name is the JSON name, telex_<name> Prometheus'. */
#define STATS_COUNTERS(X)                                                                     \
    X(messages_in, "messages received")                                                       \
    X(bytes_in, "bytes received")                                                             \
    X(messages_out, "messages sent")                                                          \
    X(bytes_out, "bytes sent")                                                                \
    X(replies, "automatic replies")                                                           \
    X(suppressed_broadcast, "automatic replies not made: broadcast or multicast destination") \
    X(suppressed_port, "automatic replies not made: source port of a well-known service")     \
    X(suppressed_own, "automatic replies not made: one of our own listeners")                 \
    X(suppressed_rate, "automatic replies not made: too many a second")                       \
    X(suppressed_size, "automatic replies not made: would not fit a datagram")                \
    X(suppressed_queue, "automatic replies not made: no room in the queue")                   \
    X(refused_access, "peers and datagrams refused by the access list")                       \
    X(refused_limit, "peers and datagrams refused by a limit")                                \
    X(refused_proxy, "peers refused for want of a proxy's header")                            \
    X(refused_handshake, "peers refused whose handshake failed")                              \
    X(refused_consoles, "consoles refused by a limit")                                        \
    X(dropped_kernel, "datagrams the kernel dropped before we read them")                     \
    X(dropped_send, "datagrams that the kernel did not take from us")                         \
    X(dropped_join, "messages not passed on to a line: no room, or no frame holds them")

struct stats_peers {
    uint64_t now; /* that are open, or closing */
    uint64_t ever;
};

struct stats {
#define STATS_FIELD(field, help) uint64_t field;
    STATS_COUNTERS(STATS_FIELD)
#undef STATS_FIELD
    struct stats_peers peers[SCHEME_COUNT];
    uint64_t queued; /* bytes in the queues of those that are not dead */
    int64_t started; /* microseconds since the epoch */
};

struct hub;

/* A figure as printed: the counters above, those of each scheme, what is computed on the spot,
 * and the turns of the loop. */
struct stats_figure {
    const char *name;
    const char *help;
    uint64_t value;
    bool gauge;       /* it may fall, or does not count: what is now, a highest mark */
    const char *word; /* in place of a number; else NULL */
};
enum { STATS_FIGURES_MAX = 40 + 2 * SCHEME_COUNT };
/* Fills figures with all there are but started; returns how many. */
unsigned stats_collect(const struct hub *hub, struct stats_figure figures[STATS_FIGURES_MAX]);
/* What the figure of that name counts; NULL where there is none. */
const char *stats_help(const char *name);

#endif
