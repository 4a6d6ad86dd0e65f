/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_bus.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"

struct bus {
    bool connected;
    struct bus_request *requests; /* utlist: the oldest first */
};

struct bus *fake_bus_create(void)
{
    return mem_zalloc(sizeof(struct bus));
}

void fake_bus_destroy(struct bus *bus)
{
    while (bus->requests)
        bus_request_end(bus->requests);
    free(bus);
}

void fake_bus_connect(struct bus *bus)
{
    bus->connected = true;
}

void fake_bus_lose(struct bus *bus)
{
    bus->connected = false;
    while (bus->requests)
        fake_bus_ignore(bus->requests);
}

struct bus_request *fake_bus_first(struct bus *bus)
{
    return bus->requests;
}

unsigned fake_bus_count(struct bus *bus)
{
    unsigned count;
    struct bus_request *each;
    DL_COUNT(bus->requests, each, count);
    return count;
}

void fake_bus_answer(struct bus_request *request, int status, const char *text)
{
    const struct bus_message message = {
        .subject = "", .data = text, .size = strlen(text), .status = status};
    request->answer(request->context, &message);
}

void fake_bus_ignore(struct bus_request *request)
{
    bus_answer *answer = request->answer;
    void *context = request->context;
    bus_request_end(request);
    answer(context, NULL);
}

/* --- in place of fleet/bus --- */

bool bus_is_connected(const struct bus *bus)
{
    return bus->connected;
}

size_t bus_most(const struct bus *bus)
{
    return bus->connected ? 1 << 20 : 0;
}

static char *header(const struct bus_post *post, const char *name)
{
    for (size_t i = 0; i < post->header_count; i++)
        if (strcmp(post->headers[i].name, name) == 0)
            return mem_strdup(post->headers[i].value);
    return NULL;
}

struct bus_request *bus_ask(struct bus *bus, const struct bus_post *post, int64_t patience,
                            bus_answer *answer, void *context)
{
    (void)patience;
    if (!bus->connected)
        return NULL;
    struct bus_request *request = mem_zalloc(sizeof *request);
    request->bus = bus;
    request->subject = mem_strdup(post->subject);
    request->data = mem_strndup(post->data, post->size);
    request->id = header(post, "Nats-Msg-Id");
    request->last = header(post, "Telex-Last");
    request->answer = answer;
    request->context = context;
    DL_APPEND(bus->requests, request);
    return request;
}

void bus_request_end(struct bus_request *request)
{
    if (!request)
        return;
    DL_DELETE(request->bus->requests, request);
    free(request->subject);
    free(request->data);
    free(request->id);
    free(request->last);
    free(request);
}
