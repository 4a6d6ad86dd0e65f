/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system's names, for tests: getaddrinfo(3) in place of the C library's. A name says itself
 * what is found: "+192.0.2.1+::1" has these two addresses, "?name" is unknown, "?again" gets no
 * answer, "?empty" is a host without an address, "?error" fails with ENOBUFS. To be included by
 * the test itself: what is in an archive would be every test's.
 */
#ifndef TELEX_TESTS_FAKE_NAMES_H
#define TELEX_TESTS_FAKE_NAMES_H

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool held;      /* who asks waits */
    unsigned begun; /* lookups ever */
    unsigned ended;
    bool took_signals; /* one was looked up where SIGTERM was not blocked */
} names = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* From now on whoever asks waits; or no longer. */
static inline void names_hold(bool on)
{
    pthread_mutex_lock(&names.lock);
    names.held = on;
    pthread_cond_broadcast(&names.changed);
    pthread_mutex_unlock(&names.lock);
}

/* Until so many lookups have begun, or ended, since the program began. */
static inline void names_await(const unsigned *counter, unsigned count)
{
    pthread_mutex_lock(&names.lock);
    while (*counter < count)
        pthread_cond_wait(&names.changed, &names.lock);
    pthread_mutex_unlock(&names.lock);
}

static inline unsigned names_begun(void)
{
    pthread_mutex_lock(&names.lock);
    unsigned begun = names.begun;
    pthread_mutex_unlock(&names.lock);
    return begun;
}

static inline void names_note_begin(void)
{
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    pthread_mutex_lock(&names.lock);
    names.took_signals |= !sigismember(&blocked, SIGTERM);
    names.begun++;
    pthread_cond_broadcast(&names.changed);
    while (names.held)
        pthread_cond_wait(&names.changed, &names.lock);
    pthread_mutex_unlock(&names.lock);
}

static inline void names_note_end(void)
{
    pthread_mutex_lock(&names.lock);
    names.ended++;
    pthread_cond_broadcast(&names.changed);
    pthread_mutex_unlock(&names.lock);
}

/* One piece of memory, as in the C library, whose freeaddrinfo frees it. */
static inline struct addrinfo *names_info(const char *text)
{
    struct {
        struct addrinfo info;
        union address address;
    } *made = calloc(1, sizeof *made);
    if (!address_parse(text, 0, &made->address))
        abort();
    made->info.ai_addr = &made->address.any;
    made->info.ai_addrlen = address_length(&made->address);
    made->info.ai_family = made->address.any.sa_family;
    return &made->info;
}

static inline int names_failure(const char *name)
{
    errno = ENOBUFS;
    return strcmp(name, "?again") == 0   ? EAI_AGAIN
           : strcmp(name, "?empty") == 0 ? EAI_NODATA
           : strcmp(name, "?error") == 0 ? EAI_SYSTEM
                                         : EAI_NONAME;
}

static inline int names_find(const char *name, struct addrinfo **found)
{
    if (*name == '?')
        return names_failure(name);
    char *copy = strdup(name + 1), *rest = copy;
    for (struct addrinfo **end = found; rest; end = &(*end)->ai_next)
        *end = names_info(strsep(&rest, "+"));
    free(copy);
    return 0;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    static __typeof__(&getaddrinfo) next;
    if (hints->ai_flags & AI_NUMERICHOST) {
        *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
        return next(name, service, hints, found);
    }
    names_note_begin();
    int failure = names_find(name, found);
    names_note_end();
    return failure;
}

#endif
