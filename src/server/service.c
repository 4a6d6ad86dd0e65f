/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/number.h"
#include "loop/loop.h"
#include "loop/timeout.h"

/* How long a message may wait for a manager that is busy: no peer should notice. */
enum { PATIENCE = 200000 /* microseconds */ };

struct service {
    int fd;
    CAST_MARK;
    struct sockaddr_un manager;
    socklen_t length;
    struct timeout *watchdog; /* NULL: nobody watches */
    int64_t interval;         /* microseconds */
};

/* --- telling --- */

/* One datagram, which holds one state. A failure is said: the manager may end us for it. */
static void tell(struct service *service, const char *state)
{
    if (sendto(service->fd, state, strlen(state), MSG_NOSIGNAL, &service->manager,
               service->length) < 0)
        log_error("cannot tell the service manager %.*s: %s", (int)strcspn(state, "\n"), state,
                  strerror(errno));
}

/* The next one is not far: this may be lost. */
static void watchdog_cb(void *context)
{
    static const char state[] = "WATCHDOG=1";
    struct service *service = CAST(service, context);
    ssize_t sent = sendto(service->fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
                          &service->manager, service->length);
    (void)sent;
    timeout_set(service->watchdog, service->interval);
}

void service_ready(struct service *service, const char *status)
{
    if (!service)
        return;
    char *state = mem_printf("READY=1\nSTATUS=%s", status);
    tell(service, state);
    free(state);
    if (service->watchdog && !timeout_is_set(service->watchdog))
        watchdog_cb(service);
}

void service_reloading(struct service *service)
{
    if (!service)
        return;
    char *state = mem_printf(
        "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\nSTATUS=Reading the file again", loop_clock());
    tell(service, state);
    free(state);
}

void service_stopping(struct service *service)
{
    if (service)
        tell(service, "STOPPING=1\nSTATUS=Closing");
}

/* --- who is to be told --- */

/* False where it is no address that we know: "/path", or "@name" of the abstract kind. */
static bool find_manager(struct service *service, const char *text)
{
    size_t size = strlen(text);
    if ((text[0] != '/' && text[0] != '@') || size < 2 ||
        size >= sizeof service->manager.sun_path)
        return false;
    service->manager.sun_family = AF_UNIX;
    memcpy(service->manager.sun_path, text, size + 1);
    service->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    if (text[0] == '@')
        service->manager.sun_path[0] = '\0';
    else
        service->length++;
    return true;
}

static bool open_socket(struct service *service)
{
    struct timeval patience = {.tv_usec = PATIENCE};
    service->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (service->fd < 0) {
        log_error("cannot tell the service manager anything: %s", strerror(errno));
        return false;
    }
    setsockopt(service->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return true;
}

/* Microseconds between two signs of life, or 0. */
static int64_t watchdog_time(const char *time, const char *pid)
{
    uint64_t microseconds, number;
    if (!time)
        return 0;
    if (!number_parse(time, INT64_MAX / 2, &microseconds) || microseconds == 0) {
        char *shown = escape_string(time);
        log_error("WATCHDOG_USEC='%s' is not a number of microseconds", shown);
        free(shown);
        return 0;
    }
    if (pid && (!number_parse(pid, INT64_MAX, &number) || number != (uint64_t)getpid()))
        return 0; /* it is another process that is watched */
    return (int64_t)microseconds;
}

static void prepare_watchdog(struct service *service, struct loop *loop)
{
    service->interval = watchdog_time(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID")) / 2;
    if (service->interval > 0)
        service->watchdog =
            timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, watchdog_cb, service);
}

static struct service *create(struct loop *loop, const char *manager)
{
    struct service *service = mem_zalloc(sizeof *service);
    CAST_INIT(service, service);
    if (!find_manager(service, manager)) {
        char *shown = escape_string(manager);
        log_error("NOTIFY_SOCKET='%s' is neither /path nor @name", shown);
        free(shown);
    } else if (open_socket(service)) {
        prepare_watchdog(service, loop);
        return service;
    }
    free(service);
    return NULL;
}

struct service *service_create(struct loop *loop)
{
    const char *manager = getenv("NOTIFY_SOCKET");
    struct service *service = manager && *manager ? create(loop, manager) : NULL;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    return service;
}

void service_destroy(struct service *service)
{
    if (!service)
        return;
    if (service->watchdog)
        timeout_destroy(service->watchdog);
    close(service->fd);
    free(service);
}
