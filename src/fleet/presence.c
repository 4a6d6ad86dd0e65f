/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/presence.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "fleet/bus.h"
#include "fleet/control_client.h"
#include "fleet/order.h"
#include "fleet/orders.h"
#include "fleet/presence_facts.h"
#include "fleet/subject.h"
#include "loop/loop.h"
#include "loop/timeout.h"

enum { PERIOD = 5000000 /* microseconds */ };

struct presence {
    struct loop *loop;
    CAST_MARK;
    struct bus *bus;
    struct orders *orders;
    char subject[SUBJECT_ROOM];
    struct bus_subscription *who;
    struct timeout *next;
    struct presence_facts facts;
    uint64_t console; /* on which commands of all kinds are run */
    bool ready;       /* there is a telexd, and what is known of it is true */
    bool asking;
};

static void say(const struct presence *presence, const char *subject)
{
    const struct host host = loop_host(presence->loop);
    UT_string line;
    if (!presence->ready)
        return;
    utstring_init(&line);
    presence_facts_write(&presence->facts, &line, host.wall(host.context));
    const struct bus_post post = {
        .subject = subject, .data = utstring_body(&line), .size = utstring_len(&line)};
    bus_publish(presence->bus, &post);
    utstring_done(&line);
}

/* NULL where telexd is lost. */
static void counted(void *context, const char *line, size_t size)
{
    struct presence *presence = CAST(presence, context);
    presence->asking = false;
    if (line && presence_facts_count(&presence->facts, line, size, loop_clock())) {
        presence->ready = true;
        say(presence, presence->subject);
    }
}

/* Where it is busy with a long answer, what was known last has to do. */
static void announce(struct presence *presence)
{
    timeout_set(presence->next, PERIOD);
    if (presence->asking) {
        say(presence, presence->subject);
        return;
    }
    presence->asking = true;
    orders_ask(presence->orders, "/stats", counted, presence);
}

static void next_cb(void *context)
{
    announce(CAST(presence, context));
}

static void asked(void *context, const struct bus_message *message)
{
    const struct presence *presence = CAST(presence, context);
    if (order_may_answer(message->reply))
        say(presence, message->reply);
}

/* --- */

struct presence *presence_create(struct loop *loop, struct bus *bus, const char *node,
                                 struct orders *orders)
{
    struct presence *presence = mem_zalloc(sizeof *presence);
    CAST_INIT(presence, presence);
    presence->loop = loop;
    presence->bus = bus;
    presence->orders = orders;
    presence->facts.node = node;
    subject_make(presence->subject, SUBJECT_PRESENCE, node);
    presence->who = bus_subscribe(bus, SUBJECT_WHO, asked, presence);
    presence->next = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, next_cb, presence);
    return presence;
}

void presence_destroy(struct presence *presence)
{
    if (!presence)
        return;
    bus_unsubscribe(presence->who);
    timeout_destroy(presence->next);
    presence_facts_clear(&presence->facts);
    free(presence);
}

void presence_hello(struct presence *presence, const struct control_hello *hello)
{
    presence_facts_clear(&presence->facts);
    presence->facts.run = mem_strdup(hello->run);
    presence->facts.version = mem_strdup(hello->version);
    presence->facts.console = presence->console;
    presence->facts.seq = hello->seq;
}

void presence_ready(struct presence *presence)
{
    announce(presence);
}

void presence_lost(struct presence *presence)
{
    presence->ready = false;
    timeout_stop(presence->next);
}

void presence_console(struct presence *presence, uint64_t console)
{
    presence->console = presence->facts.console = console;
}

/* What is read late may be of a telexd that is no more. */
void presence_seq(struct presence *presence, const char *run, uint64_t seq)
{
    struct presence_facts *facts = &presence->facts;
    if (seq > facts->seq && facts->run && strcmp(run, facts->run) == 0)
        facts->seq = seq;
}

void presence_connected(struct presence *presence)
{
    say(presence, presence->subject);
}
