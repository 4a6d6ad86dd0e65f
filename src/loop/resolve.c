/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/lookup.h"
#include "loop/resolve_thread.h"
#include "loop/timeout.h"
#include "loop/watch.h"

/* A loop's thread, and the event that brings its answers. */
struct resolver {
    struct job end; /* with the loop's, when no resolve is left */
    CAST_MARK;
    struct thread *thread;
    struct watch *answered;
};

struct resolve {
    struct loop *loop;
    CAST_MARK;
    char *host;
    in_port_t port;
    resolve_done *done;
    void *context;
    struct job begin;
    struct timeout *late; /* patience is over */
    struct resolve_question *question;
};

void resolve_destroy(struct resolve *resolve)
{
    if (!resolve)
        return;
    if (resolve->question)
        resolve_thread_withdraw(resolve->loop->resolver->thread, resolve->question);
    jobs_forget(&resolve->begin);
    timeout_destroy(resolve->late);
    free(resolve->host);
    free(resolve);
}

struct resolved resolved_copy(const struct resolved *resolved)
{
    return (struct resolved){
        .addresses =
            mem_dup(resolved->addresses, resolved->count * sizeof *resolved->addresses),
        .count = resolved->count,
    };
}

void resolved_finish(struct resolved *resolved)
{
    free(resolved->addresses);
    *resolved = (struct resolved){0};
}

/* --- the end of one --- */

static void succeed(struct resolve *resolve, const struct resolved *resolved)
{
    resolve->done(resolve->context, resolved, 0, NULL);
    resolve_destroy(resolve);
}

static void fail(struct resolve *resolve, int cause, const char *error)
{
    resolve->done(resolve->context, NULL, cause, error);
    resolve_destroy(resolve);
}

static void finish(struct resolve *resolve, const struct lookup *lookup)
{
    struct resolved resolved;
    resolved.count = lookup_addresses(lookup, resolve->port, &resolved.addresses);
    if (resolved.count > 0)
        succeed(resolve, &resolved);
    else
        fail(resolve, 0, lookup_error(lookup));
    resolved_finish(&resolved);
}

static void late_cb(void *context)
{
    fail(CAST(resolve, context), ETIMEDOUT, "no name server has answered in time");
}

/* --- the loop's thread --- */

/* One answer a turn: whoever waited for it may have much to do now. */
static void answered_cb(void *context)
{
    struct resolver *resolver = CAST(resolver, context);
    struct resolve_question *question = resolve_thread_answer(resolver->thread);
    struct resolve *resolve = question ? question->asker : NULL;
    if (resolve) {
        resolve->question = NULL;
        finish(resolve, &question->lookup);
    }
    if (question)
        resolve_question_free(question);
}

static void end_resolver(struct job *job)
{
    struct resolver *resolver = container_of(job, struct resolver, end);
    watch_destroy(resolver->answered);
    thread_destroy(resolver->thread);
    free(resolver);
}

/* Made with the first name. NULL with errno. */
static struct resolver *resolver_of(struct loop *loop)
{
    if (loop->resolver)
        return loop->resolver;
    struct thread *thread = thread_create();
    if (!thread)
        return NULL;
    struct resolver *resolver = mem_zalloc(sizeof *resolver);
    CAST_INIT(resolver, resolver);
    resolver->thread = thread;
    resolver->end = (struct job){.run = end_resolver, .part = PART_NAMES};
    jobs_add(&loop->ending, &resolver->end);
    resolver->answered = watch_create(loop, thread_fd(thread), WATCH_READ, LOOP_OPERATOR,
                                      PART_NAMES, answered_cb, resolver);
    watch_start(resolver->answered);
    loop->resolver = resolver;
    return resolver;
}

/* --- the beginning --- */

static void ask(struct resolve *resolve)
{
    struct resolver *resolver = resolver_of(resolve->loop);
    if (!resolver) {
        fail(resolve, 0, strerror(errno));
        return;
    }
    resolve->question = resolve_thread_ask(resolver->thread, resolve->host, resolve);
    if (!resolve->question)
        fail(resolve, 0, "too many names are being looked up already: try again later");
}

/* What needs no asking. What listens at every address listens at those of this machine. */
static size_t settle(const char *host, in_port_t port, union address addresses[2])
{
    if (strcmp(host, "*") == 0)
        return lookup_digits("::1", port, &addresses[0]) +
               lookup_digits("127.0.0.1", port, &addresses[1]);
    return lookup_digits(host, port, &addresses[0]);
}

bool resolve_is_name(const char *host)
{
    union address addresses[2];
    return settle(host, 0, addresses) == 0;
}

static void begin(struct job *job)
{
    struct resolve *resolve = container_of(job, struct resolve, begin);
    union address addresses[2];
    size_t count = settle(resolve->host, resolve->port, addresses);
    if (count > 0)
        succeed(resolve, &(struct resolved){.addresses = addresses, .count = count});
    else
        ask(resolve);
}

struct resolve *resolve_create(struct loop *loop, const char *host, in_port_t port,
                               int64_t patience, resolve_done *done, void *context)
{
    struct resolve *resolve = mem_zalloc(sizeof *resolve);
    CAST_INIT(resolve, resolve);
    resolve->loop = loop;
    resolve->host = mem_strdup(host);
    resolve->port = port;
    resolve->done = done;
    resolve->context = context;
    resolve->begin = (struct job){.run = begin, .part = PART_NAMES};
    resolve->late = timeout_create(loop, LOOP_OPERATOR, PART_NAMES, late_cb, resolve);
    loop_defer(loop, &resolve->begin);
    if (patience > 0)
        timeout_set(resolve->late, patience);
    return resolve;
}

bool resolve_now(const char *host, in_port_t port, struct resolved *resolved, char **error)
{
    union address settled[2];
    struct lookup lookup;
    resolved->count = settle(host, port, settled);
    if (resolved->count > 0) {
        resolved->addresses = mem_dup(settled, resolved->count * sizeof *settled);
        return true;
    }
    lookup_init(&lookup, host);
    lookup_run(&lookup);
    resolved->count = lookup_addresses(&lookup, port, &resolved->addresses);
    if (resolved->count == 0) {
        resolved_finish(resolved);
        *error = mem_strdup(lookup_error(&lookup));
    }
    lookup_finish(&lookup);
    return resolved->count > 0;
}
