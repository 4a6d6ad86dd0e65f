/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus_line.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/ut.h"
#include "fleet/bus.h"
#include "fleet/bus_parts.h"
#include "fleet/bus_queue.h"

/* Where what one of libnats's threads brings belongs: of a connection, or of one subscription
 * of it. Its callbacks have nothing else. */
struct source {
    struct bus_queue *queue;
    CAST_MARK;
    uint64_t number;
};

/* A subscription that stands. */
struct standing {
    uint64_t number;
    natsSubscription *of;
    struct standing *next;
};

struct bus_line {
    struct thread *thread;
    struct bus_options *options;
    struct bus_queue *queue;
    uint64_t number;
    /* The thread's: */
    natsConnection *connection; /* NULL: could not be had */
    struct standing *standing;  /* utlist */
};

struct line_task {
    struct task task;
    void (*work)(struct line_task *task);
    struct bus_line *line;
    uint64_t subscription;
    char *subject;
    natsMsg *message;
    size_t size;
};

/* What an item of no size takes, about: bytes. */
enum { ITEM_ROOM = 256 };

static struct source *source_create(struct bus_queue *queue, uint64_t number)
{
    struct source *source = mem_zalloc(sizeof *source);
    CAST_INIT(source, source);
    source->queue = bus_queue_hold(queue);
    source->number = number;
    return source;
}

static void source_destroy(struct source *source)
{
    bus_queue_release(source->queue);
    free(source);
}

/* --- in libnats's threads --- */

static void drop_message(void *handle)
{
    natsMsg_Destroy(handle);
}

static void on_message(natsConnection *connection, natsSubscription *subscription,
                       natsMsg *message, void *context)
{
    struct source *source = CAST(source, context);
    (void)connection;
    (void)subscription;
    if (!message)
        return;
    bus_queue_put(
        source->queue,
        &(struct bus_item){.kind = BUS_ITEM_MESSAGE,
                           .of = source->number,
                           .handle = message,
                           .drop = drop_message,
                           .size = (size_t)natsMsg_GetDataLength(message) + ITEM_ROOM});
}

/* Nothing comes of that subscription any more. */
static void on_complete(void *context)
{
    source_destroy(CAST(source, context));
}

static void on_error(natsConnection *connection, natsSubscription *subscription,
                     natsStatus status, void *context)
{
    struct source *source = CAST(source, context);
    const char *detail = NULL;
    (void)subscription;
    if (status == NATS_SLOW_CONSUMER)
        return;
    natsConnection_GetLastError(connection, &detail);
    bus_queue_put(source->queue, &(struct bus_item){.kind = BUS_ITEM_COMPLAINT,
                                                    .of = source->number,
                                                    .text = bus_why(status, detail),
                                                    .size = ITEM_ROOM});
}

/* The last that libnats calls of a connection. What it says last may be an older complaint. */
static void on_closed(natsConnection *connection, void *context)
{
    struct source *source = CAST(source, context);
    const char *detail;
    natsStatus status = natsConnection_GetLastError(connection, &detail);
    if (status == NATS_OK || status == NATS_NOT_PERMITTED)
        status = NATS_CONNECTION_CLOSED;
    bus_queue_put(source->queue, &(struct bus_item){.kind = BUS_ITEM_LOST,
                                                    .of = source->number,
                                                    .text = bus_why(status, NULL)});
    source_destroy(source);
}

/* --- in the thread of the tasks --- */

static void say_lost(const struct bus_line *line, natsStatus status)
{
    char *why = bus_why(status, nats_GetLastError(NULL));
    char *text = mem_printf("no NATS at %s: %s", line->options->servers, why);
    free(why);
    bus_queue_put(line->queue,
                  &(struct bus_item){.kind = BUS_ITEM_LOST, .of = line->number, .text = text});
}

static void say_connected(const struct bus_line *line)
{
    char url[512] = "";
    natsConnection_GetConnectedUrl(line->connection, url, sizeof url);
    bus_queue_put(line->queue, &(struct bus_item){.kind = BUS_ITEM_CONNECTED,
                                                  .of = line->number,
                                                  .text = bus_public(url),
                                                  .most = (size_t)natsConnection_GetMaxPayload(
                                                      line->connection)});
}

static void connect_work(struct line_task *task)
{
    struct bus_line *line = task->line;
    natsOptions *options = line->options->of;
    struct source *source = source_create(line->queue, line->number);
    natsOptions_SetClosedCB(options, on_closed, source);
    natsOptions_SetErrorHandler(options, on_error, source);
    natsStatus status = natsConnection_Connect(&line->connection, options);
    if (status == NATS_OK) {
        say_connected(line);
        return;
    }
    line->connection = NULL;
    say_lost(line, status);
    source_destroy(source);
}

