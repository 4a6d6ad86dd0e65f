/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "core/modem.h"
#include "core/roster.h"
#include "core/transfer.h"

static int64_t now(void *context)
{
    const struct fake *fake = context;
    return fake->now;
}

/* Time passes while jobs run, where the test says so. */
static int64_t clock_now(void *context)
{
    struct fake *fake = context;
    fake->clock += fake->pace;
    return fake->now + fake->clock;
}

static enum part enter(void *context, enum part part)
{
    struct fake *fake = context;
    const enum part former = fake->part;
    fake->part = part;
    return former;
}

static int64_t wall(void *context)
{
    const struct fake *fake = context;
    return fake->wall;
}

static void alarm_after(void *context, struct alarm *alarm, int64_t delay)
{
    struct fake *fake = context;
    alarms_set(&fake->alarms, alarm, fake->now + delay);
    fake->last_alarm = alarm;
    fake->alarm = delay;
}

static void defer(void *context, struct job *job)
{
    struct fake *fake = context;
    jobs_add(&fake->deferred, job);
    fake->defers++;
}

static void later(void *context, struct job *job)
{
    struct fake *fake = context;
    jobs_add(&fake->later, job);
    fake->laters++;
}

/* --- the observer: one writer for each type of event --- */

static void write_listener(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " %u %s", event->listener->number, event->listener->origin.text);
}

static void write_message(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " ");
    escape_bytes(out, event->message.data, event->message.size);
    if (event->message.partial)
        utstring_printf(out, " (partial)");
    for (size_t i = 0; i < event->message.to.count; i++)
        utstring_printf(out, "%s#%" PRIu64, i == 0 ? " to " : ",",
                        message_to(&event->message.to, i));
}

static void write_sent(UT_string *out, const struct hub_event *event)
{
    write_message(out, event);
    if (event->message.automatic)
        utstring_printf(out, " by auto");
    else
        utstring_printf(out, " by %u", event->message.console);
}

static void write_error(UT_string *out, const char *error)
{
    if (error)
        utstring_printf(out, " error %s", error);
}

static void write_close(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " %s received %" PRIu64 " sent %" PRIu64 " unsent %" PRIu64,
                    close_reason_name(event->close.reason), event->close.received,
                    event->close.sent, event->close.unsent);
    write_error(out, event->close.error);
}

static void write_refused(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " %s %s %" PRIu64, event->refused.remote,
                    refusal_name(event->refused.why), event->refused.count);
}

static void write_name(UT_string *out, const struct hub_event *event)
{
    if (event->peer->name)
        utstring_printf(out, " %s", event->peer->name);
}

static void write_file(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " %s %" PRIu64 " of %" PRIu64, event->file.path, event->file.bytes,
                    event->file.size);
    write_error(out, event->file.error);
}

static void write_console(UT_string *out, const struct hub_event *event)
{
    static const char *const states[] = {"attached", "left", "says"};
    const struct console_news *news = &event->console;
    utstring_printf(out, " %u %s uid %u%s", news->console, states[news->state],
                    (unsigned)news->uid, news->read_only ? " read" : "");
    if (news->text)
        utstring_printf(out, " %s", news->text);
}

static void write_other(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " #%" PRIu64, event->other->number);
}

static void write_note(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " %s", event->note);
}

static void write_lines(UT_string *out, const struct hub_event *event)
{
    utstring_printf(out, " ");
    modem_print(out, MODEM_THEIRS, event->lines);
}

static void (*const writers[HUB_EVENT_TYPES])(UT_string *, const struct hub_event *) = {
    [HUB_LISTENING] = write_listener, [HUB_UNLISTENING] = write_listener,
    [HUB_MESSAGE] = write_message,    [HUB_SENT] = write_sent,
    [HUB_NOTE] = write_note,          [HUB_CLOSE] = write_close,
    [HUB_REFUSED] = write_refused,    [HUB_NAME] = write_name,
    [HUB_FILE] = write_file,          [HUB_CONSOLE] = write_console,
    [HUB_JOIN] = write_other,         [HUB_PART] = write_other,
    [HUB_LINE] = write_lines,
};

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct fake *fake = (struct fake *)((char *)observer - offsetof(struct fake, observer));
    utstring_printf(&fake->events, "%s", hub_event_name(event->type));
    if (event->peer)
        utstring_printf(&fake->events, " #%" PRIu64, event->peer->number);
    if (writers[event->type])
        writers[event->type](&fake->events, event);
    utstring_printf(&fake->events, "\n");
}

