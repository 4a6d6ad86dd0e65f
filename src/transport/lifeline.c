/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/lifeline.h"

#include <linux/tcp.h> /* the C library's tcp_info ends too early */

/* One packet gets lost on a line that lives. */
enum { REPEATS_LEAST = 2 };

bool lifeline_waits(const struct tcp_info *info)
{
    return info->tcpi_unacked > 0 || info->tcpi_notsent_bytes > 0;
}

/* Bytes sent again, or questions whether a reader that had no room has some; an answer to
 * either makes it 0. */
static unsigned repeats(const struct tcp_info *info)
{
    return (unsigned)info->tcpi_retransmits + info->tcpi_probes;
}

/*
 * The last acknowledgement alone does not tell: before these bytes the line may have been idle.
 * Nor do repeats seen twice: it may have answered in between.
 */
bool lifeline_is_dead(struct lifeline *line, const struct tcp_info *info, int64_t now,
                      int64_t keepalive)
{
    const int64_t unheard = (int64_t)info->tcpi_last_ack_recv * 1000;
    if (!line->silent)
        line->since = now;
    line->silent = repeats(info) > 0;
    return repeats(info) >= REPEATS_LEAST && now - line->since >= keepalive &&
           unheard >= keepalive;
}
