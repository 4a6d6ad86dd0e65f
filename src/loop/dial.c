/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/dial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/cast.h"
#include "base/mem.h"
#include "loop/bind.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "loop/timeout.h"
#include "loop/unix_path.h"
#include "loop/watch.h"

/* RFC 8305 section 5, "Connection Attempt Delay". */
enum { ATTEMPT_DELAY = 250000 /* microseconds */ };

struct attempt {
    struct dial *dial;
    CAST_MARK;
    struct watch *ready; /* NULL: not begun, or failed */
    union address remote;
};

struct dial {
    struct loop *loop;
    CAST_MARK;
    struct dial_settings settings;
    const struct dial_callbacks *callbacks;
    void *context;
    char *path;                               /* of a Unix socket, or NULL */
    int (*open)(void *context, char **error); /* or NULL */
    struct resolve *resolve;
    struct timeout *next;  /* the next attempt is due */
    struct timeout *limit; /* the time limit */
    int64_t deadline;      /* of loop_clock; 0: none */
    struct attempt *attempts;
    size_t count;
    size_t begun;
    size_t pending;
    int cause;
};

static void drop_attempt(struct attempt *attempt)
{
    if (!attempt->ready)
        return;
    int fd = watch_fd(attempt->ready);
    watch_destroy(attempt->ready);
    attempt->ready = NULL;
    close(fd);
}

void dial_destroy(struct dial *dial)
{
    if (!dial)
        return;
    resolve_destroy(dial->resolve);
    for (size_t i = 0; i < dial->begun; i++)
        drop_attempt(&dial->attempts[i]);
    timeout_destroy(dial->next);
    timeout_destroy(dial->limit);
    free(dial->attempts);
    free(dial->path);
    free(dial);
}

static void fail(struct dial *dial, int cause, const char *text)
{
    timeout_stop(dial->next);
    timeout_stop(dial->limit);
    resolve_destroy(dial->resolve);
    dial->resolve = NULL;
    for (size_t i = 0; i < dial->begun; i++)
        drop_attempt(&dial->attempts[i]);
    dial->callbacks->failed(dial->context, cause, text);
}

static void succeed(struct attempt *attempt)
{
    struct dial *dial = attempt->dial;
    union address remote = attempt->remote;
    int fd = watch_fd(attempt->ready);
    watch_destroy(attempt->ready);
    attempt->ready = NULL;
    dial->callbacks->connected(dial->context, fd, &remote);
    dial_destroy(dial);
}

/* --- attempts --- */

static void begin_next(struct dial *dial);

static void attempt_failed(struct dial *dial, int cause)
{
    dial->cause = cause;
    begin_next(dial);
}

static void ready_cb(void *context)
{
    struct attempt *attempt = CAST(attempt, context);
    struct dial *dial = attempt->dial;
    int cause = 0;
    socklen_t length = sizeof cause;
    getsockopt(watch_fd(attempt->ready), SOL_SOCKET, SO_ERROR, &cause, &length);
    if (cause == 0) {
        succeed(attempt);
        return;
    }
    drop_attempt(attempt);
    dial->pending--;
    attempt_failed(dial, cause);
}

/* Returns 0 or an errno. */
static int begin(struct attempt *attempt)
{
    sa_family_t family = attempt->remote.any.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    if (!bind_local(attempt->dial->settings.bind_address, fd, family) ||
        (connect(fd, &attempt->remote.any, address_length(&attempt->remote)) < 0 &&
         errno != EINPROGRESS)) {
        int cause = errno;
        close(fd);
        return cause;
    }
    attempt->ready = watch_create(attempt->dial->loop, fd, WATCH_WRITE, LOOP_PEERS, PART_PEERS,
                                  ready_cb, attempt);
    watch_start(attempt->ready);
    return 0;
}

/* Begins attempts until one is under way; fails when all have. */
static void begin_next(struct dial *dial)
{
    while (dial->begun < dial->count) {
        int cause = begin(&dial->attempts[dial->begun++]);
        if (cause == 0) {
            dial->pending++;
            if (dial->begun < dial->count)
                timeout_set(dial->next, ATTEMPT_DELAY);
            return;
        }
        dial->cause = cause;
    }
    if (dial->pending == 0)
        fail(dial, dial->cause, strerror(dial->cause));
}

