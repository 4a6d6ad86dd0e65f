/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/datagram.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"
#include "transport/udp_socket.h"

static struct fake_board world;
static struct listener *listener;
static struct udp_socket *udp;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    listener = fake_board_listen(&world, "udp://127.0.0.1:0?reply=none");
    udp = world.board.udp_sockets;
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static union address address_at(in_port_t port)
{
    union address address;
    ck_assert(address_parse("192.0.2.1", port, &address));
    return address;
}

static struct udp_link *peer_at(in_port_t port)
{
    union address remote = address_at(port);
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    udp_link_place(link, udp, &remote);
    hub_open(&world.fake.hub, link->link.peer);
    return link;
}

START_TEST(is_found_once_it_is_placed)
{
    union address remote = address_at(5);
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    ck_assert_int_eq(link->link.peer->state, PEER_CONNECTING);
    ck_assert_ptr_null(udp_link_find(udp, &remote));
    udp_link_place(link, udp, &remote);
    ck_assert_ptr_eq(udp_link_find(udp, &remote), link);
    udp_link_unplace(link);
    ck_assert_ptr_null(udp_link_find(udp, &remote));
}
END_TEST

START_TEST(is_counted_until_it_is_freed)
{
    struct udp_link *link = peer_at(5);
    ck_assert_uint_eq(world.fake.hub.limits.datagrams, 1);
    ck_assert_uint_eq(udp->references, 2);
    hub_close(&world.fake.hub, link->link.peer, CLOSE_OPERATOR);
    fake_board_until(&world, "close #1 operator");
    fake_board_turn(&world);
    ck_assert_uint_eq(world.fake.hub.limits.datagrams, 0);
    ck_assert_uint_eq(udp->references, 1);
    ck_assert_ptr_null(udp->idle);
}
END_TEST

START_TEST(may_move_to_another_socket)
{
    union address remote = address_at(5);
    fake_board_listen(&world, "udp://127.0.0.2:0");
    struct udp_socket *other = udp->next;
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    udp_link_place(link, other, &remote);
    ck_assert_ptr_eq(link->socket, other);
    ck_assert_ptr_eq(udp_link_find(other, &remote), link);
    ck_assert_ptr_null(udp_link_find(udp, &remote));
    ck_assert_uint_eq(udp->references, 1);
    ck_assert_uint_eq(other->references, 2);
}
END_TEST

START_TEST(who_was_used_least_may_go_first)
{
    struct udp_link *one = peer_at(1), *two = peer_at(2);
    ck_assert_ptr_eq(udp_link_evictable(udp), one);
    udp_socket_touch(one);
    ck_assert_ptr_eq(udp_link_evictable(udp), two);
}
END_TEST

START_TEST(nobody_goes_who_has_a_name_or_is_a_target)
{
    struct hub *hub = &world.fake.hub;
    struct udp_link *one = peer_at(1), *two = peer_at(2);
    ck_assert(hub_name(hub, one->link.peer, "meter"));
    hub_pin(hub, two->link.peer->number, true);
    ck_assert_ptr_null(udp_link_evictable(udp));
    hub_pin(hub, two->link.peer->number, false);
    ck_assert_ptr_eq(udp_link_evictable(udp), two);
}
END_TEST

START_TEST(sends_what_fits)
{
    static char data[DATAGRAM_MAX + 1];
    union address remote;
    int receiver = fake_board_socket(SOCK_DGRAM, &remote);
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    udp_link_place(link, udp, &remote);
    const struct link_ops *ops = link->link.ops;
    ck_assert_int_eq(ops->send(&link->link, data, DATAGRAM_MAX), 0);
    ck_assert_int_eq(recv(receiver, data, sizeof data, 0), DATAGRAM_MAX);
    ck_assert_int_eq(ops->send(&link->link, data, DATAGRAM_MAX + 1), EMSGSIZE);
    close(receiver);
}
END_TEST

START_TEST(no_reply_ever_is_a_broadcast)
{
    union address all;
    ck_assert(address_parse("127.255.255.255", 9, &all));
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    udp_link_place(link, udp, &all);
    ck_assert_int_eq(link->link.ops->send(&link->link, "x", 1), EACCES);
    ck_assert(!link->broadcast);
}
END_TEST

START_TEST(describes_both_ends)
{
    struct link_description description = {0};
    struct udp_link *link = peer_at(5);
    link->link.ops->describe(&link->link, &description);
    ck_assert_str_eq(description.remote, "192.0.2.1:5");
    ck_assert_str_eq(description.local, listener->origin.text + strlen("udp://"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {is_found_once_it_is_placed,
                                  is_counted_until_it_is_freed,
                                  may_move_to_another_socket,
                                  who_was_used_least_may_go_first,
                                  nobody_goes_who_has_a_name_or_is_a_target,
                                  sends_what_fits,
                                  no_reply_ever_is_a_broadcast,
                                  describes_both_ends,
                                  NULL};
    return check_run_with("udp_link", setup, teardown, tests);
}