/* Once it stands, its source is libnats's, to be freed by on_complete. */
static void subscribe_work(struct line_task *task)
{
    struct bus_line *line = task->line;
    struct source *source = source_create(line->queue, task->subscription);
    natsSubscription *of;
    if (natsConnection_Subscribe(&of, line->connection, task->subject, on_message, source) !=
        NATS_OK) {
        source_destroy(source);
        return;
    }
    natsSubscription_SetOnCompleteCB(of, on_complete, source);
    natsSubscription_SetPendingLimits(of, -1, -1); /* the queue has its bound */
    struct standing *standing = mem_zalloc(sizeof *standing);
    *standing = (struct standing){.number = task->subscription, .of = of};
    LL_PREPEND(line->standing, standing);
}

static void end_standing(struct bus_line *line, struct standing *standing)
{
    LL_DELETE(line->standing, standing);
    natsSubscription_Destroy(standing->of); /* unsubscribes */
    free(standing);
}

static void unsubscribe_work(struct line_task *task)
{
    struct standing *standing;
    LL_SEARCH_SCALAR(task->line->standing, standing, number, task->subscription);
    if (standing)
        end_standing(task->line, standing);
}

/* Where it fails the connection is as good as lost, which is told by itself. */
static void publish_work(struct line_task *task)
{
    natsConnection_PublishMsg(task->line->connection, task->message);
}

static void close_work(struct line_task *task)
{
    while (task->line->standing)
        end_standing(task->line, task->line->standing);
    natsConnection_Destroy(task->line->connection);
    bus_queue_release(task->line->queue);
    free(task->line);
}

static void run(struct task *task)
{
    struct line_task *self = container_of(task, struct line_task, task);
    self->work(self);
}

static void drop(struct task *task)
{
    struct line_task *self = container_of(task, struct line_task, task);
    natsMsg_Destroy(self->message);
    free(self->subject);
    free(self);
}

/* --- in the loop's thread --- */

static void give(struct bus_line *line, struct line_task task)
{
    struct line_task *copy = mem_dup(&task, sizeof task);
    copy->line = line;
    copy->task.run = run;
    copy->task.drop = drop;
    thread_give(line->thread, &copy->task);
}

struct bus_line *bus_line_create(struct thread *thread, struct bus_options *options,
                                 struct bus_queue *queue, uint64_t number)
{
    struct bus_line *line = mem_zalloc(sizeof *line);
    line->thread = thread;
    line->options = options;
    line->queue = bus_queue_hold(queue);
    line->number = number;
    give(line, (struct line_task){.work = connect_work});
    return line;
}

void bus_line_close(struct bus_line *line)
{
    give(line, (struct line_task){.work = close_work, .task.owed = true});
}

void bus_line_subscribe(struct bus_line *line, uint64_t subscription, const char *subject)
{
    give(line, (struct line_task){.work = subscribe_work,
                                  .subscription = subscription,
                                  .subject = mem_strdup(subject)});
}

void bus_line_unsubscribe(struct bus_line *line, uint64_t subscription)
{
    give(line, (struct line_task){.work = unsubscribe_work, .subscription = subscription});
}

static natsMsg *message_of(const struct bus_post *post)
{
    natsMsg *message = NULL;
    if (natsMsg_Create(&message, post->subject, post->reply, post->data, (int)post->size) !=
        NATS_OK)
        return NULL;
    for (size_t i = 0; i < post->header_count; i++)
        natsMsgHeader_Set(message, post->headers[i].name, post->headers[i].value);
    return message;
}

size_t bus_line_publish(struct bus_line *line, const struct bus_post *post)
{
    enum { BESIDE = 512 /* what libnats keeps of it besides its data, about */ };
    const size_t size = post->size + BESIDE;
    natsMsg *message = message_of(post);
    if (!message)
        return 0;
    give(line, (struct line_task){.work = publish_work, .message = message, .size = size});
    return size;
}

size_t bus_line_done(struct thread *thread)
{
    size_t size = 0;
    struct task *task;
    while ((task = thread_done(thread))) {
        size += container_of(task, struct line_task, task)->size;
        task->drop(task);
    }
    return size;
}

void bus_line_read(void *handle, struct bus_message *message)
{
    natsMsg *of = handle;
    const char *status = NULL;
    uint64_t number = 0;
    if (natsMsg_GetDataLength(of) == 0 && natsMsgHeader_Get(of, "Status", &status) == NATS_OK)
        number_parse(status, 999, &number);
    *message = (struct bus_message){.subject = natsMsg_GetSubject(of),
                                    .reply = natsMsg_GetReply(of),
                                    .data = natsMsg_GetData(of),
                                    .size = (size_t)natsMsg_GetDataLength(of),
                                    .status = (int)number,
                                    .handle = of};
}

const char *bus_line_header(const struct bus_message *message, const char *name)
{
    const char *value = NULL;
    natsMsgHeader_Get(message->handle, name, &value);
    return value;
}
