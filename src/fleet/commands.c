/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/commands.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_find.h"
#include "fleet/bus.h"
#include "fleet/control_client.h"
#include "fleet/orders.h"
#include "fleet/presence.h"
#include "fleet/subject.h"
#include "loop/loop.h"

/* Of what waits to be sent, until telexd is not read any more: what has been read already finds
 * room behind it. */
enum { BACKLOG_HIGH = BUS_OUT_MAX / 2 };

enum { LOOKS, ACTS, DESKS };

/* A console of telexd's, and those who may use it. */
struct desk {
    struct commands *commands;
    CAST_MARK;
    struct control_client *client;
    struct bus_subscription *subscription;
    struct orders orders;
    bool held; /* it is not read */
};

struct commands {
    struct loop *loop;
    struct bus *bus;
    struct desk desks[DESKS];
    struct presence *presence;
    bool dropped_said;
};

static bool looks_on(const struct desk *desk)
{
    return desk == &desk->commands->desks[LOOKS];
}

/* --- from the bus --- */

static void say_dropped(struct commands *commands, const char *reply)
{
    if (commands->dropped_said)
        return;
    commands->dropped_said = true;
    char *shown = escape_string(reply ? reply : "nowhere");
    log_error("a command that wants its answer on '%s', which is no inbox, was dropped, and so "
              "are all like it",
              shown);
    free(shown);
}

/* One newline at the end is no part of it. */
static void take(void *context, const struct bus_message *message)
{
    struct desk *desk = CAST(desk, context);
    size_t size = message->size;
    size -= size > 0 && message->data[size - 1] == '\n';
    const struct order_request request = {.reply = message->reply,
                                          .id = bus_header(message, "Telex-Id"),
                                          .expires = bus_header(message, "Telex-Expires"),
                                          .line = message->data,
                                          .size = size};
    if (!orders_take(&desk->orders, &request))
        say_dropped(desk->commands, message->reply);
}

static void hold(struct desk *desk, bool on)
{
    if (desk->held == on)
        return;
    desk->held = on;
    control_client_hold(desk->client, on);
}

/* --- hooks of orders --- */

static void run(void *context, const char *line, size_t size)
{
    const struct desk *desk = CAST(desk, context);
    control_client_send(desk->client, line, size);
}

/* What cannot be sent is lost to who asked; it can ask again. */
static void answer(void *context, const char *to, const char *line, size_t size)
{
    struct desk *desk = CAST(desk, context);
    struct bus *bus = desk->commands->bus;
    const struct bus_post post = {.subject = to, .data = line, .size = size};
    bus_publish(bus, &post);
    if (bus_backlog(bus) > BACKLOG_HIGH)
        hold(desk, true);
}

static int64_t wall(void *context)
{
    const struct desk *desk = CAST(desk, context);
    const struct host host = loop_host(desk->commands->loop);
    return host.wall(host.context);
}

static size_t most(void *context)
{
    const struct desk *desk = CAST(desk, context);
    const size_t size = bus_most(desk->commands->bus);
    return size > 0 ? size : SIZE_MAX;
}

/* --- from telexd --- */

static void greeted(void *context, const struct control_hello *hello)
{
    const struct desk *desk = CAST(desk, context);
    if (looks_on(desk))
        presence_hello(desk->commands->presence, hello);
    else
        presence_console(desk->commands->presence, hello->console);
}

static bool are_ready(const struct commands *commands)
{
    return control_client_is_ready(commands->desks[LOOKS].client) &&
           control_client_is_ready(commands->desks[ACTS].client);
}

static void ready(void *context)
{
    struct desk *desk = CAST(desk, context);
    orders_ready(&desk->orders);
    if (are_ready(desk->commands))
        presence_ready(desk->commands->presence);
}

static void take_line(void *context, const char *line, size_t size)
{
    struct desk *desk = CAST(desk, context);
    orders_line(&desk->orders, line, size);
}

static void lost(void *context)
{
    struct desk *desk = CAST(desk, context);
    desk->held = false;
    orders_lost(&desk->orders);
    presence_lost(desk->commands->presence);
}

/* --- */

static void open_desk(struct commands *commands, int which, const char *node,
                      const struct attach_place *place)
{
    static const char *const first[DESKS] = {
        [LOOKS] = "/restrict\n/read-only\n/view none", [ACTS] = "/restrict\n/view none"};
    struct desk *desk = &commands->desks[which];
    /* One of them tells of telexd, for all. */
    const struct attach_place told = {
        .path = place->path, .tries_service = place->tries_service, .quiet = which != LOOKS};
    const struct control_hooks hooks = {
        .context = desk, .hello = greeted, .ready = ready, .line = take_line, .lost = lost};
    const struct orders_hooks orders = {
        .context = desk, .run = run, .answer = answer, .wall = wall, .most = most};
    char subject[SUBJECT_ROOM];
    CAST_INIT(desk, desk);
    desk->commands = commands;
    orders_init(&desk->orders, &orders);
    desk->client = control_client_create(commands->loop, &told, first[which], &hooks);
    subject_make(subject, which == LOOKS ? SUBJECT_READ : SUBJECT_WRITE, node);
    desk->subscription = bus_subscribe(commands->bus, subject, take, desk);
}

static void close_desk(struct desk *desk)
{
    bus_unsubscribe(desk->subscription);
    control_client_destroy(desk->client);
    orders_finish(&desk->orders);
}

struct commands *commands_create(struct loop *loop, struct bus *bus, const char *node,
                                 const struct attach_place *place)
{
    struct commands *commands = mem_zalloc(sizeof *commands);
    commands->loop = loop;
    commands->bus = bus;
    for (int which = 0; which < DESKS; which++)
        open_desk(commands, which, node, place);
    commands->presence = presence_create(loop, bus, node, &commands->desks[LOOKS].orders);
    return commands;
}

void commands_destroy(struct commands *commands)
{
    if (!commands)
        return;
    presence_destroy(commands->presence);
    for (int which = 0; which < DESKS; which++)
        close_desk(&commands->desks[which]);
    free(commands);
}

void commands_connected(struct commands *commands)
{
    presence_connected(commands->presence);
}

void commands_drained(struct commands *commands)
{
    for (int which = 0; which < DESKS; which++)
        hold(&commands->desks[which], false);
}

void commands_seq(struct commands *commands, const char *run, uint64_t seq)
{
    presence_seq(commands->presence, run, seq);
}
