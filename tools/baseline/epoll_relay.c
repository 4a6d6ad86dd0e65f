/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay that somebody who needs nothing else writes by hand on epoll: what telexd is
 * measured against as it joins lines (tools/bench). For each connection it makes one to a port
 * of this machine, and passes on what comes: one recv and one send for each readiness. What the
 * other end does not take is kept, and reading rests until it is gone. It knows no limits, no
 * time-outs and nobody who watches.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "setup.h"

enum { EVENTS = 512, BUFFER = 65536 };

/* One of two. */
struct end {
    struct end *other;
    int fd;
    uint32_t events;
    bool ended; /* an end of file came from it */
    char *rest; /* what it did not take, malloc'ed */
    size_t size;
    size_t sent;
};

struct pair {
    struct end ends[2];
    bool gone; /* freed behind the events that are at hand */
    struct pair *next;
};

static char buffer[BUFFER];
static struct pair *gone;

static void control(int epoll, int operation, int fd, uint32_t events, void *context)
{
    struct epoll_event event = {.events = events, .data.ptr = context};
    if (epoll_ctl(epoll, operation, fd, &event) < 0)
        setup_fail("epoll_ctl");
}

/* Reads from an end while the other one has taken all. */
static void watch(int epoll, struct end *end)
{
    const uint32_t events =
        (end->ended || end->other->rest ? 0 : EPOLLIN) | (end->rest ? EPOLLOUT : 0);
    if (events != end->events)
        control(epoll, EPOLL_CTL_MOD, end->fd, events, end);
    end->events = events;
}

/* --- a pair --- */

static struct pair *pair_of(struct end *end)
{
    struct end *first = end < end->other ? end : end->other;
    return (struct pair *)first; /* that it begins with */
}

static void close_pair(struct pair *pair)
{
    if (pair->gone)
        return;
    pair->gone = true;
    for (int i = 0; i < 2; i++) {
        close(pair->ends[i].fd);
        free(pair->ends[i].rest);
    }
    pair->next = gone;
    gone = pair;
}

static void free_gone(void)
{
    struct pair *next;
    for (; gone; gone = next) {
        next = gone->next;
        free(gone);
    }
}

static int call(const struct sockaddr_in *far)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        setup_fail("socket");
    if (connect(fd, (const struct sockaddr *)far, sizeof *far) < 0 && errno != EINPROGRESS)
        setup_fail("connect");
    return fd;
}

static void join(int epoll, int fd, const struct sockaddr_in *far)
{
    struct pair *pair = calloc(1, sizeof *pair);
    const int fds[] = {fd, call(far)};
    if (!pair)
        setup_fail("calloc");
    for (int i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        *end = (struct end){.other = &pair->ends[1 - i], .fd = fds[i], .events = EPOLLIN};
        setsockopt(end->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        control(epoll, EPOLL_CTL_ADD, end->fd, end->events, end);
    }
}

/* --- bytes --- */

static bool is_for_later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* Its end of file is passed on behind all that came before. */
static void pass_end(struct end *end)
{
    if (end->ended && !end->other->rest)
        shutdown(end->other->fd, SHUT_WR);
    if (end->ended && end->other->ended && !end->rest && !end->other->rest)
        close_pair(pair_of(end));
}

static void keep(struct end *end, const char *data, size_t size)
{
    end->rest = malloc(size);
    if (!end->rest)
        setup_fail("malloc");
    memcpy(end->rest, data, size);
    end->size = size;
    end->sent = 0;
}

static void give(struct end *end, const char *data, size_t size)
{
    ssize_t sent = send(end->fd, data, size, MSG_NOSIGNAL);
    if (sent < 0 && !is_for_later()) {
        close_pair(pair_of(end));
        return;
    }
    if (sent < 0)
        sent = 0;
    if ((size_t)sent < size)
        keep(end, data + sent, size - (size_t)sent);
}

static void take(struct end *end)
{
    ssize_t got = recv(end->fd, buffer, sizeof buffer, 0);
    if (got > 0) {
        give(end->other, buffer, (size_t)got);
    } else if (got == 0) {
        end->ended = true;
        pass_end(end);
    } else if (!is_for_later()) {
        close_pair(pair_of(end));
    }
}

static void give_rest(struct end *end)
{
    ssize_t sent = send(end->fd, end->rest + end->sent, end->size - end->sent, MSG_NOSIGNAL);
    if (sent < 0) {
        if (!is_for_later())
            close_pair(pair_of(end));
        return;
    }
    end->sent += (size_t)sent;
    if (end->sent < end->size)
        return;
    free(end->rest);
    end->rest = NULL;
    pass_end(end->other);
}

/* --- the loop --- */

static void serve(int epoll, struct end *end, uint32_t events)
{
    const struct pair *pair = pair_of(end);
    if (!pair->gone && events & (EPOLLOUT | EPOLLERR) && end->rest)
        give_rest(end);
    if (!pair->gone && events & ~(uint32_t)EPOLLOUT && !end->ended && !end->other->rest)
        take(end);
    if (pair->gone)
        return;
    watch(epoll, end);
    watch(epoll, end->other);
}

static void accept_all(int epoll, int listener, const struct sockaddr_in *far)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        join(epoll, fd, far);
}

int main(int argc, char **argv)
{
    struct sockaddr_in far = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct setup setup = setup_read_relay(argc, argv, &far.sin_port);
    struct epoll_event events[EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        setup_fail("cannot start");
    control(epoll, EPOLL_CTL_ADD, setup.fd, EPOLLIN, NULL);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr)
                serve(epoll, events[i].data.ptr, events[i].events);
            else
                accept_all(epoll, setup.fd, &far);
        }
        free_gone();
    }
}
