/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus_request.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/ut.h"
#include "loop/timeout.h"

struct bus_request {
    struct bus_requests *all;
    CAST_MARK;
    uint64_t number;
    char *subject; /* NULL: it does not hear that it is refused, or has heard */
    bus_answer *answer;
    void *context;
    int64_t patience; /* microseconds */
    struct timeout *late;
    UT_hash_handle hh; /* by number */
};

struct bus_requests {
    struct bus *bus;
    CAST_MARK;
    struct loop *loop;
    char *subject;
    struct bus_subscription *answers; /* on all below it */
    uint64_t numbers;
    struct bus_request *waiting; /* uthash */
};

/* Answers go to the last word of their subject. */
static void receive(void *context, const struct bus_message *message)
{
    struct bus_requests *requests = CAST(bus_requests, context);
    const char *last = strrchr(message->subject, '.');
    uint64_t number;
    if (!last || !number_parse(last + 1, UINT64_MAX, &number))
        return;
    struct bus_request *request;
    HASH_FIND(hh, requests->waiting, &number, sizeof number, request);
    if (!request)
        return;
    timeout_set(request->late, request->patience);
    request->answer(request->context, message);
}

struct bus_requests *bus_requests_create(struct bus *bus, struct loop *loop, const char *prefix)
{
    struct bus_requests *requests = mem_zalloc(sizeof *requests);
    struct hash_key key;
    CAST_INIT(bus_requests, requests);
    hash_key_init(&key);
    requests->bus = bus;
    requests->loop = loop;
    requests->subject =
        mem_printf("%s.%016llx%016llx", prefix ? prefix : "_INBOX",
                   (unsigned long long)key.words[0], (unsigned long long)key.words[1]);
    char *all = mem_printf("%s.a.*", requests->subject);
    requests->answers = bus_subscribe(bus, all, receive, requests);
    free(all);
    return requests;
}

void bus_requests_destroy(struct bus_requests *requests)
{
    if (!requests)
        return;
    while (requests->waiting)
        bus_request_end(requests->waiting);
    bus_unsubscribe(requests->answers);
    free(requests->subject);
    free(requests);
}

const char *bus_requests_subject(const struct bus_requests *requests)
{
    return requests->subject;
}

/* Gone before it is told, so that its hook may ask again. */
static void give_up(struct bus_request *request)
{
    bus_answer *answer = request->answer;
    void *context = request->context;
    bus_request_end(request);
    answer(context, NULL);
}

static void late_cb(void *context)
{
    give_up(CAST(bus_request, context));
}

void bus_requests_lose(struct bus_requests *requests)
{
    while (requests->waiting)
        give_up(requests->waiting);
}

void bus_request_end(struct bus_request *request)
{
    if (!request)
        return;
    HASH_DEL(request->all->waiting, request);
    timeout_destroy(request->late);
    free(request->subject);
    free(request);
}

/* --- what is refused --- */

/* One that asks there and was not told, of those up to that number. */
static struct bus_request *find_refused(const struct bus_requests *requests,
                                        const char *subject, uint64_t last)
{
    struct bus_request *request, *next;
    HASH_ITER(hh, requests->waiting, request, next) {
        if (request->number <= last && request->subject &&
            strcmp(request->subject, subject) == 0)
            return request;
    }
    return NULL;
}

/* Their hooks may end others, and ask again. */
static void refuse(struct bus_requests *requests, const char *subject)
{
    const struct bus_message message = {.subject = subject, .status = BUS_NO_RIGHT};
    const uint64_t last = requests->numbers;
    struct bus_request *request;
    while ((request = find_refused(requests, subject, last))) {
        free(request->subject);
        request->subject = NULL;
        request->answer(request->context, &message);
    }
}

void bus_requests_refuse(struct bus_requests *requests, const char *complaint)
{
    static const char before[] = "Permissions Violation for Publish to \"";
    const char *subject = strstr(complaint, before);
    if (!subject)
        return;
    subject += sizeof before - 1;
    char *copy = mem_strndup(subject, strcspn(subject, "\""));
    refuse(requests, copy);
    free(copy);
}

struct bus_request *bus_requests_ask(struct bus_requests *requests, const struct bus_post *post,
                                     int64_t patience, bus_answer *answer, void *context)
{
    const uint64_t number = ++requests->numbers;
    struct bus_post asking = *post;
    char *reply = mem_printf("%s.a.%llu", requests->subject, (unsigned long long)number);
    asking.reply = reply;
    const bool sent = bus_publish(requests->bus, &asking);
    free(reply);
    if (!sent)
        return NULL;
    struct bus_request *request = mem_zalloc(sizeof *request);
    CAST_INIT(bus_request, request);
    request->all = requests;
    request->number = number;
    request->subject = post->hears_refusal ? mem_strdup(post->subject) : NULL;
    request->answer = answer;
    request->context = context;
    request->patience = patience;
    request->late =
        timeout_create(requests->loop, LOOP_OPERATOR, PART_CONSOLE, late_cb, request);
    timeout_set(request->late, patience);
    HASH_ADD(hh, requests->waiting, number, sizeof request->number, request);
    return request;
}
