/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_guard.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/datagram.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"
#include "transport/udp_link.h"
#include "transport/udp_socket.h"

static struct fake_board world;
static struct listener *listener;
static struct udp_socket *udp;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){.udp_reply_rate = 3});
    listener = fake_board_listen(&world, "udp://127.0.0.1:0?reply=echo");
    udp = world.board.udp_sockets;
}

static void teardown(void)
{
    fake_board_finish(&world);
}

/* A peer of that address, as if it had sent a datagram. */
static struct udp_link *peer_at(const char *host, in_port_t port)
{
    union address remote;
    ck_assert(address_parse(host, port, &remote));
    struct udp_link *link = udp_link_create(udp, &listener->origin);
    udp_link_place(link, udp, &remote);
    return link;
}

static void allowed(struct udp_link *link)
{
    ck_assert(udp_guard_allows(link, 1));
}

/* Not allowed, and counted there. */
static void refused(struct udp_link *link, size_t size, const uint64_t *counter)
{
    uint64_t before = *counter;
    ck_assert(!udp_guard_allows(link, size));
    ck_assert_uint_eq(*counter, before + 1);
}

START_TEST(a_plain_source_is_answered)
{
    allowed(peer_at("192.0.2.1", 40000));
    allowed(peer_at("127.0.0.1", 40000));
}
END_TEST

START_TEST(nothing_to_many)
{
    const uint64_t *counter = &world.fake.hub.stats.suppressed_broadcast;
    struct udp_link *link = peer_at("192.0.2.1", 40000);
    link->to_many = true;
    refused(link, 1, counter);
    link->to_many = false;
    link->broadcast = true;
    refused(link, 1, counter);
    refused(peer_at("255.255.255.255", 40000), 1, counter);
    refused(peer_at("239.1.2.3", 40000), 1, counter);
}
END_TEST

START_TEST(nothing_to_services_that_answer_anything)
{
    static const in_port_t ports[] = {0,  7,   13,  17,  19,   37,   53,
                                      69, 123, 161, 389, 1900, 5353, 11211};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        refused(peer_at("192.0.2.1", ports[i]), 1, &world.fake.hub.stats.suppressed_port);
    allowed(peer_at("192.0.2.1", 8));
}
END_TEST

START_TEST(nothing_to_our_own_listeners)
{
    struct listener *other = fake_board_listen(&world, "udp://*:0");
    const uint64_t *counter = &world.fake.hub.stats.suppressed_own;
    refused(peer_at("127.0.0.1", fake_board_port(listener)), 1, counter);
    refused(peer_at("127.0.0.9", fake_board_port(other)), 1, counter);
    allowed(peer_at("192.0.2.1", fake_board_port(other)));
}
END_TEST

START_TEST(nothing_that_would_not_fit)
{
    struct udp_link *link = peer_at("192.0.2.1", 40000);
    refused(link, DATAGRAM_MAX + 1, &world.fake.hub.stats.suppressed_size);
    ck_assert(udp_guard_allows(link, DATAGRAM_MAX));
}
END_TEST

START_TEST(little_to_another_telex)
{
    world.board.settings.udp_reply_rate = 0;
    struct udp_link *twin = peer_at("192.0.2.1", fake_board_port(listener));
    for (int i = 0; i < 10; i++)
        allowed(twin);
    refused(twin, 1, &world.fake.hub.stats.suppressed_rate);
    world.fake.now += 1000000;
    allowed(twin);
}
END_TEST

START_TEST(so_much_to_one_source)
{
    struct udp_link *one = peer_at("192.0.2.1", 40000), *two = peer_at("192.0.2.1", 40001);
    for (int i = 0; i < 3; i++)
        allowed(i % 2 ? two : one);
    refused(one, 1, &world.fake.hub.stats.suppressed_rate);
    refused(two, 1, &world.fake.hub.stats.suppressed_rate);
    world.fake.now += 1000000;
    allowed(one);
}
END_TEST

START_TEST(as_much_as_it_likes_to_this_machine)
{
    struct udp_link *link = peer_at("127.0.0.1", 40000);
    for (int i = 0; i < 100; i++)
        allowed(link);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_plain_source_is_answered,
                                  nothing_to_many,
                                  nothing_to_services_that_answer_anything,
                                  nothing_to_our_own_listeners,
                                  nothing_that_would_not_fit,
                                  little_to_another_telex,
                                  so_much_to_one_source,
                                  as_much_as_it_likes_to_this_machine,
                                  NULL};
    return check_run_with("udp_guard", setup, teardown, tests);
}
