/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "server/http.h"
#include "server/metrics_bind.h"
#include "server/metrics_text.h"

struct metrics {
    struct metrics_sockets sockets;
    struct http_page page;
    struct http *http;
};

static void write_page(void *context, UT_string *out)
{
    metrics_text(context, out);
}

struct metrics *metrics_create(struct streams *streams, struct hub *hub, const char *endpoint,
                               char **error)
{
    struct metrics *metrics = mem_zalloc(sizeof *metrics);
    if (!metrics_bind(endpoint, &metrics->sockets, error)) {
        free(metrics);
        return NULL;
    }
    metrics->page = (struct http_page){
        .path = "/metrics", .type = METRICS_TEXT_TYPE, .write = write_page, .context = hub};
    metrics->http = http_create(streams, metrics->sockets.bound.fds,
                                metrics->sockets.bound.count, &metrics->page);
    if (metrics->http)
        return metrics;
    fail_with(error, "cannot listen on %s: %s", endpoint, strerror(errno));
    metrics_destroy(metrics);
    return NULL;
}

void metrics_destroy(struct metrics *metrics)
{
    if (!metrics)
        return;
    http_destroy(metrics->http);
    metrics_bind_finish(&metrics->sockets);
    free(metrics);
}