static void set_limit(struct dial *dial)
{
    if (dial->deadline > 0)
        timeout_set(dial->limit, dial->deadline - loop_clock());
}

static void resolved(void *context, const struct resolved *found, int cause, const char *error)
{
    struct dial *dial = CAST(dial, context);
    dial->resolve = NULL;
    if (!found) {
        fail(dial, cause, error);
        return;
    }
    dial->attempts = mem_alloc(found->count * sizeof *dial->attempts);
    for (size_t i = 0; i < found->count; i++) {
        struct attempt *attempt = &dial->attempts[i];
        *attempt = (struct attempt){.dial = dial, .remote = found->addresses[i]};
        CAST_INIT(attempt, attempt);
    }
    dial->count = found->count;
    set_limit(dial);
    begin_next(dial);
}

/* --- Unix sockets --- */

/* connect(2) on a Unix socket is done at once, refused, or EAGAIN while the backlog is full. */
static void connect_unix(struct dial *dial)
{
    int fd = unix_path_connect(dial->path);
    if (fd >= 0) {
        dial->callbacks->connected(dial->context, fd, NULL);
        dial_destroy(dial);
    } else if (errno == EAGAIN) {
        timeout_set(dial->next, ATTEMPT_DELAY);
    } else {
        fail(dial, errno, strerror(errno));
    }
}

/* --- what is had at once --- */

static void open_now(struct dial *dial)
{
    char *error = NULL;
    const int fd = dial->open(dial->context, &error);
    if (fd >= 0) {
        dial->callbacks->connected(dial->context, fd, NULL);
        dial_destroy(dial);
    } else if (error) {
        fail(dial, 0, error);
    } else {
        timeout_set(dial->next, 0);
    }
    free(error);
}

static void next_cb(void *context)
{
    struct dial *dial = CAST(dial, context);
    if (dial->open)
        open_now(dial);
    else if (dial->path)
        connect_unix(dial);
    else
        begin_next(dial);
}

static void limit_cb(void *context)
{
    fail(CAST(dial, context), ETIMEDOUT, strerror(ETIMEDOUT));
}

static struct dial *create(struct loop *loop, const struct dial_settings *settings,
                           const struct dial_callbacks *callbacks, void *context)
{
    struct dial *dial = mem_zalloc(sizeof *dial);
    CAST_INIT(dial, dial);
    dial->loop = loop;
    dial->settings = *settings;
    dial->callbacks = callbacks;
    dial->context = context;
    dial->next = timeout_create(loop, LOOP_OPERATOR, PART_PEERS, next_cb, dial);
    dial->limit = timeout_create(loop, LOOP_OPERATOR, PART_PEERS, limit_cb, dial);
    dial->deadline = settings->timeout > 0 ? loop_clock() + settings->timeout : 0;
    return dial;
}

struct dial *dial_create(struct loop *loop, const char *host, in_port_t port,
                         const struct dial_settings *settings,
                         const struct dial_callbacks *callbacks, void *context)
{
    struct dial *dial = create(loop, settings, callbacks, context);
    dial->resolve = resolve_create(loop, host, port, settings->timeout, resolved, dial);
    return dial;
}

struct dial *dial_create_unix(struct loop *loop, const char *path,
                              const struct dial_settings *settings,
                              const struct dial_callbacks *callbacks, void *context)
{
    struct dial *dial = create(loop, settings, callbacks, context);
    dial->path = mem_strdup(path);
    set_limit(dial);
    timeout_set(dial->next, 0);
    return dial;
}

struct dial *dial_create_open(struct loop *loop, int (*open)(void *context, char **error),
                              const struct dial_callbacks *callbacks, void *context)
{
    static const struct dial_settings no_limit = {0};
    struct dial *dial = create(loop, &no_limit, callbacks, context);
    timeout_destroy(dial->next);
    dial->next = timeout_create_of_many(loop, PART_PEERS, next_cb, dial);
    dial->open = open;
    timeout_set(dial->next, 0);
    return dial;
}
