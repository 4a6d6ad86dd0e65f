/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines under TLS whose both ends are ours. */
#include "transport/tls.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"

static struct fake_board world;
static struct listener *listener;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    listener = fake_board_listen(&world, "tls://127.0.0.1:0?reply=echo&handshake=10");
    fake_take(&world.fake);
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static void call(const char *keys)
{
    char *endpoint =
        mem_printf("tls://127.0.0.1:%u?%s", (unsigned)fake_board_port(listener), keys);
    fake_board_call(&world, endpoint, NULL);
    free(endpoint);
}

static void call_pinned(void)
{
    char *pin = mem_printf("pin=%s", listener_fingerprint(listener));
    call(pin);
    free(pin);
}

static struct link_description describe(uint64_t number)
{
    struct link_description description = {0};
    const struct peer *peer = hub_find(&world.fake.hub, number);
    peer->link->ops->describe(peer->link, &description);
    return description;
}

/* The caller is #1, and the other one is no peer before it has shaken hands. */
START_TEST(both_ends_know_of_tls)
{
    call_pinned();
    ck_assert_ptr_null(describe(1).tls.version);
    fake_board_until(&world, "open #2");
    for (uint64_t number = 1; number <= 2; number++) {
        struct link_description description = describe(number);
        ck_assert_str_eq(description.tls.version, "TLSv1.3");
        ck_assert_ptr_nonnull(strstr(description.remote, "127.0.0.1:"));
    }
    hub_send(&world.fake.hub, hub_find(&world.fake.hub, 1), "hi", 2, 1, NULL);
    fake_board_until(&world, "message #1 hi");
}
END_TEST

START_TEST(who_does_not_trust_says_so_to_both)
{
    call("verify=yes");
    const char *told = fake_board_until(&world, "refused");
    while (!strstr(told, "close #1"))
        told = fake_board_until(&world, "close #1");
    ck_assert_msg(strstr(told, "signed by nobody we trust"), "%s", told);
    ck_assert_uint_eq(world.fake.hub.stats.refused_handshake, 1);
    while (world.fake.hub.limits.streams > 0) /* until its farewell is over */
        fake_board_turn(&world);
    ck_assert_uint_eq(world.board.greeting_count, 0);
}
END_TEST

static int connect_silently(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(fake_board_port(listener))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    while (world.board.greeting_count == 0)
        fake_board_turn(&world);
    return fd;
}

START_TEST(a_silent_caller_counts_and_is_no_peer)
{
    int fd = connect_silently();
    ck_assert_uint_eq(world.fake.hub.limits.streams, 1);
    ck_assert_uint_eq(world.board.stranger_count, 0);
    ck_assert(fake_is_empty(&world.fake.hub));
    close(fd);
    fake_board_until(&world, "refused 127.0.0.1");
}
END_TEST

START_TEST(it_counts_for_its_host_where_that_is_limited_later)
{
    const struct transport_settings settings = world.board.settings;
    int first = connect_silently();
    limits_configure(&world.fake.hub.limits, &(struct limits_settings){.per_host = 1});
    switchboard_renew(&world.board, &settings);
    int second = connect_silently();
    fake_board_until(&world, "limit 1");
    ck_assert_uint_eq(world.fake.hub.stats.refused_limit, 1);
    close(first);
    close(second);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {both_ends_know_of_tls, who_does_not_trust_says_so_to_both,
                                  a_silent_caller_counts_and_is_no_peer,
                                  it_counts_for_its_host_where_that_is_limited_later, NULL};
    return check_run_with("tls", setup, teardown, tests);
}
