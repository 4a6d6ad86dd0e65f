/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "check_main.h"
#include "fake_board.h"

static struct fake_board world;
static const struct transport_settings before = {.idle_timeout = 5000000};

static void setup(void)
{
    fake_board_init(&world, &before);
}

static void teardown(void)
{
    fake_board_finish(&world);
}

START_TEST(each_scheme_has_its_own)
{
    for (enum scheme scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        const struct transport *transport = transport_of(scheme);
        ck_assert_ptr_nonnull(transport->call);
        ck_assert(!transport->listen == !transport->adopt);
        ck_assert_ptr_eq(transport_keys(scheme), transport->keys);
        for (enum scheme other = 0; other < scheme; other++)
            ck_assert_ptr_ne(transport, transport_of(other));
    }
    ck_assert_ptr_eq(transport_of(SCHEME_TCP), &transport_tcp);
    ck_assert_ptr_eq(transport_of(SCHEME_UNIX), &transport_unix);
    ck_assert_ptr_null(transport_of(SCHEME_SERIAL)->listen);
    ck_assert_ptr_null(transport_of(SCHEME_EXEC)->listen);
}
END_TEST

static uint64_t room_with(rlim_t descriptors)
{
    struct switchboard other;
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = descriptors;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    switchboard_init(&other, &world.loop, &world.fake.hub, &before);
    const uint64_t room = other.stream_room;
    switchboard_finish(&other);
    return room;
}

/* Of few descriptors a quarter stays free, of many 64. */
START_TEST(streams_leave_descriptors_for_the_rest)
{
    ck_assert_uint_eq(room_with(100), 75);
    ck_assert_uint_eq(room_with(256), 192);
    ck_assert_uint_eq(room_with(1000), 936);
}
END_TEST

/* --- other settings --- */

static unsigned renewed, with_idle_times;

static void renew(struct link *link, bool idle_times)
{
    (void)link;
    renewed++;
    with_idle_times += idle_times;
}

/* Two peers, of which one has nothing to renew. */
static void make_peers(struct link_ops *ops)
{
    struct listener *listener = fake_listen(&world.fake, "tcp://127.0.0.1:1");
    struct fake_link *link = fake_peer(&world.fake, listener);
    fake_peer(&world.fake, listener);
    *ops = *link->link.ops;
    ops->renew = renew;
    link->link.ops = ops;
    renewed = with_idle_times = 0;
}

START_TEST(who_is_on_the_line_follows)
{
    static struct link_ops ops;
    struct transport_settings settings = before;
    make_peers(&ops);
    settings.udp_reply_rate = 7;
    switchboard_renew(&world.board, &settings);
    ck_assert_uint_eq(world.board.settings.udp_reply_rate, 7);
    ck_assert_uint_eq(renewed, 1);
    ck_assert_uint_eq(with_idle_times, 0);
    settings.idle_timeout++;
    switchboard_renew(&world.board, &settings);
    ck_assert_uint_eq(with_idle_times, 1);
    settings.udp_idle_timeout++;
    switchboard_renew(&world.board, &settings);
    ck_assert_uint_eq(with_idle_times, 2);
    switchboard_renew(&world.board, &settings);
    ck_assert_uint_eq(with_idle_times, 2);
    ck_assert_uint_eq(renewed, 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_scheme_has_its_own,
                                  streams_leave_descriptors_for_the_rest,
                                  who_is_on_the_line_follows, NULL};
    return check_run_with("transport", setup, teardown, tests);
}
