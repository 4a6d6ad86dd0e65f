/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_batch.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/datagram.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"
#include "transport/udp_inbox.h"
#include "transport/udp_link.h"
#include "transport/udp_socket.h"

enum { PEERS = 2 };

static struct fake_board world;
static struct udp_batch *batch;
static struct udp_link *links[PEERS];
static int receivers[PEERS];
static char data[DATAGRAM_MAX + 1], got[DATAGRAM_MAX];

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0");
    struct udp_socket *udp = world.board.udp_sockets;
    batch = world.board.batch;
    for (int i = 0; i < PEERS; i++) {
        union address remote;
        receivers[i] = fake_board_socket(SOCK_DGRAM, &remote);
        links[i] = udp_link_create(udp, &listener->origin);
        udp_link_place(links[i], udp, &remote);
    }
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i % 251);
}

static void teardown(void)
{
    for (int i = 0; i < PEERS; i++)
        close(receivers[i]);
    fake_board_finish(&world);
}

static void receives(int receiver, size_t offset, size_t size)
{
    ck_assert_int_eq(recv(receivers[receiver], got, sizeof got, 0), (ssize_t)size);
    ck_assert(memcmp(got, data + offset, size) == 0);
}

static void receives_no_more(int receiver)
{
    ck_assert_int_lt(recv(receivers[receiver], got, sizeof got, MSG_DONTWAIT), 0);
    ck_assert_int_eq(errno, EAGAIN);
}

START_TEST(one_is_sent_at_once)
{
    ck_assert_int_eq(udp_batch_send(links[0], data, 5), 0);
    receives(0, 0, 5);
    ck_assert_int_eq(udp_batch_send(links[1], "", 0), 0);
    receives(1, 0, 0);
    receives_no_more(0);
}
END_TEST

START_TEST(what_is_too_long_is_an_errno)
{
    ck_assert_int_eq(udp_batch_send(links[0], data, DATAGRAM_MAX), 0);
    receives(0, 0, DATAGRAM_MAX);
    ck_assert_int_eq(udp_batch_send(links[0], data, DATAGRAM_MAX + 1), EMSGSIZE);
}
END_TEST

START_TEST(what_is_collected_waits)
{
    char copy[] = "hello";
    udp_batch_add(batch, links[0], copy, 5);
    memset(copy, 'x', 5); /* it was not the inbox's, so there is a copy */
    receives_no_more(0);
    udp_batch_flush(batch);
    ck_assert_int_eq(recv(receivers[0], got, sizeof got, 0), 5);
    ck_assert_mem_eq(got, "hello", 5);
    udp_batch_flush(batch);
    receives_no_more(0);
}
END_TEST

/* As trains, where the kernel has them: nobody can tell from what arrives. */
START_TEST(all_arrive_apart_and_in_order)
{
    static const size_t sizes[] = {100, 100, 100, 40, 100, 0, 0, 1300, 1300, 7};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    for (size_t i = 0; i < COUNT; i++)
        for (int receiver = 0; receiver < PEERS; receiver++)
            udp_batch_add(batch, links[receiver], data + i, sizes[i]);
    udp_batch_flush(batch);
    for (size_t i = 0; i < COUNT; i++)
        for (int receiver = 0; receiver < PEERS; receiver++)
            receives(receiver, i, sizes[i]);
    receives_no_more(0);
    receives_no_more(1);
}
END_TEST

START_TEST(a_full_one_is_sent_by_itself)
{
    for (size_t i = 0; i < UDP_BATCH + 1; i++)
        udp_batch_add(batch, links[0], data + i, 20);
    for (size_t i = 0; i < UDP_BATCH; i++)
        receives(0, i, 20);
    receives_no_more(0);
    udp_batch_flush(batch);
    receives(0, UDP_BATCH, 20);
}
END_TEST

START_TEST(what_the_kernel_refuses_is_taken_back)
{
    struct hub *hub = &world.fake.hub;
    hub->stats.messages_out = hub->stats.replies = 3; /* as the hub has counted */
    hub->stats.bytes_out = 2 * 5 + DATAGRAM_MAX;
    links[0]->link.peer->accepted = DATAGRAM_MAX;
    union address nowhere;
    ck_assert(address_parse("255.255.255.255", 9, &nowhere)); /* EACCES */
    udp_batch_add(batch, links[1], data, 5);
    udp_link_unplace(links[0]);
    links[0]->remote = nowhere;
    udp_batch_add(batch, links[0], data, 5);
    udp_batch_add(batch, links[1], data + 5, 5);
    udp_batch_flush(batch);
    receives(1, 0, 5);
    receives(1, 5, 5);
    ck_assert_uint_eq(hub->stats.dropped_send, 1);
    ck_assert_uint_eq(hub->stats.messages_out, 2);
    ck_assert_uint_eq(hub->stats.replies, 2);
    ck_assert_uint_eq(links[0]->link.peer->accepted, DATAGRAM_MAX - 5);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_is_sent_at_once,
                                  what_is_too_long_is_an_errno,
                                  what_is_collected_waits,
                                  all_arrive_apart_and_in_order,
                                  a_full_one_is_sent_by_itself,
                                  what_the_kernel_refuses_is_taken_back,
                                  NULL};
    return check_run_with("udp_batch", setup, teardown, tests);
}
