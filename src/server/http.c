/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/http.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>

#include "base/cast.h"
#include "base/http_head.h"
#include "base/http_request.h"
#include "base/mem.h"
#include "loop/acceptor.h"
#include "loop/timeout.h"
#include "stream/stream.h"

enum {
    CONNECTIONS = 32, /* at a time */
    DATE_MAX = 40,
    /* Microseconds: */
    DEADLINE = 5000000, /* for one connection */
    FRESH = 50000,      /* since it was accepted: its request may be on its way */
};

struct connection {
    struct stream stream;
    struct http *http;
    int64_t since; /* of loop_clock */
    size_t head;   /* bytes so far */
    bool begun;    /* the first line has come */
    bool asked;    /* its whole request has come, or what is none */
    bool bare;     /* the answer has no body */
    enum http_status status;
    struct job end;
    struct connection *prev, *next;
};

struct http {
    struct framing framing; /* of each connection: line */
    struct streams *streams;
    CAST_MARK;
    const struct http_page *page;
    struct acceptor *acceptor;
    struct timeout *due;
    struct connection *connections; /* utlist */
    unsigned count;
};

/* --- coming and going --- */

static int64_t due_at(const struct connection *connection, bool full)
{
    return connection->since + (full && !connection->asked ? FRESH : DEADLINE);
}

static void set_timer(struct http *http)
{
    const bool full = http->count >= CONNECTIONS;
    const struct connection *connection;
    int64_t soonest = INT64_MAX;
    DL_FOREACH(http->connections, connection)
        if (due_at(connection, full) < soonest)
            soonest = due_at(connection, full);
    if (soonest == INT64_MAX)
        timeout_stop(http->due);
    else
        timeout_set(http->due, soonest - loop_clock());
}

static void destroy(struct connection *connection)
{
    struct http *http = connection->http;
    if (http->count-- >= CONNECTIONS)
        acceptor_resume(http->acceptor);
    DL_DELETE(http->connections, connection);
    jobs_forget(&connection->end);
    stream_finish(&connection->stream);
    free(connection);
    set_timer(http);
}

/* Its request is here, and it is us who are slow. */
static bool is_unread(const struct connection *connection)
{
    int size;
    return !connection->asked && ioctl(connection->stream.fd, FIONREAD, &size) == 0 && size > 0;
}

static void due_cb(void *context)
{
    struct http *http = CAST(http, context);
    struct connection *connection, *next;
    const bool full = http->count >= CONNECTIONS;
    const int64_t now = loop_clock();
    DL_FOREACH_SAFE(http->connections, connection, next) {
        if (due_at(connection, full) > now)
            continue;
        if (full && is_unread(connection))
            connection->since = now;
        else
            destroy(connection);
    }
    set_timer(http);
}

static void run_end(struct job *job)
{
    destroy(container_of(job, struct connection, end));
}

/* --- answers --- */

static void write_body(const struct connection *connection, UT_string *out)
{
    const struct http_page *page = connection->http->page;
    const struct host *host = &connection->http->streams->host;
    if (connection->status != HTTP_OK) {
        utstring_printf(out, "%d %s: there is GET %s\n", connection->status,
                        http_status_reason(connection->status), page->path);
        return;
    }
    const enum part part = host->enter(host->context, PART_METRICS);
    page->write(page->context, out);
    host->enter(host->context, part);
}

/* RFC 9110 section 5.6.7. */
static void write_date(UT_string *out)
{
    char date[DATE_MAX];
    struct tm utc;
    const time_t now = time(NULL);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    utstring_printf(out, "Date: %s\r\n", date);
}

static void write_head(const struct connection *connection, size_t size, UT_string *out)
{
    const enum http_status status = connection->status;
    const char *type =
        status == HTTP_OK ? connection->http->page->type : "text/plain; charset=utf-8";
    utstring_printf(out, "HTTP/1.1 %d %s\r\n", status, http_status_reason(status));
    write_date(out);
    utstring_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, size);
    utstring_printf(out, "Connection: close\r\n%s\r\n",
                    status == HTTP_METHOD ? "Allow: GET\r\n" : "");
}

