/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/members.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/nats_settings.h"
#include "fleet/batch.h"
#include "fleet/bus.h"
#include "fleet/event_feed.h"
#include "fleet/subject.h"
#include "loop/loop.h"
#include "loop/timeout.h"

/* Microseconds. */
enum {
    GATHERING = 300000, /* silence, after which all have told that they are there */
    LOOK = 1000000,     /* at who has not been heard of, each time */
    OUT = 15000000,     /* unheard for so long a node is away */
};
enum { MEMBERS_MAX = 16384, PAST_MAX = 1000 /* batches */ };

struct members {
    struct loop *loop;
    CAST_MARK;
    struct host host;
    struct members_hooks hooks;
    struct bus *bus;
    struct bus_subscription *presences;
    struct bus_request *gathering;
    struct event_feed *feed; /* NULL until members_listen */
    struct member *all;      /* uthash */
    struct timeout *look;
    uint64_t last;
    bool lost_said;
};

/* --- who is there --- */

struct member *members_find(const struct members *members, const char *name)
{
    struct member *member;
    HASH_FIND_STR(members->all, name, member);
    return member;
}

static struct member *meet(struct members *members, const char *name)
{
    struct member *member = members_find(members, name);
    if (member || HASH_COUNT(members->all) >= MEMBERS_MAX)
        return member;
    member = mem_zalloc(sizeof *member);
    CAST_INIT(member, member);
    member->members = members;
    snprintf(member->name, sizeof member->name, "%s", name);
    HASH_ADD_STR(members->all, name, member);
    return member;
}

static void announce(struct member *member, const json_t *presence, const char *run)
{
    struct members *members = member->members;
    const char *version = fields_string(presence, "version");
    const bool anew = strcmp(member->run, run) != 0, news = anew || !member->here;
    if (anew)
        memcpy(member->before, member->run, sizeof member->before);
    snprintf(member->run, sizeof member->run, "%s", run);
    free(member->version);
    member->version = mem_strdup(version ? version : "?");
    fields_unsigned(presence, "console", &member->console);
    member->here = true;
    member->heard = members->host.now(members->host.context);
    if (news)
        members->hooks.came(members->hooks.context, member);
}

/* No node speaks for another: its own subject says whose it is. An answer has none, and so
 * tells only of who was not there. */
static void take_presence(struct members *members, const struct bus_message *message)
{
    struct subject subject;
    json_t *presence = json_loadb(message->data, message->size, 0, NULL);
    const char *name = fields_name(presence, "node"), *run = fields_string(presence, "run");
    const bool is_its_own = subject_read(message->subject, &subject);
    const bool own = !is_its_own || (name && strcmp(subject.node, name) == 0);
    struct member *member = name && run && own ? meet(members, name) : NULL;
    if (member && (is_its_own || !member->here))
        announce(member, presence, run);
    json_decref(presence);
}

static void receive_presence(void *context, const struct bus_message *message)
{
    take_presence(CAST(members, context), message);
}

static void gather(void *context, const struct bus_message *message)
{
    struct members *members = CAST(members, context);
    if (message && message->status == 0) {
        take_presence(members, message);
        return;
    }
    if (message)
        bus_request_end(members->gathering);
    members->gathering = NULL;
    if (bus_is_connected(members->bus))
        members->hooks.gathered(members->hooks.context);
}

static void look_cb(void *context)
{
    struct members *members = CAST(members, context);
    const int64_t now = members->host.now(members->host.context);
    struct member *member, *next;
    timeout_set(members->look, LOOK);
    HASH_ITER(hh, members->all, member, next) {
        if (!member->here || now - member->heard < OUT)
            continue;
        member->here = false;
        members->hooks.left(members->hooks.context, member);
    }
}

/* --- what happens there --- */

static void tell(struct member *member, struct member_event *event, bool lost)
{
    const struct members *members = member->members;
    json_t *object = json_loadb(event->line, event->size, 0, NULL);
    uint64_t seq = 0;
    const bool counted = fields_unsigned(object, "seq", &seq);
    json_decref(object);
    if (object && (lost || (counted && seen_runs_take(&member->seen, event->run, seq))))
        members->hooks.event(members->hooks.context, member, event);
}

