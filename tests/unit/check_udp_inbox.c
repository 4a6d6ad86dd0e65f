/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_inbox.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/datagram.h"
#include "check_main.h"

static struct udp_inbox *inbox;
static int reader, sender;
static union address own, remote;
static char data[DATAGRAM_MAX];

static int bound_socket(union address *address)
{
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert(address_parse("127.0.0.1", 0, address));
    ck_assert_int_eq(bind(fd, &address->any, sizeof address->v4), 0);
    ck_assert_int_eq(getsockname(fd, &address->any, &length), 0);
    return fd;
}

static void setup(void)
{
    inbox = udp_inbox_create();
    reader = bound_socket(&own);
    sender = bound_socket(&remote);
    udp_inbox_prepare(reader, AF_INET);
    ck_assert_int_eq(connect(sender, &own.any, sizeof own.v4), 0);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i % 251);
}

static void teardown(void)
{
    close(sender);
    close(reader);
    udp_inbox_destroy(inbox);
}

static void send_one(size_t size)
{
    ck_assert_int_eq(send(sender, data, size, 0), (ssize_t)size);
}

START_TEST(tells_what_came_from_whom_to_where)
{
    struct udp_datagram datagram;
    send_one(5);
    ck_assert_int_eq(udp_inbox_receive(inbox, reader), 1);
    udp_inbox_datagram(inbox, 0, &datagram);
    ck_assert_uint_eq(datagram.size, 5);
    ck_assert_mem_eq(datagram.data, data, 5);
    ck_assert(address_equal(&datagram.remote, &remote));
    ck_assert_int_eq(udp_local_family(&datagram.local), AF_INET);
    ck_assert_uint_eq(udp_local_unmap(&datagram.local).s_addr, own.v4.sin_addr.s_addr);
    ck_assert(!datagram.to_many);
}
END_TEST

/* Long ones come in two pieces, which stand in one. */
START_TEST(all_sizes_come_whole)
{
    static const size_t sizes[] = {0, 1, 2111, 2112, 2113, 9000, DATAGRAM_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct udp_datagram datagram;
        send_one(sizes[i]);
        ck_assert_int_eq(udp_inbox_receive(inbox, reader), 1);
        udp_inbox_datagram(inbox, 0, &datagram);
        ck_assert_uint_eq(datagram.size, sizes[i]);
        ck_assert(memcmp(datagram.data, data, sizes[i]) == 0);
        ck_assert(udp_inbox_holds(inbox, datagram.data));
    }
    ck_assert(!udp_inbox_holds(inbox, data));
}
END_TEST

START_TEST(a_batch_is_bounded_and_in_order)
{
    struct udp_datagram datagram;
    for (size_t i = 1; i <= UDP_BATCH + 3; i++)
        send_one(i);
    ck_assert_int_eq(udp_inbox_receive(inbox, reader), UDP_BATCH);
    for (int i = 0; i < UDP_BATCH; i++) {
        udp_inbox_datagram(inbox, i, &datagram);
        ck_assert_uint_eq(datagram.size, (size_t)i + 1);
    }
    ck_assert_int_eq(udp_inbox_receive(inbox, reader), 3);
    ck_assert_int_lt(udp_inbox_receive(inbox, reader), 0);
}
END_TEST

START_TEST(a_broadcast_was_to_many)
{
    int on = 1;
    union address all;
    struct udp_datagram datagram;
    int open = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert(address_parse("0.0.0.0", 0, &all));
    ck_assert_int_eq(bind(open, &all.any, sizeof all.v4), 0);
    socklen_t length = sizeof all;
    ck_assert_int_eq(getsockname(open, &all.any, &length), 0);
    udp_inbox_prepare(open, AF_INET);
    int caller = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(setsockopt(caller, SOL_SOCKET, SO_BROADCAST, &on, sizeof on), 0);
    ck_assert(address_parse("127.255.255.255", address_port(&all), &all));
    ck_assert_int_eq(sendto(caller, data, 3, 0, &all.any, sizeof all.v4), 3);
    ck_assert_int_eq(udp_inbox_receive(inbox, open), 1);
    udp_inbox_datagram(inbox, 0, &datagram);
    ck_assert(datagram.to_many);
    close(caller);
    close(open);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tells_what_came_from_whom_to_where, all_sizes_come_whole,
                                  a_batch_is_bounded_and_in_order, a_broadcast_was_to_many,
                                  NULL};
    return check_run_with("udp_inbox", setup, teardown, tests);
}
