/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ut.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "loop/timeout.h"
#include "server/metrics_bind.h"
#include "server/metrics_text.h"

enum {
    CONNECTIONS = 32, /* at a time; others wait until one of them ends */
    HEADERS_MAX = 8192,
    BODY_MAX = 4096, /* nobody reads it, but who sends a small one is told what is wrong */
};
/* Microseconds. */
enum {
    DEADLINE = 5000000, /* for one connection */
    FRESH = 50000,      /* since it was accepted: its request may be on its way */
    SWEEP = 50000,
    REST = 1000000,
};

/*
 * One that has called. evhttp knows no bound on how many there are and how long each may take,
 * and does not tell of an end. Its bufferevents are ours too, counted: one that evhttp has let
 * go of has no callbacks any more.
 */
struct connection {
    struct bufferevent *bev;
    int64_t since; /* of loop_clock */
    bool asked;    /* its whole request has come */
    struct connection *prev, *next;
};

struct metrics {
    struct event_base *base;
    const struct hub *hub;
    struct evhttp *http;
    struct metrics_sockets sockets;
    struct evconnlistener *listeners[BIND_MAX];
    struct timeout *sweep; /* always pending: often while somebody is there */
    struct connection *connections;
    unsigned count;
};

/* --- connections --- */

static void accept_again(struct metrics *metrics)
{
    for (size_t i = 0; i < metrics->sockets.bound.count; i++)
        evconnlistener_enable(metrics->listeners[i]);
}

static void accept_no_more(struct metrics *metrics)
{
    for (size_t i = 0; i < metrics->sockets.bound.count; i++)
        evconnlistener_disable(metrics->listeners[i]);
}

static bool has_ended(const struct connection *connection)
{
    bufferevent_event_cb on_event = NULL;
    bufferevent_getcb(connection->bev, NULL, NULL, &on_event, NULL);
    return !on_event;
}

static void forget(struct metrics *metrics, struct connection *connection)
{
    DL_DELETE(metrics->connections, connection);
    metrics->count--;
    bufferevent_decref(connection->bev);
    free(connection);
}

static void forget_ended(struct metrics *metrics)
{
    struct connection *connection, *next;
    DL_FOREACH_SAFE(metrics->connections, connection, next)
        if (has_ended(connection))
            forget(metrics, connection);
}

/* evhttp sees an end of file, and lets go of it. */
static void hang_up(const struct connection *connection)
{
    shutdown(bufferevent_getfd(connection->bev), SHUT_RDWR);
}

/* Those who take their time over a request keep nobody waiting who has one to send. */
static void hang_up_idle(struct metrics *metrics)
{
    const int64_t now = loop_clock();
    struct connection *connection;
    DL_FOREACH(metrics->connections, connection)
        if (!connection->asked && now - connection->since >= FRESH)
            hang_up(connection);
}

/* evhttp's own time-out is of each read and write: one who sends a byte now and then would stay
 * for hours. */
static void hang_up_late(struct metrics *metrics)
{
    const int64_t now = loop_clock();
    struct connection *connection;
    DL_FOREACH(metrics->connections, connection)
        if (now - connection->since >= DEADLINE)
            hang_up(connection);
}

static void sweep_cb(void *context)
{
    struct metrics *metrics = context;
    forget_ended(metrics);
    hang_up_late(metrics);
    if (metrics->count < CONNECTIONS)
        accept_again(metrics);
    else
        hang_up_idle(metrics);
    timeout_set(metrics->sweep, metrics->count > 0 ? SWEEP : REST);
}

/*
 * evhttp asks for the bufferevent of one that it has accepted. It must not close the socket:
 * the events are on the loop for as long as we hold the bufferevent, and the number would be a
 * peer's meanwhile.
 */
static struct bufferevent *connected(struct event_base *base, void *context)
{
    struct metrics *metrics = context;
    struct connection *connection = mem_zalloc(sizeof *connection);
    connection->since = loop_clock();
    connection->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (!connection->bev)
        mem_exhausted();
    bufferevent_priority_set(connection->bev, LOOP_PEERS);
    bufferevent_incref(connection->bev);
    forget_ended(metrics);
    DL_APPEND(metrics->connections, connection);
    if (++metrics->count >= CONNECTIONS) {
        accept_no_more(metrics);
        hang_up_idle(metrics);
    }
    if (metrics->count == 1)
        timeout_set(metrics->sweep, SWEEP);
    return connection->bev;
}

