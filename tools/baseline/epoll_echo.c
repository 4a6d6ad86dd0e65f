/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The echo server that somebody who needs nothing else writes by hand on epoll: what telexd is
 * measured against (tools/bench). Level triggered, one recv and one send for each readiness,
 * UDP in batches. It knows no peers, no limits, no time-outs and nobody who watches.
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
#include <sys/uio.h>
#include <unistd.h>

#include "setup.h"

enum { EVENTS = 512, BATCH = 32, BUFFER = 65536, RECEIVE_BUFFER = 4 << 20 };

struct client {
    int fd;
    char *rest; /* what the socket did not take, malloc'ed; then reading stops */
    size_t size;
    size_t sent;
};

static char buffer[BUFFER];

static void watch(int epoll, int operation, int fd, uint32_t what, void *context)
{
    struct epoll_event event = {.events = what, .data.ptr = context};
    if (epoll_ctl(epoll, operation, fd, &event) < 0)
        setup_fail("epoll_ctl");
}

/* --- TCP --- */

static void end(struct client *client)
{
    close(client->fd);
    free(client->rest);
    free(client);
}

static bool is_for_later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static void accept_all(int epoll, int listener)
{
    int on = 1;
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct client *client = calloc(1, sizeof *client);
        if (!client)
            setup_fail("calloc");
        client->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, client);
    }
}

static void keep(int epoll, struct client *client, const char *data, size_t size)
{
    client->rest = malloc(size);
    if (!client->rest)
        setup_fail("malloc");
    memcpy(client->rest, data, size);
    client->size = size;
    client->sent = 0;
    watch(epoll, EPOLL_CTL_MOD, client->fd, EPOLLOUT, client);
}

static void echo(int epoll, struct client *client)
{
    ssize_t got = recv(client->fd, buffer, sizeof buffer, 0);
    if (got <= 0) {
        if (got == 0 || !is_for_later())
            end(client);
        return;
    }
    ssize_t sent = send(client->fd, buffer, (size_t)got, MSG_NOSIGNAL);
    if (sent < 0 && !is_for_later()) {
        end(client);
        return;
    }
    if (sent < 0)
        sent = 0;
    if (sent < got)
        keep(epoll, client, buffer + sent, (size_t)(got - sent));
}

static void send_rest(int epoll, struct client *client)
{
    size_t left = client->size - client->sent;
    ssize_t sent = send(client->fd, client->rest + client->sent, left, MSG_NOSIGNAL);
    if (sent < 0) {
        if (!is_for_later())
            end(client);
        return;
    }
    client->sent += (size_t)sent;
    if (client->sent == client->size) {
        free(client->rest);
        client->rest = NULL;
        watch(epoll, EPOLL_CTL_MOD, client->fd, EPOLLIN, client);
    }
}

/* --- UDP --- */

struct batch {
    struct mmsghdr headers[BATCH];
    struct iovec pieces[BATCH];
    struct sockaddr_in names[BATCH];
    char data[BATCH][BUFFER];
};

static void prepare_udp(int fd)
{
    int size = RECEIVE_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

static int receive_batch(int fd, struct batch *batch)
{
    for (int i = 0; i < BATCH; i++) {
        batch->pieces[i] = (struct iovec){.iov_base = batch->data[i], .iov_len = BUFFER};
        batch->headers[i].msg_hdr = (struct msghdr){.msg_name = &batch->names[i],
                                                    .msg_namelen = sizeof batch->names[i],
                                                    .msg_iov = &batch->pieces[i],
                                                    .msg_iovlen = 1};
    }
    return recvmmsg(fd, batch->headers, BATCH, MSG_DONTWAIT, NULL);
}

/* The headers that were received say where to, too. What the kernel has no room for is lost. */
static void echo_batch(int fd, struct batch *batch)
{
    int got = receive_batch(fd, batch);
    for (int i = 0; i < got; i++)
        batch->pieces[i].iov_len = batch->headers[i].msg_len;
    for (int done = 0; done < got;) {
        int sent = sendmmsg(fd, batch->headers + done, (unsigned)(got - done), MSG_DONTWAIT);
        done += sent > 0 ? sent : 1;
    }
}

/* --- the loop --- */

static void serve(int epoll, const struct epoll_event *event, int listener)
{
    struct client *client = event->data.ptr;
    if (!client)
        accept_all(epoll, listener);
    else if (client->rest)
        send_rest(epoll, client);
    else
        echo(epoll, client);
}

int main(int argc, char **argv)
{
    struct setup setup = setup_read(argc, argv);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct batch *batch = setup.udp ? malloc(sizeof *batch) : NULL;
    if (epoll < 0 || (setup.udp && !batch))
        setup_fail("cannot start");
    if (setup.udp)
        prepare_udp(setup.fd);
    watch(epoll, EPOLL_CTL_ADD, setup.fd, EPOLLIN, NULL);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (batch)
                echo_batch(setup.fd, batch);
            else
                serve(epoll, &events[i], setup.fd);
        }
    }
}
