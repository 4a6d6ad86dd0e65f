/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_call.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_board.h"
#include "transport/udp_socket.h"

static struct fake_board world;
static struct hub *hub;
static int far;
static union address own;
static char *endpoint;

static void setup(void)
{
    far = fake_board_socket(SOCK_DGRAM, &own);
    endpoint = mem_printf("udp://127.0.0.1:%u", address_port(&own));
    fake_board_init(&world, &(struct transport_settings){0});
    hub = &world.fake.hub;
}

static void teardown(void)
{
    fake_board_finish(&world);
    free(endpoint);
    if (far >= 0)
        close(far);
}

static struct link_description describe(const struct peer *peer)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    return description;
}

static void send_to(struct peer *peer, const char *text)
{
    ck_assert_int_eq(hub_send(hub, peer, text, strlen(text), 1, NULL), SEND_OK);
}

/* Receives at the far end, and answers. */
static void answer(const char *expected, const char *reply)
{
    char data[16];
    union address remote;
    socklen_t length = sizeof remote;
    ssize_t size = recvfrom(far, data, sizeof data, 0, &remote.any, &length);
    ck_assert_int_eq(size, (ssize_t)strlen(expected));
    ck_assert_mem_eq(data, expected, strlen(expected));
    ck_assert_int_eq(sendto(far, reply, strlen(reply), 0, &remote.any, length),
                     (ssize_t)strlen(reply));
}

START_TEST(speaks_with_one_far_end)
{
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ck_assert_int_eq(peer->state, PEER_CONNECTING);
    ck_assert_str_eq(describe(peer).remote, endpoint + strlen("udp://"));
    ck_assert_uint_eq(hub->limits.datagrams, 1);
    fake_board_until(&world, "open #1");
    ck_assert_str_eq(describe(peer).remote, endpoint + strlen("udp://"));
    send_to(peer, "hi");
    answer("hi", "yes");
    fake_board_until(&world, "message #1 yes");
    hub_close(hub, peer, CLOSE_OPERATOR);
    fake_board_until(&world, "close #1 operator received 3 sent 2 unsent 0\n");
    fake_board_turn(&world);
    ck_assert_uint_eq(hub->limits.datagrams, 0);
}
END_TEST

START_TEST(hears_nobody_else)
{
    union address address, local;
    int other = fake_board_socket(SOCK_DGRAM, &address);
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    fake_board_until(&world, "open #1");
    const struct link_description description = describe(peer);
    const char *port = strrchr(description.local, ':') + 1;
    ck_assert(address_parse("127.0.0.1", (in_port_t)strtoul(port, NULL, 10), &local));
    sendto(other, "no", 2, 0, &local.any, sizeof local.v4); /* the kernel may say so */
    send_to(peer, "hi");
    answer("hi", "yes");
    fake_board_until(&world, "message #1 yes");
    ck_assert_uint_eq(peer->received, 3);
    close(other);
}
END_TEST

START_TEST(learns_that_nobody_listens)
{
    close(far);
    far = -1;
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    fake_board_until(&world, "open #1");
    send_to(peer, "hi");
    fake_board_until(&world,
                     "close #1 error received 0 sent 2 unsent 0 error Connection refused");
}
END_TEST

/* localhost has two addresses: whoever is at one of them is found, and gets what was sent. */
START_TEST(tries_the_next_address)
{
    char *name = mem_printf("udp://localhost:%u", address_port(&own));
    struct peer *peer = fake_board_call(&world, name, NULL);
    fake_board_until(&world, "open #1");
    send_to(peer, "hi");
    for (int turn = 0; turn < 3; turn++)
        fake_board_turn(&world);
    answer("hi", "yes");
    fake_board_until(&world, "message #1 yes");
    free(name);
}
END_TEST

START_TEST(sends_broadcasts_and_takes_what_others_answer)
{
    union address all;
    int on = 1;
    int member = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(setsockopt(member, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    ck_assert(address_parse("0.0.0.0", 0, &all));
    ck_assert_int_eq(bind(member, &all.any, sizeof all.v4), 0);
    socklen_t length = sizeof all;
    ck_assert_int_eq(getsockname(member, &all.any, &length), 0);
    close(far);
    far = member;
    char *everybody = mem_printf("udp://127.255.255.255:%u", address_port(&all));
    struct peer *peer = fake_board_call(&world, everybody, NULL);
    fake_board_until(&world, "open #1");
    send_to(peer, "who");
    answer("who", "me");
    fake_board_until(&world, "open #2\nmessage #2 me\n");
    ck_assert_ptr_eq(hub_find(hub, 2)->origin, peer->origin);
    hub_close(hub, peer, CLOSE_OPERATOR);
    fake_board_turn(&world);
    ck_assert_ptr_nonnull(world.board.udp_sockets); /* those who answered keep it */
    hub_close(hub, hub_find(hub, 2), CLOSE_OPERATOR);
    fake_board_until(&world, "close #2");
    fake_board_turn(&world);
    ck_assert_ptr_null(world.board.udp_sockets);
    free(everybody);
}
END_TEST

START_TEST(only_broadcasts_are_permitted_and_only_while_they_are_sent)
{
    int value = -1;
    socklen_t length = sizeof value;
    struct peer *peer = fake_board_call(&world, "udp://127.255.255.255:9", NULL);
    fake_board_until(&world, "open #1");
    send_to(peer, "who");
    ck_assert_int_eq(
        getsockopt(world.board.udp_sockets->fd, SOL_SOCKET, SO_BROADCAST, &value, &length), 0);
    ck_assert_int_eq(value, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {speaks_with_one_far_end,
                                  hears_nobody_else,
                                  learns_that_nobody_listens,
                                  tries_the_next_address,
                                  sends_broadcasts_and_takes_what_others_answer,
                                  only_broadcasts_are_permitted_and_only_while_they_are_sent,
                                  NULL};
    return check_run_with("udp_call", setup, teardown, tests);
}
