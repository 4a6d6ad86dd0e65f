/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "loop/loop.h"
#include "transport/transport.h"
#include "transport/udp_link.h"

enum { LONG = 1400, MANY = 200 };

static struct loop loop;
static struct hub hub;
static struct switchboard board;
static struct listener *listener;
static struct udp_socket *udp;
static int sender;

static int bound_socket(union address *address)
{
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert(address_parse("127.0.0.1", 0, address));
    ck_assert_int_eq(bind(fd, &address->any, sizeof address->v4), 0);
    ck_assert_int_eq(getsockname(fd, &address->any, &length), 0);
    return fd;
}

static struct listener *make_listener(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert(endpoint_parse(text, &endpoint, &error));
    struct listener *made = listener_create(&endpoint, transport_udp.keys, &error);
    ck_assert_ptr_nonnull(made);
    profile_default(&made->origin.profile, &made->origin.endpoint, KEY_LISTEN, &agent_none,
                    EOL_UNSET, -1);
    return made;
}

static void setup(void)
{
    union address address, own;
    loop_init(&loop);
    const struct host host = loop_host(&loop);
    hub_init(&hub, &host, &(struct hub_settings){.max_queue = 1 << 20});
    switchboard_init(&board, &loop, &hub, &(struct transport_settings){0});
    listener = make_listener("udp://127.0.0.1:0");
    udp = udp_socket_create(&board, &listener->origin, bound_socket(&address));
    sender = bound_socket(&own);
    ck_assert_int_eq(connect(sender, &address.any, sizeof address.v4), 0);
}

static void teardown(void)
{
    if (udp)
        udp_socket_close(udp);
    hub_run_deferred(&hub);
    hub_finish(&hub);
    listener_release(listener);
    switchboard_finish(&board);
    loop_finish(&loop);
    close(sender);
}

static void send_some(unsigned count)
{
    char data[LONG];
    memset(data, 'x', sizeof data);
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(send(sender, data, sizeof data, 0), LONG);
}

static void set_buffer(int bytes)
{
    ck_assert_int_eq(setsockopt(udp->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
}

/* --- what the kernel drops --- */

/* The kernel tells how many it has dropped with the next datagram that it keeps. */
START_TEST(what_the_kernel_drops_is_counted)
{
    set_buffer(10 * LONG);
    for (unsigned round = 1; round <= 3; round++) {
        send_some(MANY);
        loop_poll(&loop);
        send_some(1);
        loop_poll(&loop);
        const uint64_t kept = hub.stats.messages_in;
        ck_assert_uint_gt(kept, round);
        ck_assert_uint_lt(kept, round * MANY);
        ck_assert_uint_eq(kept + hub.stats.dropped_kernel, round * (MANY + 1));
    }
}
END_TEST

START_TEST(nothing_is_counted_where_all_is_kept)
{
    send_some(20);
    loop_poll(&loop);
    ck_assert_uint_eq(hub.stats.messages_in, 20);
    ck_assert_uint_eq(hub.stats.dropped_kernel, 0);
}
END_TEST

/* Each socket has a count of its own. */
START_TEST(sockets_are_counted_apart)
{
    union address address;
    struct udp_socket *other =
        udp_socket_create(&board, &listener->origin, bound_socket(&address));
    int first = sender;
    set_buffer(10 * LONG);
    send_some(MANY);
    loop_poll(&loop);
    send_some(1);
    loop_poll(&loop);
    const uint64_t dropped = hub.stats.dropped_kernel;
    ck_assert_uint_gt(dropped, 0);
    sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(sender, &address.any, sizeof address.v4), 0);
    send_some(3);
    loop_poll(&loop);
    ck_assert_uint_eq(hub.stats.dropped_kernel, dropped);
    close(sender);
    sender = first;
    send_some(1);
    loop_poll(&loop);
    ck_assert_uint_eq(hub.stats.dropped_kernel, dropped);
    udp_socket_close(other);
}
END_TEST

/* --- whose it is --- */

START_TEST(a_socket_that_is_left_ends_with_its_last_peer)
{
    send_some(1);
    loop_poll(&loop);
    struct peer *peer = hub_next(&hub, NULL);
    ck_assert_ptr_nonnull(peer);
    struct udp_socket *left = udp;
    udp_socket_leave(udp);
    udp = NULL;
    send_some(1); /* who is on it is heard */
    loop_poll(&loop);
    ck_assert_uint_eq(hub.stats.messages_in, 2);
    int known = sender;
    sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(sender, &left->bound.any, sizeof left->bound.v4), 0);
    send_some(1); /* and nobody else */
    loop_poll(&loop);
    ck_assert_uint_eq(hub.stats.messages_in, 2);
    close(sender);
    sender = known;
    hub_detach(&hub, peer, CLOSE_OPERATOR, NULL);
    hub_run_deferred(&hub);
    ck_assert_ptr_null(board.udp_sockets);
}
END_TEST