/* What comes after it is not heard. */
static void answer(struct connection *connection)
{
    UT_string head, body;
    connection->asked = true;
    utstring_init(&head);
    utstring_init(&body);
    write_body(connection, &body);
    write_head(connection, utstring_len(&body), &head);
    if (!connection->bare)
        utstring_concat(&head, &body);
    stream_send(&connection->stream, utstring_body(&head), utstring_len(&head));
    stream_close(&connection->stream, connection->since + DEADLINE);
    utstring_done(&head);
    utstring_done(&body);
}

/* --- requests --- */

static enum http_status begin(struct connection *connection, const char *line, size_t size)
{
    const char *path = connection->http->page->path;
    struct http_request request = {0};
    const enum http_status status = http_request_read(line, size, &request);
    connection->begun = true;
    connection->bare = request.head;
    if (status == HTTP_OK && !http_request_is_for(&request, path))
        return HTTP_NOT_FOUND;
    return status == HTTP_OK && !request.get ? HTTP_METHOD : status;
}

static void message(struct stream *stream, const struct framing_piece *piece)
{
    struct connection *connection = container_of(stream, struct connection, stream);
    const char *line = piece->data;
    const size_t size = piece->size;
    connection->head += size;
    if (piece->partial || connection->head > HTTP_HEAD_MAX)
        connection->status = HTTP_BAD;
    else if (!connection->begun)
        connection->status = begin(connection, line, size);
    else if (http_line_is_empty(line, size))
        connection->asked = true;
    else if (!http_field_is_valid(line, size))
        connection->status = HTTP_BAD;
    if (connection->asked || connection->status == HTTP_BAD ||
        connection->status == HTTP_VERSION)
        answer(connection);
}

/* A line that has not ended is not waited for for ever. What it takes is an eighth more than
 * itself. */
static void holds(struct stream *stream, size_t added, size_t gone)
{
    struct connection *connection = container_of(stream, struct connection, stream);
    (void)added, (void)gone;
    if (connection->asked || stream_held(stream) <= HTTP_HEAD_MAX + HTTP_HEAD_MAX / 4)
        return;
    connection->status = HTTP_BAD;
    answer(connection);
}

static void ended(struct stream *stream)
{
    stream_close(stream, loop_clock());
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    struct connection *connection = container_of(stream, struct connection, stream);
    (void)how, (void)error;
    loop_defer(connection->http->streams->loop, &connection->end);
}

/* --- life --- */

static bool has_room(void *context)
{
    struct http *http = CAST(http, context);
    if (http->count < CONNECTIONS)
        return true;
    acceptor_pause(http->acceptor);
    return false;
}

static void take(void *context, int fd, const union address *remote)
{
    static const struct stream_user user = {
        .message = message, .holds = holds, .ended = ended, .over = over};
    struct http *http = CAST(http, context);
    struct connection *connection = mem_zalloc(sizeof *connection);
    (void)remote;
    connection->http = http;
    connection->since = loop_clock();
    connection->status = HTTP_OK;
    connection->end = (struct job){.run = run_end, .part = PART_METRICS};
    DL_APPEND(http->connections, connection);
    http->count++;
    stream_init(&connection->stream, http->streams, &user, &http->framing);
    stream_open(&connection->stream, fd, STREAM_ACCEPTED);
    set_timer(http);
}

struct http *http_create(struct streams *streams, const int *fds, size_t count,
                         const struct http_page *page)
{
    static const struct acceptor_ops ops = {.take = take, .has_room = has_room};
    struct http *http = mem_zalloc(sizeof *http);
    CAST_INIT(http, http);
    http->streams = streams;
    http->page = page;
    http->framing = framing_of(&framing_line);
    http->acceptor = acceptor_create(streams->loop, fds, count, &ops, http);
    if (!http->acceptor) {
        free(http);
        return NULL;
    }
    http->due = timeout_create(streams->loop, LOOP_OPERATOR, PART_METRICS, due_cb, http);
    acceptor_resume(http->acceptor);
    return http;
}

void http_destroy(struct http *http)
{
    if (!http)
        return;
    while (http->connections)
        destroy(http->connections);
    acceptor_destroy(http->acceptor);
    timeout_destroy(http->due);
    free(http);
}
