/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/connector.h"

#include <stdlib.h>

#include "base/cast.h"
#include "console/diagnostics.h"
#include "fleet/fleet_settings.h"
#include "loop/loop.h"
#include "loop/signals.h"

struct connector {
    const struct fleet_settings *settings;
    CAST_MARK;
    struct loop loop;
    struct diagnostics *diagnostics;
    struct signals *signals;
};

static void terminate(void *context)
{
    struct connector *connector = CAST(connector, context);
    loop_stop(&connector->loop);
}

static void init(struct connector *connector, const struct fleet_settings *settings)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = terminate, .hang_up = terminate};
    *connector = (struct connector){.settings = settings};
    CAST_INIT(connector, connector);
    loop_init(&connector->loop);
    connector->diagnostics = diagnostics_create(&connector->loop);
    connector->signals = signals_create(&connector->loop, &callbacks, connector);
}

static void finish(struct connector *connector)
{
    signals_destroy(connector->signals);
    diagnostics_destroy(connector->diagnostics);
    loop_finish(&connector->loop);
}

int connector_run(const struct fleet_settings *settings)
{
    struct connector connector;
    init(&connector, settings);
    loop_run(&connector.loop);
    finish(&connector);
    return EXIT_SUCCESS;
}
