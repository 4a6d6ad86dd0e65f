/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/redial.h"
#include "fleet/bus_line.h"
#include "fleet/bus_queue.h"
#include "fleet/bus_request.h"
#include "loop/thread.h"
#include "loop/watch.h"

enum { PAUSE_FIRST = 100000, PAUSE_MOST = 2000000 /* microseconds */ };

struct bus_subscription {
    struct bus *bus;
    uint64_t number;
    char *subject;
    bus_receive *receive;
    void *context;
    UT_hash_handle hh; /* by number */
};

struct bus {
    struct bus_hooks hooks;
    CAST_MARK;
    struct loop *loop;
    struct bus_options *options;
    struct thread *thread;
    struct bus_queue *queue;
    struct watch *come, *done;
    struct redial *redial;
    struct bus_line *line; /* NULL: a pause, before it is tried again */
    uint64_t numbers;      /* given so far */
    uint64_t line_number;
    size_t most;     /* bytes of a message; 0: not connected */
    char *server;    /* that it is connected to, or was last */
    size_t out;      /* bytes that wait for the thread */
    char *lost;      /* why, as it was told last; NULL after a connection stood */
    char *complaint; /* as it was told last, or NULL */
    struct bus_subscription *subscriptions; /* uthash */
    struct bus_requests *requests;
};

static void dial(void *context)
{
    struct bus *bus = CAST(bus, context);
    bus->line_number = ++bus->numbers;
    bus->line = bus_line_create(bus->thread, bus->options, bus->queue, bus->line_number);
}

static void stand(struct bus *bus, const struct bus_item *item)
{
    struct bus_subscription *each, *next;
    bus->most = item->most;
    free(bus->lost);
    bus->lost = NULL;
    free(bus->server);
    bus->server = mem_strdup(item->text);
    HASH_ITER(hh, bus->subscriptions, each, next)
        bus_line_subscribe(bus->line, each->number, each->subject);
    bus->hooks.connected(bus->hooks.context, item->text);
}

static void lose(struct bus *bus, const struct bus_item *item)
{
    const bool stood = bus->most > 0;
    char *why = stood ? mem_printf("lost NATS at %s: %s", bus->server, item->text)
                      : mem_strdup(item->text);
    const bool told = bus->lost && strcmp(bus->lost, why) == 0;
    bus_line_close(bus->line);
    bus->line = NULL;
    bus->most = 0;
    free(bus->lost);
    bus->lost = why;
    redial_later(bus->redial, stood);
    bus_requests_lose(bus->requests);
    bus->hooks.lost(bus->hooks.context, told ? NULL : bus->lost);
}

static void complain(struct bus *bus, struct bus_item *item)
{
    bus_requests_refuse(bus->requests, item->text);
    if (!bus->hooks.complains || (bus->complaint && strcmp(bus->complaint, item->text) == 0))
        return;
    free(bus->complaint);
    bus->complaint = item->text;
    item->text = NULL;
    bus->hooks.complains(bus->hooks.context, bus->complaint);
}

static void deliver(struct bus *bus, const struct bus_item *item)
{
    struct bus_message message;
    struct bus_subscription *subscription;
    HASH_FIND(hh, bus->subscriptions, &item->of, sizeof item->of, subscription);
    if (!subscription)
        return;
    bus_line_read(item->handle, &message);
    subscription->receive(subscription->context, &message);
}

static void tell(struct bus *bus, struct bus_item *item)
{
    if (item->kind == BUS_ITEM_MESSAGE)
        deliver(bus, item);
    else if (!bus->line || item->of != bus->line_number)
        return; /* of a connection that was given up */
    else if (item->kind == BUS_ITEM_CONNECTED)
        stand(bus, item);
    else if (item->kind == BUS_ITEM_LOST)
        lose(bus, item);
    else
        complain(bus, item);
}

/* What is left keeps the queue readable, for the next turn. */
static void come_cb(void *context)
{
    struct bus *bus = CAST(bus, context);
    const int64_t end = loop_clock() + JOBS_SLICE;
    struct bus_item *item;
    while ((item = bus_queue_take(bus->queue))) {
        tell(bus, item);
        bus_item_free(item);
        if (loop_clock() >= end)
            return;
    }
}

static void done_cb(void *context)
{
    struct bus *bus = CAST(bus, context);
    const size_t most = BUS_OUT_MAX / 4, before = bus->out;
    bus->out -= bus_line_done(bus->thread);
    if (before >= most && bus->out < most && bus->hooks.drained)
        bus->hooks.drained(bus->hooks.context);
}

