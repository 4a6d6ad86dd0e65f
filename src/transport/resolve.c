/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/resolve.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "transport/loop.h"

struct resolve {
    struct loop *loop;
    char *host;
    in_port_t port;
    int type;
    resolve_done *done;
    void *context;
    struct event *begin;
    struct evdns_getaddrinfo_request *request;
    union address addresses[RESOLVE_MAX];
    size_t count;
};

void resolve_destroy(struct resolve *resolve)
{
    if (!resolve)
        return;
    if (resolve->request)
        evdns_getaddrinfo_cancel(resolve->request);
    event_free(resolve->begin);
    free(resolve->host);
    free(resolve);
}

static void answer(struct resolve *resolve, const char *error)
{
    resolve->done(resolve->context, resolve->addresses, resolve->count, error);
    resolve_destroy(resolve);
}

static void add(struct resolve *resolve, const struct evutil_addrinfo *info)
{
    union address *address = &resolve->addresses[resolve->count++];
    memset(address, 0, sizeof *address);
    memcpy(address, info->ai_addr, info->ai_addrlen);
    address_unmap(address);
    address_set_port(address, resolve->port);
}

static const struct evutil_addrinfo *of_family(const struct evutil_addrinfo *info, int family)
{
    while (info && info->ai_family != family)
        info = info->ai_next;
    return info;
}

static void add_in_turn(struct resolve *resolve, const struct evutil_addrinfo *addresses)
{
    const struct evutil_addrinfo *v6 = of_family(addresses, AF_INET6);
    const struct evutil_addrinfo *v4 = of_family(addresses, AF_INET);
    while ((v6 || v4) && resolve->count + 1 < RESOLVE_MAX) {
        if (v6) {
            add(resolve, v6);
            v6 = of_family(v6->ai_next, AF_INET6);
        }
        if (v4) {
            add(resolve, v4);
            v4 = of_family(v4->ai_next, AF_INET);
        }
    }
}

static void resolved_cb(int failure, struct evutil_addrinfo *addresses, void *context)
{
    if (failure == EVUTIL_EAI_CANCEL)
        return; /* the resolve is gone already */
    struct resolve *resolve = context;
    resolve->request = NULL;
    if (!failure) {
        add_in_turn(resolve, addresses);
        evutil_freeaddrinfo(addresses);
    }
    const char *error = failure ? evutil_gai_strerror(failure) : "the name has no address";
    answer(resolve, resolve->count > 0 ? NULL : error);
}

static void ask(struct resolve *resolve)
{
    struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = resolve->type};
    char port[8];
    struct evdns_base *dns = loop_dns(resolve->loop);
    if (!dns) {
        answer(resolve, "names cannot be resolved");
        return;
    }
    snprintf(port, sizeof port, "%u", (unsigned)resolve->port);
    /* What the hosts file knows is told from within this call, and the resolve is gone after
     * it. */
    struct evdns_getaddrinfo_request *request =
        evdns_getaddrinfo(dns, resolve->host, port, &hints, resolved_cb, resolve);
    if (request)
        resolve->request = request;
}

/* What listens at every address listens at these. */
static void add_this_machine(struct resolve *resolve)
{
    address_parse("::1", resolve->port, &resolve->addresses[0]);
    address_parse("127.0.0.1", resolve->port, &resolve->addresses[1]);
    resolve->count = 2;
}

static void begin_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct resolve *resolve = context;
    if (strcmp(resolve->host, "*") == 0) {
        add_this_machine(resolve);
        answer(resolve, NULL);
    } else if (address_parse(resolve->host, resolve->port, &resolve->addresses[0])) {
        address_unmap(&resolve->addresses[0]);
        resolve->count = 1; /* with its zone, which evdns does not know */
        answer(resolve, NULL);
    } else {
        ask(resolve);
    }
}

struct resolve *resolve_create(struct loop *loop, const char *host, in_port_t port, int type,
                               resolve_done *done, void *context)
{
    struct resolve *resolve = mem_zalloc(sizeof *resolve);
    resolve->loop = loop;
    resolve->host = mem_strdup(host);
    resolve->port = port;
    resolve->type = type;
    resolve->done = done;
    resolve->context = context;
    resolve->begin = loop_event(loop->base, -1, 0, begin_cb, resolve, LOOP_OPERATOR);
    loop_arm(resolve->begin, 0);
    return resolve;
}
