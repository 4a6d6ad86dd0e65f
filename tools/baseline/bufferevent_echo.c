/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The echo server of libevent's own book, for comparison (tools/bench): bufferevents that
 * hand on what they have read; over UDP one datagram for each callback.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "setup.h"

static void read_cb(struct bufferevent *bev, void *context)
{
    (void)context;
    evbuffer_add_buffer(bufferevent_get_output(bev), bufferevent_get_input(bev));
}

static void event_cb(struct bufferevent *bev, short what, void *context)
{
    (void)context;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        bufferevent_free(bev);
}

static void accept_cb(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *address, int length, void *context)
{
    (void)address;
    (void)length;
    (void)context;
    struct event_base *base = evconnlistener_get_base(listener);
    struct bufferevent *bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (!bev)
        setup_fail("bufferevent_socket_new");
    bufferevent_setcb(bev, read_cb, NULL, event_cb, NULL);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void datagram_cb(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    (void)context;
    static char buffer[65536];
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    ssize_t got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&name, &length);
    if (got >= 0)
        sendto(fd, buffer, (size_t)got, 0, (struct sockaddr *)&name, length);
}

int main(int argc, char **argv)
{
    struct setup setup = setup_read(argc, argv);
    struct event_base *base = event_base_new();
    if (!base)
        setup_fail("event_base_new");
    if (setup.udp) {
        struct event *event =
            event_new(base, setup.fd, EV_READ | EV_PERSIST, datagram_cb, NULL);
        if (!event || event_add(event, NULL) < 0)
            setup_fail("event_add");
    } else if (!evconnlistener_new(base, accept_cb, NULL, LEV_OPT_CLOSE_ON_FREE, SETUP_BACKLOG,
                                   setup.fd)) {
        setup_fail("evconnlistener_new");
    }
    return event_base_dispatch(base) < 0;
}