static bool start(struct bus *bus, char **error)
{
    bus->thread = thread_create();
    bus->queue = bus->thread ? bus_queue_create(BUS_IN_MAX) : NULL;
    if (bus->queue)
        return true;
    *error = mem_printf("cannot start a thread for NATS: %s", strerror(errno));
    thread_destroy(bus->thread);
    return false;
}

static struct watch *watch(struct bus *bus, int fd, void (*ready)(void *context))
{
    struct watch *made =
        watch_create(bus->loop, fd, WATCH_READ, LOOP_PEERS, PART_CONSOLE, ready, bus);
    watch_start(made);
    return made;
}

struct bus *bus_create(struct loop *loop, const struct bus_settings *settings,
                       const struct bus_hooks *hooks, char **error)
{
    struct bus *bus = mem_zalloc(sizeof *bus);
    CAST_INIT(bus, bus);
    bus->hooks = *hooks;
    bus->loop = loop;
    if (!start(bus, error)) {
        free(bus);
        return NULL;
    }
    bus->options = bus_options_create(settings, error);
    bus->come = watch(bus, bus_queue_fd(bus->queue), come_cb);
    bus->done = watch(bus, thread_fd(bus->thread), done_cb);
    bus->redial = redial_create(loop, PAUSE_FIRST, PAUSE_MOST, dial, bus);
    bus->requests = bus_requests_create(bus, loop, settings->inbox);
    if (bus->options) {
        dial(bus);
        return bus;
    }
    bus_destroy(bus);
    return NULL;
}

void bus_destroy(struct bus *bus)
{
    struct bus_subscription *each, *next;
    if (!bus)
        return;
    bus_requests_destroy(bus->requests);
    HASH_ITER(hh, bus->subscriptions, each, next)
        bus_unsubscribe(each);
    if (bus->line)
        bus_line_close(bus->line);
    if (bus->options)
        bus_options_leave(bus->options, bus->thread);
    redial_destroy(bus->redial);
    watch_destroy(bus->come);
    watch_destroy(bus->done);
    bus_queue_close(bus->queue);
    thread_destroy(bus->thread);
    free(bus->lost);
    free(bus->complaint);
    free(bus->server);
    free(bus);
}

void bus_flush(struct bus *bus, int milliseconds)
{
    const int64_t end = loop_clock() + milliseconds * INT64_C(1000);
    for (int64_t left = 0; bus->out > 0 && (left = end - loop_clock()) > 0;) {
        struct pollfd done = {.fd = thread_fd(bus->thread), .events = POLLIN};
        if (poll(&done, 1, (int)(left / 1000)) > 0)
            bus->out -= bus_line_done(bus->thread);
    }
}

bool bus_is_connected(const struct bus *bus)
{
    return bus->most > 0;
}

size_t bus_most(const struct bus *bus)
{
    return bus->most;
}

bool bus_publish(struct bus *bus, const struct bus_post *post)
{
    if (bus->most == 0 || bus->out + post->size > BUS_OUT_MAX)
        return false;
    const size_t taken = bus_line_publish(bus->line, post);
    bus->out += taken;
    return taken > 0;
}

size_t bus_backlog(const struct bus *bus)
{
    return bus->out;
}

const char *bus_header(const struct bus_message *message, const char *name)
{
    return bus_line_header(message, name);
}

struct bus_subscription *bus_subscribe(struct bus *bus, const char *subject,
                                       bus_receive *receive, void *context)
{
    struct bus_subscription *subscription = mem_zalloc(sizeof *subscription);
    subscription->bus = bus;
    subscription->number = ++bus->numbers;
    subscription->subject = mem_strdup(subject);
    subscription->receive = receive;
    subscription->context = context;
    HASH_ADD(hh, bus->subscriptions, number, sizeof subscription->number, subscription);
    if (bus->most > 0)
        bus_line_subscribe(bus->line, subscription->number, subject);
    return subscription;
}

void bus_unsubscribe(struct bus_subscription *subscription)
{
    if (!subscription)
        return;
    struct bus *bus = subscription->bus;
    HASH_DEL(bus->subscriptions, subscription);
    if (bus->most > 0)
        bus_line_unsubscribe(bus->line, subscription->number);
    free(subscription->subject);
    free(subscription);
}

char *bus_inbox(struct bus *bus)
{
    return mem_printf("%s.%llu", bus_requests_subject(bus->requests),
                      (unsigned long long)++bus->numbers);
}

struct bus_request *bus_ask(struct bus *bus, const struct bus_post *post, int64_t patience,
                            bus_answer *answer, void *context)
{
    return bus_requests_ask(bus->requests, post, patience, answer, context);
}
