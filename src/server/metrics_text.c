/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics_text.h"

#include <inttypes.h>

#include "core/hub.h"

static void append_figure(const struct stats_figure *figure, UT_string *out)
{
    const char *end = figure->gauge ? "" : "_total";
    if (figure->word) {
        utstring_printf(out,
                        "# HELP telex_%s %s\n"
                        "# TYPE telex_%s gauge\n"
                        "telex_%s{part=\"%s\"} 1\n",
                        figure->name, figure->help, figure->name, figure->name, figure->word);
        return;
    }
    utstring_printf(out,
                    "# HELP telex_%s%s %s\n"
                    "# TYPE telex_%s%s %s\n"
                    "telex_%s%s %" PRIu64 "\n",
                    figure->name, end, figure->help, figure->name, end,
                    figure->gauge ? "gauge" : "counter", figure->name, end, figure->value);
}

void metrics_text(const struct hub *hub, UT_string *out)
{
    struct stats_figure figures[STATS_FIGURES_MAX];
    unsigned count = stats_collect(hub, figures);
    int64_t started = hub->stats.started;
    for (unsigned i = 0; i < count; i++)
        append_figure(&figures[i], out);
    utstring_printf(out,
                    "# HELP telex_start_time_seconds start, in seconds since the epoch\n"
                    "# TYPE telex_start_time_seconds gauge\n"
                    "telex_start_time_seconds %" PRId64 ".%06d\n",
                    started / 1000000, (int)(started % 1000000));
}
