/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections that are held and nothing else: what does it cost a server to have them? */
#include <errno.h>
#include <sys/epoll.h>

#include "telex-bench/client.h"
#include "telex-bench/mode.h"
#include "telex-bench/pattern.h"
#include "telex-bench/run.h"

static size_t idle_size(const struct settings *settings)
{
    (void)settings;
    return sizeof(struct client);
}

static void idle_start(struct client *client, int64_t now)
{
    (void)now;
    poller_change(&client->run->poller, &client->source, EPOLLIN);
}

static void idle_begin(struct client *client, int64_t due)
{
    (void)client;
    (void)due;
}

static void idle_flush(struct client *client, int64_t now)
{
    (void)client;
    (void)now;
}

/* A server may greet: what it says is read and not looked at. */
static void idle_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    (void)events;
    ssize_t size = client_receive(client, client->run->buffer, PATTERN_PIECE);
    if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    if (size == 0)
        errno = 0;
    client_fail(client);
}

const struct mode mode_idle = {
    .name = "idle",
    .holds = true,
    .size = 64,
    .size_least = 1,
    .size_most = 1 << 30,
    .depth_most = 1,
    .client_size = idle_size,
    .ready = idle_ready,
    .start = idle_start,
    .begin = idle_begin,
    .flush = idle_flush,
};