START_TEST(a_socket_that_is_left_alone_ends_at_once)
{
    udp_socket_leave(udp);
    udp = NULL;
    ck_assert_ptr_null(board.udp_sockets);
}
END_TEST

START_TEST(closing_it_closes_its_peers)
{
    send_some(1);
    loop_poll(&loop);
    ck_assert_uint_eq(hub.limits.datagrams, 1);
    udp_socket_close(udp);
    udp = NULL;
    ck_assert_ptr_null(board.udp_sockets);
    hub_run_deferred(&hub);
    ck_assert_ptr_null(hub_next(&hub, NULL));
    ck_assert_uint_eq(hub.limits.datagrams, 0);
}
END_TEST

/* --- what is sent meanwhile --- */

/* Whoever sees a message may send: at once, and told what the kernel says of it. */
static void send_first(struct observer *observer, const struct hub_event *event)
{
    struct peer *peer = (struct peer *)event->peer;
    struct udp_link *link = (struct udp_link *)peer->link;
    int cause = 0;
    (void)observer;
    ck_assert_int_eq(hub_send(&hub, peer, "first", 5, 1, NULL), SEND_OK);
    const in_port_t port = link->remote.v4.sin_port;
    link->remote.v4.sin_port = 0;
    ck_assert_int_eq(hub_send(&hub, peer, "refused", 7, 1, &cause), SEND_FAILED);
    ck_assert_int_eq(cause, EINVAL);
    link->remote.v4.sin_port = port;
}

START_TEST(an_observer_sends_at_once)
{
    struct observer observer = {.notice = send_first, .wants = OBSERVER_WANTS(HUB_MESSAGE)};
    char data[8];
    audience_join(&hub.audience, &observer);
    listener->origin.profile.reply = &agent_echo;
    ck_assert_int_eq(send(sender, "a", 1, 0), 1);
    ck_assert_int_eq(send(sender, "b", 1, 0), 1);
    loop_poll(&loop);
    static const char *const expected[] = {"first", "a", "first", "b"};
    for (size_t i = 0; i < COUNT(expected); i++) {
        ssize_t size = recv(sender, data, sizeof data, 0);
        ck_assert_int_eq(size, (ssize_t)strlen(expected[i]));
        ck_assert_mem_eq(data, expected[i], (size_t)size);
    }
    ck_assert_uint_eq(hub.stats.replies, 2);
    ck_assert_uint_eq(hub.stats.messages_out, 4);
    audience_leave(&hub.audience, &observer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_the_kernel_drops_is_counted,
                                  nothing_is_counted_where_all_is_kept,
                                  sockets_are_counted_apart,
                                  a_socket_that_is_left_ends_with_its_last_peer,
                                  a_socket_that_is_left_alone_ends_at_once,
                                  closing_it_closes_its_peers,
                                  an_observer_sends_at_once,
                                  NULL};
    return check_run_with("udp_socket", setup, teardown, tests);
}