/* No descriptor is left: a listener that went on trying would spin. The next sweep has it try
 * again; evhttp has put itself where the context should be. */
static void accept_failed(struct evconnlistener *listener, void *http)
{
    (void)http;
    evconnlistener_disable(listener);
}

/* --- requests --- */

static void answer(struct evhttp_request *request, int status, const char *reason,
                   const char *type, const char *text, size_t size)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct evbuffer *body = evbuffer_new();
    if (!body || evbuffer_add(body, text, size) < 0)
        mem_exhausted();
    evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "Connection", "close");
    evhttp_send_reply(request, status, reason, body);
    evbuffer_free(body);
}

static void refuse(struct evhttp_request *request, int status, const char *reason)
{
    UT_string text;
    utstring_init(&text);
    utstring_printf(&text, "%d %s: there is GET /metrics\n", status, reason);
    answer(request, status, reason, "text/plain; charset=utf-8", utstring_body(&text),
           utstring_len(&text));
    utstring_done(&text);
}

static void note_request(struct metrics *metrics, struct evhttp_request *request)
{
    struct bufferevent *bev =
        evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
    struct connection *connection;
    DL_SEARCH_SCALAR(metrics->connections, connection, bev, bev);
    if (connection)
        connection->asked = true;
}

static bool is_our_path(const struct evhttp_request *request)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
    return path && strcmp(path, "/metrics") == 0;
}

static void requested(struct evhttp_request *request, void *context)
{
    struct metrics *metrics = context;
    enum evhttp_cmd_type method = evhttp_request_get_command(request);
    note_request(metrics, request);
    if (!is_our_path(request)) {
        refuse(request, HTTP_NOTFOUND, "Not Found");
        return;
    }
    if (method != EVHTTP_REQ_GET) {
        evhttp_add_header(evhttp_request_get_output_headers(request), "Allow", "GET");
        refuse(request, HTTP_BADMETHOD, "Method Not Allowed");
        return;
    }
    const struct host *host = &metrics->hub->host;
    const enum part part = host->enter(host->context, PART_METRICS);
    UT_string text;
    utstring_init(&text);
    metrics_text(metrics->hub, &text);
    answer(request, HTTP_OK, "OK", METRICS_TEXT_TYPE, utstring_body(&text),
           utstring_len(&text));
    utstring_done(&text);
    host->enter(host->context, part);
}

/* --- life --- */

static struct evhttp *create_http(struct metrics *metrics)
{
    enum {
        METHODS = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                  EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
                  EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH
    };
    struct evhttp *http = evhttp_new(metrics->base);
    if (!http)
        mem_exhausted();
    evhttp_set_allowed_methods(http, METHODS);
    evhttp_set_max_headers_size(http, HEADERS_MAX);
    evhttp_set_max_body_size(http, BODY_MAX);
    evhttp_set_bevcb(http, connected, metrics);
    evhttp_set_gencb(http, requested, metrics);
    return http;
}

static void serve(struct metrics *metrics)
{
    const struct bound *bound = &metrics->sockets.bound;
    for (size_t i = 0; i < bound->count; i++) {
        struct evhttp_bound_socket *handle =
            evhttp_accept_socket_with_handle(metrics->http, bound->fds[i]);
        if (!handle)
            mem_exhausted();
        metrics->listeners[i] = evhttp_bound_socket_get_listener(handle);
        evconnlistener_set_error_cb(metrics->listeners[i], accept_failed);
    }
}

struct metrics *metrics_create(struct loop *loop, const struct hub *hub, const char *endpoint,
                               char **error)
{
    struct metrics *metrics = mem_zalloc(sizeof *metrics);
    if (!metrics_bind(endpoint, &metrics->sockets, error)) {
        free(metrics);
        return NULL;
    }
    metrics->base = loop->base;
    metrics->hub = hub;
    metrics->http = create_http(metrics);
    metrics->sweep = timeout_create(loop, LOOP_OPERATOR, PART_METRICS, sweep_cb, metrics);
    timeout_set(metrics->sweep, REST);
    serve(metrics);
    return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
    if (!metrics)
        return;
    evhttp_free(metrics->http);
    while (metrics->connections)
        forget(metrics, metrics->connections);
    timeout_destroy(metrics->sweep);
    metrics_bind_finish(&metrics->sockets);
    free(metrics);
}
