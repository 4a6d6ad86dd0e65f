/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus_carrier.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cast.h"
#include "base/host.h"
#include "base/json_put.h"
#include "base/mem.h"
#include "base/ut.h"
#include "fleet/answer.h"
#include "fleet/bus.h"
#include "fleet/subject.h"
#include "loop/loop.h"
#include "loop/timeout.h"

enum {
    EXPIRES = 30,        /* seconds, after which a line must not be run any more */
    PATIENCE = 15000000, /* microseconds, of a node that is silent */
};

/* A line that is not answered yet. */
struct errand {
    struct bus_carrier *carrier;
    CAST_MARK;
    struct errand *prev, *next; /* utlist */
    uint64_t number;
    char *line;
    size_t size;
    bool looks;                  /* it was asked of those who look on */
    struct bus_request *request; /* NULL: it could not be sent */
};

struct bus_carrier {
    struct carrier carrier; /* first */
    CAST_MARK;
    struct bus *bus;
    struct host host; /* the loop */
    struct bus_carrier_hooks hooks;
    const char *node;
    char *unique; /* what the ids of our lines begin with */
    bool looks;   /* the broker lets us look on there only */
    struct errand *errands;
    struct timeout *unsent;
    size_t backlog; /* bytes of the lines that are not answered */
    uint64_t sent;
};

/* Later ones may have been added meanwhile. */
static void drop(struct errand *errand)
{
    struct bus_carrier *carrier = errand->carrier;
    bus_request_end(errand->request);
    carrier->backlog -= errand->size;
    DL_DELETE(carrier->errands, errand);
    free(errand->line);
    free(errand);
}

/* --- answers --- */

/* In place of an answer. The errand is gone before anybody hears of it. */
static void fail(struct errand *errand, const char *why)
{
    struct bus_carrier *carrier = errand->carrier;
    const uint64_t number = errand->number;
    UT_string line;
    struct json json;
    drop(errand);
    utstring_init(&line);
    json_put_init(&json, &line);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", carrier->host.wall(carrier->host.context));
    json_put_string(&json, "event", "error");
    json_put_string(&json, "error", why);
    json_put_object_end(&json);
    carrier->hooks.answer(carrier->hooks.context, number, utstring_body(&line),
                          utstring_len(&line));
    utstring_done(&line);
}

/* One, in one line: nothing of a node's may be taken for what another one says. */
static bool is_object(const struct bus_message *message)
{
    const bool is_line = message->size > 0 && !memchr(message->data, '\n', message->size);
    json_t *object = is_line ? json_loadb(message->data, message->size, 0, NULL) : NULL;
    const bool good = json_is_object(object);
    json_decref(object);
    return good;
}

static void ask(struct errand *errand);

/* What we have no right to say to the node's console for all we may still say to the one that
 * looks on: whether the line is one for it, its telexd knows. */
static void take_refusal(struct errand *errand)
{
    bus_request_end(errand->request);
    errand->request = NULL;
    if (errand->looks) {
        fail(errand, "the broker does not let you ask there; nothing was done");
        return;
    }
    errand->carrier->looks = true;
    ask(errand);
}

static void take_answer(void *context, const struct bus_message *message)
{
    struct errand *errand = CAST(errand, context);
    const struct bus_carrier *carrier = errand->carrier;
    const uint64_t number = errand->number;
    if (!message) {
        errand->request = NULL;
        fail(errand, bus_is_connected(carrier->bus)
                         ? "it does not answer: that may be done or not"
                         : "the broker was lost before it answered: that may be done or not");
        return;
    }
    if (message->status == BUS_NO_RIGHT) {
        take_refusal(errand);
    } else if (message->status == BUS_NOBODY) {
        fail(errand, "nobody takes lines there now, or not from you; nothing was done");
    } else if (!is_object(message)) {
        fail(errand, "its answer cannot be read: that may be done or not");
    } else {
        if (!answer_goes_on(message->data, message->size))
            drop(errand);
        carrier->hooks.answer(carrier->hooks.context, number, message->data, message->size);
    }
}

static void unsent_cb(void *context)
{
    const struct bus_carrier *carrier = CAST(bus_carrier, context);
    struct errand *errand = carrier->errands;
    while (errand && errand->request)
        errand = errand->next;
    if (!errand)
        return;
    timeout_set(carrier->unsent, 0); /* for the next one, if any */
    fail(errand, "the broker is away; nothing was done");
}

/* --- lines --- */

/* RFC 3339. */
static void write_expiry(char text[32])
{
    const time_t when = time(NULL) + EXPIRES;
    struct tm tm;
    gmtime_r(&when, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void ask(struct errand *errand)
{
    struct bus_carrier *carrier = errand->carrier;
    char subject[SUBJECT_ROOM], expires[32];
    char *id = mem_printf("%s.%" PRIu64, carrier->unique, errand->number);
    const struct bus_header headers[] = {{"Telex-Id", id}, {"Telex-Expires", expires}};
    const struct bus_post post = {.subject = subject,
                                  .data = errand->line,
                                  .size = errand->size,
                                  .headers = headers,
                                  .header_count = 2,
                                  .hears_refusal = true};
    errand->looks = carrier->looks || carrier->hooks.reads_only(carrier->hooks.context);
    subject_make(subject, errand->looks ? SUBJECT_READ : SUBJECT_WRITE, carrier->node);
    write_expiry(expires);
    errand->request = bus_ask(carrier->bus, &post, PATIENCE, take_answer, errand);
    if (!errand->request)
        timeout_set(carrier->unsent, 0);
    free(id);
}

static void send_line(struct carrier *base, const char *line, size_t size)
{
    struct bus_carrier *carrier = CAST(bus_carrier, base);
    const uint64_t number = ++carrier->sent;
    if (size == 0)
        return; /* it has no answer */
    struct errand *errand = mem_zalloc(sizeof *errand);
    *errand = (struct errand){
        .carrier = carrier, .number = number, .line = mem_dup(line, size), .size = size};
    CAST_INIT(errand, errand);
    carrier->backlog += size;
    DL_APPEND(carrier->errands, errand);
    ask(errand);
}

/* What answers costs no more than it was asked for. */
static void hold(struct carrier *carrier, bool on)
{
    (void)carrier, (void)on;
}

static size_t backlog(const struct carrier *base)
{
    return container_of(base, struct bus_carrier, carrier)->backlog;
}

static void destroy(struct carrier *base)
{
    struct bus_carrier *carrier = CAST(bus_carrier, base);
    while (carrier->errands)
        drop(carrier->errands);
    timeout_destroy(carrier->unsent);
    free(carrier->unique);
    free(carrier);
}

struct carrier *bus_carrier_create(struct loop *loop, struct bus *bus, const char *node,
                                   const struct bus_carrier_hooks *hooks)
{
    static const struct carrier_ops ops = {
        .send = send_line, .hold = hold, .backlog = backlog, .destroy = destroy};
    struct bus_carrier *carrier = mem_zalloc(sizeof *carrier);
    CAST_INIT(bus_carrier, carrier);
    carrier->carrier.ops = &ops;
    carrier->bus = bus;
    carrier->host = loop_host(loop);
    carrier->hooks = *hooks;
    carrier->node = node;
    carrier->unique = bus_inbox(bus);
    carrier->unsent = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, unsent_cb, carrier);
    return &carrier->carrier;
}