const char *fake_take(struct fake *fake)
{
    utstring_clear(&fake->taken);
    utstring_concat(&fake->taken, &fake->events);
    utstring_clear(&fake->events);
    return utstring_body(&fake->taken);
}

/* --- the world --- */

void fake_init(struct fake *fake)
{
    *fake = (struct fake){.now = 1000000, .wall = FAKE_WALL};
    utstring_init(&fake->events);
    utstring_init(&fake->taken);
    const struct host host = {.context = fake,
                              .turns = &fake->turns,
                              .now = now,
                              .clock = clock_now,
                              .enter = enter,
                              .wall = wall,
                              .defer = defer,
                              .later = later,
                              .alarm = alarm_after};
    const struct hub_settings settings = {.max_queue = FAKE_MAX_QUEUE, .drain = FAKE_DRAIN};
    hub_init(&fake->hub, &host, &settings);
    fake->observer.notice = notice;
    fake->observer.wants = OBSERVER_ALL;
    audience_join(&fake->hub.audience, &fake->observer);
}

void fake_finish(struct fake *fake)
{
    audience_leave(&fake->hub.audience, &fake->observer);
    hub_finish(&fake->hub);
    struct fake_link *link, *next;
    LL_FOREACH_SAFE(fake->links, link, next) {
        fake_link_free(link);
    }
    utstring_done(&fake->events);
    utstring_done(&fake->taken);
}

struct listener *fake_listen(struct fake *fake, const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    struct listener *listener = listener_create(&endpoint, NULL, &error);
    ck_assert_msg(listener, "%s", error);
    struct origin *origin = &listener->origin;
    profile_default(&origin->profile, &origin->endpoint, KEY_LISTEN, NULL, EOL_UNSET, -1);
    hub_add_listener(&fake->hub, listener);
    hub_announce_listener(&fake->hub, listener);
    return listener;
}

struct fake_link *fake_attach(struct fake *fake, struct origin *origin)
{
    struct fake_link *link = fake_link_create(&fake->hub, origin->endpoint.scheme);
    LL_APPEND(fake->links, link);
    hub_attach(&fake->hub, &link->link, origin);
    return link;
}

struct fake_link *fake_peer(struct fake *fake, struct listener *listener)
{
    struct fake_link *link = fake_attach(fake, &listener->origin);
    hub_open(&fake->hub, link->link.peer);
    return link;
}

struct fake_link *fake_peer_from(struct fake *fake, struct listener *listener, const char *host,
                                 in_port_t port)
{
    struct fake_link *link = fake_attach(fake, &listener->origin);
    ck_assert(address_parse(host, port, &link->remote));
    hub_open(&fake->hub, link->link.peer);
    return link;
}

struct fake_link *fake_call_by(struct fake *fake, const char *text, const struct agent *agent)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    struct origin *origin = origin_create(&endpoint, NULL, &error);
    ck_assert_msg(origin, "%s", error);
    profile_default(&origin->profile, &origin->endpoint, KEY_CALL, NULL, EOL_UNSET, -1);
    if (agent)
        origin->profile.reply = agent;
    struct fake_link *link = fake_attach(fake, origin);
    origin_release(origin);
    return link;
}

struct fake_link *fake_call(struct fake *fake, const char *endpoint)
{
    return fake_call_by(fake, endpoint, NULL);
}

void fake_turn(struct fake *fake)
{
    fake->laters = fake->defers = 0;
    jobs_run(&fake->later, &fake->hub.host);
    fake->laters += fake->later.first != NULL;
    jobs_run_all(&fake->deferred, &fake->hub.host);
}

void fake_ring(struct fake *fake)
{
    jobs_forget(&fake->last_alarm->job);
    fake->last_alarm->job.run(&fake->last_alarm->job);
}

void fake_pass(struct fake *fake, int64_t microseconds)
{
    const int64_t end = fake->now + microseconds;
    const struct alarm *first;
    while ((first = alarms_first(&fake->alarms)) && first->due <= end) {
        fake->now = first->due > fake->now ? first->due : fake->now;
        alarms_ring(&fake->alarms, fake->now, &fake->hub.host);
        for (int turns = 0; fake->later.first && turns < 1000; turns++)
            fake_turn(fake);
    }
    fake->now = end;
}

bool fake_send_file(struct hub *hub, struct peer *peer, const char *path, char **error)
{
    struct transfer_file *file = transfer_file_open(path, error);
    if (!file)
        return false;
    bool sent = hub_send_opened(hub, peer, file, error);
    transfer_file_release(file);
    return sent;
}

bool fake_is_empty(const struct hub *hub)
{
    return roster_count(&hub->peers) == 0;
}
