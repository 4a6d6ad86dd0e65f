/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/connector.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_find.h"
#include "console/diagnostics.h"
#include "fleet/bus.h"
#include "fleet/commands.h"
#include "fleet/events.h"
#include "fleet/fleet_settings.h"
#include "loop/loop.h"
#include "loop/signals.h"

/* For what was said last to be on its way: milliseconds. */
enum { FAREWELL = 500 };

struct connector {
    const struct fleet_settings *settings;
    CAST_MARK;
    struct attach_place place; /* of its telexd */
    struct loop loop;
    struct diagnostics *diagnostics;
    struct signals *signals;
    struct bus *bus;
    struct commands *commands;
    struct events *events;
};

/* --- the bus --- */

static void connected(void *context, const char *server)
{
    const struct connector *connector = CAST(connector, context);
    log_error("connected to %s", server);
    commands_connected(connector->commands);
    events_connected(connector->events);
}

static void lost(void *context, const char *why)
{
    const struct connector *connector = CAST(connector, context);
    events_lost(connector->events);
    if (why)
        log_error("%s; trying again", why);
}

static void complains(void *context, const char *why)
{
    (void)context;
    log_error("the nats-server says: %s", why);
}

static void drained(void *context)
{
    const struct connector *connector = CAST(connector, context);
    commands_drained(connector->commands);
    events_drained(connector->events);
}

/* Answers come to the node's own inbox, so that rights can keep them from other nodes. */
static bool open_bus(struct connector *connector)
{
    const struct nats_settings *nats = &connector->settings->nats;
    const struct bus_hooks hooks = {.context = connector,
                                    .connected = connected,
                                    .lost = lost,
                                    .complains = complains,
                                    .drained = drained};
    char *name = mem_printf("telex fleet %s", connector->settings->node), *error = NULL;
    char *inbox = mem_printf("_INBOX.%s", connector->settings->node);
    const struct bus_settings settings = {.servers = nats->url,
                                          .name = name,
                                          .credentials = nats->creds,
                                          .ca = nats->ca,
                                          .certificate = nats->cert,
                                          .key = nats->key ? nats->key : nats->cert,
                                          .inbox = inbox};
    connector->bus = bus_create(&connector->loop, &settings, &hooks, &error);
    if (!connector->bus)
        log_error("%s", error);
    free(error);
    free(name);
    free(inbox);
    return connector->bus != NULL;
}

/* --- */

static void terminate(void *context)
{
    struct connector *connector = CAST(connector, context);
    loop_stop(&connector->loop);
}

static void init(struct connector *connector, const struct fleet_settings *settings)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = terminate, .hang_up = terminate};
    *connector = (struct connector){
        .settings = settings,
        .place = {.path = settings->control, .tries_service = settings->tries_service}};
    CAST_INIT(connector, connector);
    loop_init(&connector->loop);
    connector->diagnostics = diagnostics_create(&connector->loop);
    connector->signals = signals_create(&connector->loop, &callbacks, connector);
}

static void event_read(void *context, const char *run, uint64_t seq)
{
    const struct connector *connector = CAST(connector, context);
    commands_seq(connector->commands, run, seq);
}

static bool begin(struct connector *connector)
{
    if (!open_bus(connector))
        return false;
    connector->commands = commands_create(&connector->loop, connector->bus,
                                          connector->settings->node, &connector->place);
    connector->events = events_create(&connector->loop, connector->bus, connector->settings,
                                      &connector->place, event_read, connector);
    return true;
}

static void finish(struct connector *connector)
{
    if (connector->events)
        events_flush(connector->events);
    events_destroy(connector->events);
    commands_destroy(connector->commands);
    if (connector->bus)
        bus_flush(connector->bus, FAREWELL);
    bus_destroy(connector->bus);
    signals_destroy(connector->signals);
    diagnostics_destroy(connector->diagnostics);
    loop_finish(&connector->loop);
}

int connector_run(const struct fleet_settings *settings)
{
    struct connector connector;
    init(&connector, settings);
    const bool good = begin(&connector);
    if (good)
        loop_run(&connector.loop);
    finish(&connector);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