static void receive_batch(void *context, const struct event_batch *batch)
{
    struct members *members = CAST(members, context);
    const char *at = batch->data, *end = at + batch->size;
    struct subject subject;
    char run[EVENT_RUN_ROOM];
    struct member *member = NULL;
    if (subject_read(batch->subject, &subject) && batch_id_run(batch->id, run))
        member = meet(members, subject.node);
    while (member && at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct member_event event = {.line = at,
                                     .size = (size_t)((newline ? newline : end) - at),
                                     .run = run,
                                     .past = batch->past,
                                     .lost = subject.kind == SUBJECT_LOST};
        tell(member, &event, event.lost);
        at += event.size + 1;
    }
}

static void caught_up(void *context)
{
    const struct members *members = CAST(members, context);
    members->hooks.caught_up(members->hooks.context);
}

static bool is_full(void *context)
{
    const struct members *members = CAST(members, context);
    return members->hooks.is_full(members->hooks.context);
}

void members_listen(struct members *members)
{
    const struct event_feed_hooks hooks = {
        .context = members, .batch = receive_batch, .caught_up = caught_up, .is_full = is_full};
    if (members->feed)
        return;
    members->feed = event_feed_create(members->loop, members->bus, members->last, &hooks);
    event_feed_connected(members->feed);
}

/* --- the broker --- */

static void say(struct members *members, const char *text, const char *words)
{
    char *whole = mem_printf("%s%s", text, words);
    members->hooks.says(members->hooks.context, whole);
    free(whole);
}

/* Nobody is away because we could not hear. */
static void hear_anew(struct members *members)
{
    struct member *member, *next;
    HASH_ITER(hh, members->all, member, next) {
        member->heard = members->host.now(members->host.context);
    }
}

static void connected(void *context, const char *server)
{
    struct members *members = CAST(members, context);
    const struct bus_post who = {.subject = SUBJECT_WHO, .data = "", .size = 0};
    if (members->lost_said)
        say(members, "connected again to ", server);
    members->lost_said = false;
    hear_anew(members);
    timeout_set(members->look, LOOK);
    members->gathering = bus_ask(members->bus, &who, GATHERING, gather, members);
    if (members->feed)
        event_feed_connected(members->feed);
}

static void lost(void *context, const char *why)
{
    struct members *members = CAST(members, context);
    timeout_stop(members->look);
    members->gathering = NULL;
    if (why && !members->lost_said)
        say(members, why, "; trying again");
    members->lost_said = true;
}

static void complains(void *context, const char *why)
{
    struct members *members = CAST(members, context);
    members->hooks.says(members->hooks.context, why);
}

/* --- its life --- */

struct members *members_create(struct loop *loop, const struct nats_settings *settings,
                               uint64_t last, const struct members_hooks *hooks)
{
    struct members *members = mem_zalloc(sizeof *members);
    const struct bus_settings bus = {.servers = settings->url,
                                     .name = "telex attach",
                                     .credentials = settings->creds,
                                     .ca = settings->ca,
                                     .certificate = settings->cert,
                                     .key = settings->key};
    const struct bus_hooks bus_hooks = {
        .context = members, .connected = connected, .lost = lost, .complains = complains};
    char *error = NULL;
    CAST_INIT(members, members);
    members->loop = loop;
    members->host = loop_host(loop);
    members->hooks = *hooks;
    members->last = last < PAST_MAX ? last : PAST_MAX;
    members->look = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, look_cb, members);
    members->bus = bus_create(loop, &bus, &bus_hooks, &error);
    if (!members->bus) {
        log_error("%s", error);
        free(error);
        members_destroy(members);
        return NULL;
    }
    members->presences =
        bus_subscribe(members->bus, SUBJECT_PRESENCES, receive_presence, members);
    return members;
}

void members_destroy(struct members *members)
{
    struct member *member, *next;
    if (!members)
        return;
    event_feed_destroy(members->feed);
    bus_destroy(members->bus);
    timeout_destroy(members->look);
    HASH_ITER(hh, members->all, member, next) {
        HASH_DEL(members->all, member);
        free(member->version);
        free(member);
    }
    free(members);
}

struct bus *members_bus(struct members *members)
{
    return members->bus;
}
