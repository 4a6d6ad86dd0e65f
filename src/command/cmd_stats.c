/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    struct stats_figure figures[STATS_FIGURES_MAX];
    struct result result = {.type = RESULT_STATS, .first = true};
    (void)arguments;
    result.stats.figures = figures;
    result.stats.count = stats_collect(session->hub, figures);
    result.stats.started = session->hub->stats.started;
    operator_result(session, &result);
}

const struct command cmd_stats = {
    .name = "stats",
    .arguments = "",
    .summary = "show the counters since start",
    .help = "Peers now and ever, messages and bytes in and out, automatic replies and\n"
            "those held back, refused peers, drops by the kernel, bytes waiting to be\n"
            "sent, turns of the event loop.\n",
    .read_only = true,
    .run = run,
};
