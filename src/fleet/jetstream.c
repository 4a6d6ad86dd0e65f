/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/jetstream.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "fleet/jetstream_api.h"
#include "fleet/jetstream_config.h"

/* How long to wait after an answer that does not help: microseconds. */
enum { PAUSE = 1000000 };
/* Replicas, where there are so many servers: one may be away. */
enum { REPLICAS = 3 };

struct jetstream {
    struct jetstream_api api;
    CAST_MARK;
    struct jetstream_settings settings;
    jetstream_ready *ready;
    void *context;
    unsigned replicas; /* to make it with */
};

static void take_last(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    struct jetstream_last last = {0};
    if (message && message->status == 0)
        jetstream_read_last(self->settings.node, message->data, message->size, &last);
    const int code = jetstream_api_take(&self->api, message, JETSTREAM_NO_MESSAGE, 0);
    if (code != 0 && code != JETSTREAM_NO_MESSAGE)
        return;
    jetstream_api_done(&self->api);
    self->ready(self->context, &last);
}

static void ask_last(struct jetstream *self)
{
    char *text = mem_printf("{\"last_by_subj\":\"telex.e.%s.>\"}", self->settings.node);
    jetstream_api_ask(&self->api, "$JS.API.STREAM.MSG.GET." SUBJECT_STREAM, text, take_last,
                      self);
    free(text);
}

static void make(struct jetstream *self);

/* Where other servers are missing, one is enough; another node may have been faster. */
static void take_made(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    const int code =
        jetstream_api_take(&self->api, message, self->replicas > 1 ? JETSTREAM_NO_CLUSTER : 0,
                           self->replicas > 1 ? JETSTREAM_NO_PEERS : JETSTREAM_NAME_IN_USE);
    if (code == JETSTREAM_NO_CLUSTER || code == JETSTREAM_NO_PEERS) {
        self->replicas = 1;
        make(self);
    } else if (code == 0 || code == JETSTREAM_NAME_IN_USE) {
        ask_last(self);
    }
}

static void make(struct jetstream *self)
{
    char *config = jetstream_config_own(&self->settings, self->replicas);
    jetstream_api_ask(&self->api, "$JS.API.STREAM.CREATE." SUBJECT_STREAM, config, take_made,
                      self);
    free(config);
}

static void take_found(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    const int code = jetstream_api_take(&self->api, message, JETSTREAM_NO_STREAM, 0);
    self->replicas = REPLICAS;
    if (code == JETSTREAM_NO_STREAM)
        make(self);
    else if (code == 0)
        ask_last(self);
}

static void look_cb(void *context)
{
    struct jetstream *self = CAST(jetstream, context);
    jetstream_api_ask(&self->api, "$JS.API.STREAM.INFO." SUBJECT_STREAM, "", take_found, self);
}

struct jetstream *jetstream_create(struct loop *loop, struct bus *bus,
                                   const struct jetstream_settings *settings,
                                   jetstream_ready *ready, void *context)
{
    struct jetstream *self = mem_zalloc(sizeof *self);
    CAST_INIT(jetstream, self);
    self->api = (struct jetstream_api){.bus = bus,
                                       .trouble = "NATS keeps no events of this node",
                                       .end = "NATS keeps the events of this node",
                                       .nobody = "JetStream is not on there, or not ready",
                                       .pause = PAUSE};
    self->settings = *settings;
    self->ready = ready;
    self->context = context;
    jetstream_api_init(&self->api, loop, look_cb, self);
    return self;
}

void jetstream_destroy(struct jetstream *self)
{
    if (!self)
        return;
    jetstream_api_finish(&self->api);
    free(self);
}

void jetstream_stop(struct jetstream *self)
{
    jetstream_api_stop(&self->api);
}

void jetstream_look(struct jetstream *self, int64_t pause)
{
    jetstream_api_begin(&self->api, pause);
}
