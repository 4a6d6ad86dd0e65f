/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether somebody is still at the far end of a TCP line, by what the kernel says of it
 * (TCP_INFO, tcp(7)). For lines with bytes on their way: the kernel's keepalive probes are for
 * idle ones.
 */
#ifndef TELEX_TRANSPORT_LIFELINE_H
#define TELEX_TRANSPORT_LIFELINE_H

#include <stdbool.h>
#include <stdint.h>

struct tcp_info;

/* What is remembered of one line from look to look. Zeros are a line that answers. */
struct lifeline {
    bool silent;   /* at the last look the kernel was repeating itself */
    int64_t since; /* when that was first seen, microseconds */
};

/* Whether the kernel holds bytes that the far end has not acknowledged. */
bool lifeline_waits(const struct tcp_info *info);
/*
 * One look, at now: whether nothing has come for as long as keepalive, though the kernel has
 * asked again and again. A far end that takes nothing, but says so, lives. Both microseconds.
 */
bool lifeline_is_dead(struct lifeline *line, const struct tcp_info *info, int64_t now,
                      int64_t keepalive);

#endif
