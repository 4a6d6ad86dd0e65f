/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/fail.h"
#include "base/mem.h"
#include "fleet/bus.h"
#include "fleet/bus_line.h"
#include "fleet/bus_parts.h"
#include "tls/tls_memory.h"

/* A broker that says nothing for two of them is gone; one that takes nothing is after one. */
enum { PING = 2000, PINGS = 2, WRITE = 2000, CONNECT = 2000 /* milliseconds */ };

/* libnats puts the place in its source before what it says: "(conn.c:1905): ". */
char *bus_why(natsStatus status, const char *detail)
{
    const char *behind = detail ? strstr(detail, "): ") : NULL;
    if (behind && *detail == '(')
        detail = behind + strlen("): ");
    return escape_string(detail && *detail ? detail : natsStatus_GetText(status));
}

char *bus_public(const char *servers)
{
    UT_string text;
    char *rest, *copy = mem_strdup(servers);
    utstring_init(&text);
    for (char *one = strtok_r(copy, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        const char *scheme = strstr(one, "://"), *at = strrchr(one, '@');
        if (utstring_len(&text) > 0)
            utstring_bincpy(&text, ",", 1);
        if (at && scheme && at > scheme)
            escape_bytes(&text, one, (size_t)(scheme - one) + strlen("://"));
        const char *shown = at ? at + 1 : one;
        escape_bytes(&text, shown, strlen(shown));
    }
    free(copy);
    return utstring_body(&text);
}

/* Threads inherit what is blocked, and libnats makes its own with the first call: no signal is
 * for them. They are not all gone when main returns. */
static natsStatus create_quietly(natsOptions **options)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    tls_memory_keep();
    natsStatus status = natsOptions_Create(options);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

/* Each connection is made and given up by us, so libnats is to make none again by itself: what
 * it would keep to be sent later could come after what is newer. */
static natsStatus set_manners(natsOptions *options)
{
    natsStatus status = natsOptions_SetAllowReconnect(options, false);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, CONNECT);
    if (status == NATS_OK)
        status = natsOptions_SetPingInterval(options, PING);
    if (status == NATS_OK)
        status = natsOptions_SetMaxPingsOut(options, PINGS);
    if (status == NATS_OK)
        status = natsOptions_SetWriteDeadline(options, WRITE);
    if (status == NATS_OK)
        status = natsOptions_SetSendAsap(options, true);
    if (status == NATS_OK)
        status = natsOptions_UseGlobalMessageDelivery(options, true);
    return status;
}

static natsStatus set_servers(natsOptions *options, const char *servers)
{
    enum { MOST = 16 };
    const char *each[MOST];
    int count = 0;
    char *rest, *copy = mem_strdup(servers);
    for (char *one = strtok_r(copy, ",", &rest); one && count < MOST;
         one = strtok_r(NULL, ",", &rest))
        each[count++] = one;
    natsStatus status = natsOptions_SetServers(options, each, count);
    free(copy);
    return status;
}

/* libnats reads credentials only when it connects, and does not say why it cannot read others.
 */
static bool can_read(const char *path, char **error)
{
    return !path || access(path, R_OK) == 0 ||
           fail_with(error, "cannot use %s: %s", path, strerror(errno));
}

/* The setting that cannot be used is named. */
static bool set_files(natsOptions *options, const struct bus_settings *settings, char **error)
{
    const char *path = settings->credentials;
    natsStatus status = NATS_OK;
    if (path)
        status = natsOptions_SetUserCredentialsFromFiles(options, path, NULL);
    if (status == NATS_OK && (path = settings->ca))
        status = natsOptions_LoadCATrustedCertificates(options, path);
    if (status == NATS_OK && (path = settings->certificate))
        status = natsOptions_LoadCertificatesChain(options, path, settings->key);
    if (status == NATS_OK)
        return true;
    *error = bus_why(status, nats_GetLastError(NULL));
    return fail_about(error, "cannot use", path);
}

static bool set_all(natsOptions *options, const struct bus_settings *settings, char **error)
{
    natsStatus status = set_manners(options);
    if (status == NATS_OK && settings->name)
        status = natsOptions_SetName(options, settings->name);
    if (status == NATS_OK && settings->servers) {
        status = set_servers(options, settings->servers);
        if (status != NATS_OK)
            return fail_with(error, "%s is no address of NATS, such as nats://127.0.0.1:4222",
                             settings->servers);
    }
    if (status == NATS_OK)
        return can_read(settings->credentials, error) && can_read(settings->ca, error) &&
               can_read(settings->certificate, error) && can_read(settings->key, error) &&
               set_files(options, settings, error);
    *error = bus_why(status, NULL);
    return false;
}

static void free_options(struct task *task)
{
    struct bus_options *options = container_of(task, struct bus_options, task);
    natsOptions_Destroy(options->of);
    free(options->servers);
    free(options);
}

static void run_nothing(struct task *task)
{
    (void)task;
}

struct bus_options *bus_options_create(const struct bus_settings *settings, char **error)
{
    natsOptions *of;
    natsStatus status = create_quietly(&of);
    if (status != NATS_OK) {
        *error = bus_why(status, NULL);
        return NULL;
    }
    struct bus_options *options = mem_zalloc(sizeof *options);
    options->of = of;
    options->servers = bus_public(settings->servers ? settings->servers : NATS_DEFAULT_URL);
    options->task = (struct task){.run = run_nothing, .drop = free_options, .owed = true};
    if (set_all(of, settings, error))
        return options;
    free_options(&options->task);
    return NULL;
}

void bus_options_leave(struct bus_options *options, struct thread *thread)
{
    thread_give(thread, &options->task);
}
