/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/jetstream.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "fleet/bus.h"
#include "fleet/jetstream_config.h"
#include "loop/timeout.h"

/* How long an answer may take, and how long to wait after one that does not help. */
enum { PATIENCE = 5000000, PAUSE = 1000000 /* microseconds */ };
/* Replicas, where there are so many servers: one may be away. */
enum { REPLICAS = 3 };

struct jetstream {
    struct bus *bus;
    CAST_MARK;
    struct jetstream_settings settings;
    jetstream_ready *ready;
    void *context;
    struct bus_request *request; /* the one question that is under way, or NULL */
    struct timeout *later;       /* until the stream is looked for */
    unsigned replicas;           /* to make it with */
    char *said;                  /* what was said last, until it is ready */
};

/* Each trouble once. It is looked for again. */
static void complain(struct jetstream *self, const char *why)
{
    timeout_set(self->later, PAUSE);
    if (self->said && strcmp(self->said, why) == 0)
        return;
    log_error("NATS keeps no events of this node: %s", why);
    free(self->said);
    self->said = mem_strdup(why);
}

static void ask(struct jetstream *self, const char *subject, const char *text,
                bus_answer *answer)
{
    struct bus_post post = {.subject = subject, .data = text, .size = strlen(text)};
    self->request = bus_ask(self->bus, &post, PATIENCE, answer, self);
    if (!self->request)
        timeout_set(self->later, PAUSE);
}

/*
 * The code of the error that the answer to the question under way tells, said unless it is one
 * of both that are expected; JETSTREAM_UNREADABLE where there is none at all.
 */
static int take(struct jetstream *self, const struct bus_message *message, int expected,
                int also)
{
    char *why = NULL;
    int code = JETSTREAM_UNREADABLE;
    if (message)
        bus_request_end(self->request);
    self->request = NULL;
    if (!message && !bus_is_connected(self->bus))
        return code; /* until it is */
    if (!message)
        why = mem_strdup("JetStream does not answer");
    else if (message->status == 503)
        why = mem_strdup("JetStream is not on there, or has no place for them now");
    else
        code = jetstream_error(message->data, message->size, &why);
    if (code != 0 && code != expected && code != also)
        complain(self, why);
    free(why);
    return code;
}

static void take_last(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    struct jetstream_last last = {0};
    if (message && message->status == 0)
        jetstream_read_last(self->settings.node, message->data, message->size, &last);
    const int code = take(self, message, JETSTREAM_NO_MESSAGE, 0);
    if (code != 0 && code != JETSTREAM_NO_MESSAGE)
        return;
    if (self->said)
        log_error("NATS keeps the events of this node");
    free(self->said);
    self->said = NULL;
    self->ready(self->context, &last);
}

static void ask_last(struct jetstream *self)
{
    char *text = mem_printf("{\"last_by_subj\":\"telex.e.%s.>\"}", self->settings.node);
    ask(self, "$JS.API.STREAM.MSG.GET." SUBJECT_STREAM, text, take_last);
    free(text);
}

static void make(struct jetstream *self);

/* Where other servers are missing, one is enough; another node may have been faster. */
static void take_made(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    const int code = take(self, message, self->replicas > 1 ? JETSTREAM_NO_CLUSTER : 0,
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
    ask(self, "$JS.API.STREAM.CREATE." SUBJECT_STREAM, config, take_made);
    free(config);
}

static void take_found(void *context, const struct bus_message *message)
{
    struct jetstream *self = CAST(jetstream, context);
    const int code = take(self, message, JETSTREAM_NO_STREAM, 0);
    self->replicas = REPLICAS;
    if (code == JETSTREAM_NO_STREAM)
        make(self);
    else if (code == 0)
        ask_last(self);
}

static void look_cb(void *context)
{
    struct jetstream *self = CAST(jetstream, context);
    ask(self, "$JS.API.STREAM.INFO." SUBJECT_STREAM, "", take_found);
}

struct jetstream *jetstream_create(struct loop *loop, struct bus *bus,
                                   const struct jetstream_settings *settings,
                                   jetstream_ready *ready, void *context)
{
    struct jetstream *self = mem_zalloc(sizeof *self);
    CAST_INIT(jetstream, self);
    self->bus = bus;
    self->settings = *settings;
    self->ready = ready;
    self->context = context;
    self->later = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, look_cb, self);
    return self;
}

void jetstream_destroy(struct jetstream *self)
{
    if (!self)
        return;
    jetstream_stop(self);
    timeout_destroy(self->later);
    free(self->said);
    free(self);
}

void jetstream_stop(struct jetstream *self)
{
    bus_request_end(self->request);
    self->request = NULL;
    timeout_stop(self->later);
}

void jetstream_look(struct jetstream *self, int64_t pause)
{
    jetstream_stop(self);
    timeout_set(self->later, pause);
}
