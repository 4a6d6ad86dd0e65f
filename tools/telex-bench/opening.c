/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/opening.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "telex-bench/clock.h"
#include "telex-bench/run.h"

enum { AT_ONCE = 64 }; /* so that no server's queue of callers overflows */

static const int64_t patience = INT64_C(10) * CLOCK_SECOND; /* without any progress */
static const int64_t pause_length = CLOCK_MILLISECOND;      /* where the server is not ready */

static void be_open(struct client *client)
{
    struct run *run = client->run;
    client->source.ready = run->mode->ready;
    histogram_add(&run->tally.connect, clock_now() - client->called);
    run->opened++;
}

static void greeting_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    (void)events;
    const int done = wire_greet(client->wire);
    if (done > 0)
        be_open(client);
    else if (done < 0)
        client_fail(client);
}

static void opening_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    int reason = 0;
    socklen_t length = sizeof reason;
    if (!(events & (EPOLLOUT | EPOLLERR)))
        return;
    if (getsockopt(source->fd, SOL_SOCKET, SO_ERROR, &reason, &length) != 0)
        reason = errno;
    if (reason != 0) {
        errno = reason;
        client_fail(client);
        return;
    }
    if (!client->wire) {
        be_open(client);
        return;
    }
    source->ready = greeting_ready;
    greeting_ready(source, events);
}

/* False: errno. */
static bool call(struct run *run, struct client *client)
{
    client->called = clock_now();
    client->source.ready = opening_ready;
    if (!client_call(client))
        return false;
    run->alive++;
    return poller_add(&run->poller, &client->source, EPOLLIN | EPOLLOUT | EPOLLET);
}

static bool fail(const struct run *run, const char *why, char **error)
{
    *error = mem_printf("cannot connect to %s: %s%s", run->target.text, why,
                        run->opened > 0 ? " (others are connected)" : "");
    return false;
}

/* Begins as many calls as may be under way. False: errno, which EAGAIN makes a pause. */
static bool call_more(struct run *run, uint64_t *called)
{
    while (*called < run->settings->clients && *called - run->opened < AT_ONCE) {
        if (!call(run, run_client(run, *called)))
            return false;
        ++*called;
    }
    return true;
}

static bool connect_all(struct run *run, char **error)
{
    uint64_t called = 0, opened = 0;
    int64_t deadline = clock_now() + patience;
    while (run->opened < run->settings->clients) {
        bool pause = false;
        if (!call_more(run, &called)) {
            if (errno != EAGAIN)
                return fail(run, strerror(errno), error);
            pause = true;
        }
        run_turn(run, pause ? clock_now() + pause_length : deadline);
        if (run->tally.errors > 0)
            return fail(run, run->tally.first_error, error);
        if (run->interrupted)
            return fail(run, "interrupted", error);
        if (run->opened > opened)
            deadline = clock_now() + patience;
        else if (clock_now() >= deadline)
            return fail(run, "no answer", error);
        opened = run->opened;
    }
    return true;
}

bool opening_all(struct run *run, char **error)
{
    if (run->mode->connects) {
        run->opened = run->alive = run->settings->clients;
        return true;
    }
    int64_t start = clock_now();
    bool good = connect_all(run, error);
    run->opening = clock_now() - start;
    return good;
}
