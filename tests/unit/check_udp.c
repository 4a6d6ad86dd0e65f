/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"

static struct fake_board world;
static int sender;
static union address own;

static void setup(void)
{
    sender = fake_board_socket(SOCK_DGRAM, &own);
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
    close(sender);
}

static void connect_to(const struct listener *listener)
{
    union address address;
    ck_assert(address_parse("127.0.0.1", fake_board_port(listener), &address));
    ck_assert_int_eq(connect(sender, &address.any, sizeof address.v4), 0);
}

static void receive(const char *expected)
{
    char data[64];
    ssize_t size = recv(sender, data, sizeof data, 0);
    ck_assert_int_eq(size, (ssize_t)strlen(expected));
    ck_assert_mem_eq(data, expected, strlen(expected));
}

static struct link_description describe(const struct peer *peer)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    return description;
}

START_TEST(who_sends_becomes_a_peer_and_is_answered)
{
    char remote[ADDRESS_TEXT];
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0?reply=echo");
    connect_to(listener);
    ck_assert_int_eq(send(sender, "hi", 2, 0), 2);
    fake_board_until(&world, "open #1\nmessage #1 hi\nsent #1 hi by auto\n");
    receive("hi");
    struct link_description description = describe(hub_find(&world.fake.hub, 1));
    address_print(&own, remote);
    ck_assert_str_eq(description.remote, remote);
    ck_assert_str_eq(description.local, listener->origin.text + strlen("udp://"));
}
END_TEST

START_TEST(replies_leave_from_where_it_was_sent_to)
{
    union address address;
    struct listener *listener = fake_board_listen(&world, "udp://*:0?reply=echo");
    ck_assert(address_parse("127.0.0.5", fake_board_port(listener), &address));
    ck_assert_int_eq(connect(sender, &address.any, sizeof address.v4), 0);
    ck_assert_int_eq(send(sender, "hi", 2, 0), 2);
    fake_board_until(&world, "by auto");
    receive("hi"); /* a connected socket gets it from there alone */
    char local[ADDRESS_TEXT];
    address_print(&address, local);
    ck_assert_str_eq(describe(hub_find(&world.fake.hub, 1)).local, local);
}
END_TEST

START_TEST(its_peers_go_with_it)
{
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0?reply=none");
    connect_to(listener);
    ck_assert_int_eq(send(sender, "hi", 2, 0), 2);
    fake_board_until(&world, "message #1");
    hub_remove_listener(&world.fake.hub, listener);
    fake_board_until(&world, "close #1 operator received 2 sent 0 unsent 0\n");
    fake_board_turn(&world);
    ck_assert_ptr_null(world.board.udp_sockets);
    ck_assert_uint_eq(world.fake.hub.limits.datagrams, 0);
}
END_TEST

START_TEST(takes_over_a_socket)
{
    union address address;
    int fd = fake_board_socket(SOCK_DGRAM | SOCK_NONBLOCK, &address);
    char *endpoint = mem_printf("udp://127.0.0.1:%u?reply=none", address_port(&address));
    connect_to(fake_board_adopt(&world, endpoint, fd));
    ck_assert_int_eq(send(sender, "hi", 2, 0), 2);
    fake_board_until(&world, "message #1 hi");
    free(endpoint);
}
END_TEST

START_TEST(a_call_leaves_from_a_listeners_port)
{
    char data[8];
    union address remote;
    socklen_t length = sizeof remote;
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0?name=out");
    char *endpoint = mem_printf("udp://127.0.0.1:%u?from=out", address_port(&own));
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    fake_board_until(&world, "open #1");
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "yes", 3, 1, NULL), SEND_OK);
    ck_assert_int_eq(recvfrom(sender, data, sizeof data, 0, &remote.any, &length), 3);
    ck_assert_uint_eq(address_port(&remote), fake_board_port(listener));
    ck_assert_ptr_null(peer->origin->listener); /* its profile is its own */
    free(endpoint);
}
END_TEST

START_TEST(one_peer_is_called_once)
{
    fake_board_listen(&world, "udp://127.0.0.1:0?name=out");
    char *endpoint = mem_printf("udp://127.0.0.1:%u?from=1", address_port(&own));
    fake_board_call(&world, endpoint, NULL);
    fake_board_until(&world, "open #1");
    fake_board_call(&world, endpoint, NULL);
    fake_board_until(&world,
                     "close #2 error received 0 sent 0 unsent 0 error this listener has "
                     "that peer on the line already\n");
    free(endpoint);
}
END_TEST

START_TEST(from_must_be_a_udp_listener)
{
    static const char *const calls[][2] = {
        {"udp://127.0.0.1:9?from=7", "from=7: no UDP listener of that number or name"},
        {"udp://127.0.0.1:9?from=1", "from=1: no UDP listener of that number or name"},
        {"udp://127.0.0.1:9?from=%1b", "from=\\x1b: no UDP listener of that number or name"},
    };
    fake_board_listen(&world, "tcp://127.0.0.1:0");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        char *error = NULL;
        ck_assert_ptr_null(fake_board_call(&world, calls[i][0], &error));
        check_error(error, calls[i][1]);
    }
}
END_TEST

START_TEST(with_from_only_a_group_has_keys_of_its_own)
{
    fake_board_listen(&world, "udp://127.0.0.1:0");
    fake_board_call(&world, "udp://127.0.0.1:9?from=1&ttl=3", NULL);
    fake_board_until(&world,
                     "close #1 error received 0 sent 0 unsent 0 error with from=, only a "
                     "group takes interface, ttl and loop\n");
}
END_TEST

START_TEST(a_full_table_takes_no_call)
{
    char *error = NULL;
    world.fake.hub.limits.most.datagrams = 1;
    struct peer *peer = fake_board_call(&world, "udp://127.0.0.1:9", NULL);
    ck_assert_ptr_nonnull(peer);
    ck_assert_ptr_null(fake_board_call(&world, "udp://127.0.0.1:10", &error));
    ck_assert_ptr_nonnull(strstr(error, "--max-udp-peers"));
    free(error);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_sends_becomes_a_peer_and_is_answered,
                                  replies_leave_from_where_it_was_sent_to,
                                  its_peers_go_with_it,
                                  takes_over_a_socket,
                                  a_call_leaves_from_a_listeners_port,
                                  one_peer_is_called_once,
                                  from_must_be_a_udp_listener,
                                  with_from_only_a_group_has_keys_of_its_own,
                                  a_full_table_takes_no_call,
                                  NULL};
    return check_run_with("udp", setup, teardown, tests);
}
