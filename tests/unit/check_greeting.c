/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines behind a proxy, on a real socket: who becomes a peer, and as whom. */
#include "transport/greeting.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"

static struct fake_board world;
static struct listener *listener;

#define HEADER "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"
/* One turn is not enough for bytes to arrive. */
#define UNTIL(text, expected) ck_assert_str_eq(fake_board_until(&world, text), expected)

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    listener = fake_board_listen(&world, "tcp://127.0.0.1:0?proxy=127.0.0.0/8,::1");
    fake_take(&world.fake);
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static int call(const struct listener *to)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(to->origin.endpoint.port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

static void accept_all(void)
{
    for (int i = 0; i < 4; i++)
        fake_board_turn(&world);
}

START_TEST(who_is_named_becomes_a_peer)
{
    int fd = call(listener);
    struct link_description description = {0};
    accept_all();
    ck_assert_uint_eq(world.board.greeting_count, 1);
    ck_assert(fake_is_empty(&world.fake.hub)); /* nobody knows of it */
    say(fd, HEADER "hi");
    UNTIL("message", "open #1\nmessage #1 hi\n");
    ck_assert_uint_eq(world.board.greeting_count, 0);
    ck_assert_uint_eq(world.fake.hub.limits.streams, 1);
    struct peer *peer = hub_find(&world.fake.hub, 1);
    peer->link->ops->describe(peer->link, &description);
    ck_assert_str_eq(description.remote, "192.0.2.1:56324");
    close(fd);
    UNTIL("half-close", "half-close #1\n");
}
END_TEST

START_TEST(the_access_list_is_asked_about_the_client)
{
    struct cidr cidr;
    char *error = NULL;
    ck_assert(cidr_parse("192.0.2.0/24", &cidr, &error));
    access_add(&world.fake.hub.limits.access, &cidr, false);
    access_compile(&world.fake.hub.limits.access);
    int fd = call(listener);
    say(fd, HEADER "hi");
    fake_board_until(&world, "refused");
    ck_assert_uint_eq(world.fake.hub.stats.refused_access, 1);
    ck_assert_uint_eq(world.board.greeting_count, 0);
    ck_assert(fake_is_empty(&world.fake.hub));
    close(fd);
}
END_TEST

START_TEST(who_says_something_else_is_refused)
{
    int fd = call(listener);
    char byte;
    say(fd, "GET / HTTP/1.1\r\n");
    fake_board_until(&world, "refused");
    ck_assert_uint_eq(world.fake.hub.stats.refused_proxy, 1);
    ck_assert_int_le(recv(fd, &byte, 1, 0), 0); /* it is gone */
    close(fd);
}
END_TEST

START_TEST(who_is_no_proxy_is_refused_at_once)
{
    struct listener *other = fake_board_listen(&world, "tcp://127.0.0.1:0?proxy=10.0.0.0/8");
    int fd = call(other);
    fake_board_until(&world, "refused");
    ck_assert_uint_eq(world.fake.hub.stats.refused_proxy, 1);
    ck_assert_uint_eq(world.board.greeting_count, 0);
    close(fd);
}
END_TEST

/* However many come in one turn. */
START_TEST(the_oldest_silent_ones_make_room_for_more)
{
    enum { MOST = 1024, MORE = 100, FDS = 2 * (MOST + MORE) + 100 };
    static int fds[MOST + MORE];
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < FDS ? limit.rlim_max : FDS;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < MOST + MORE; i++)
        fds[i] = call(listener);
    while (world.fake.hub.stats.refused_limit < MORE)
        fake_board_turn(&world);
    ck_assert_uint_eq(world.board.greeting_count, MOST);
    for (int i = 0; i < MOST + MORE; i++)
        close(fds[i]);
}
END_TEST

START_TEST(silent_ones_leave_descriptors_to_others)
{
    world.board.stream_room = 2;
    int first = call(listener), second = call(listener), third = call(listener);
    say(third, HEADER "hi");
    accept_all();
    ck_assert_uint_eq(world.board.greeting_count, 2);
    ck_assert(world.board.accepting_paused);
    close(first);
    fake_board_until(&world, "message #1 hi");
    ck_assert_uint_eq(world.board.greeting_count, 1);
    close(second);
    close(third);
}
END_TEST

START_TEST(half_a_header_is_dropped_where_memory_is_short)
{
    struct hub *hub = &world.fake.hub;
    int silent = call(listener), half = call(listener);
    accept_all();
    ck_assert_uint_eq(world.board.greeting_count, 2);
    budget_set_limit(&hub->budget, 10);
    say(half, "PROXY TCP4 192.0.2.1");
    fake_board_until(&world, "refused");
    ck_assert_uint_eq(hub->stats.refused_limit, 1);
    ck_assert_uint_eq(world.board.greeting_count, 1);
    fake_board_turn(&world);
    ck_assert_uint_eq(hub->budget.held, 0);
    close(silent);
    close(half);
}
END_TEST

START_TEST(nobody_comes_in_by_a_closed_listener)
{
    int fd = call(listener);
    char byte;
    accept_all();
    hub_remove_listener(&world.fake.hub, listener);
    fake_take(&world.fake);
    say(fd, HEADER "hi");
    while (world.board.greeting_count > 0)
        fake_board_turn(&world);
    ck_assert_str_eq(fake_take(&world.fake), "");
    ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
    close(fd);
}
END_TEST

/* Not a leak: the sanitizers look. */
START_TEST(who_has_not_said_anything_at_the_end_goes_too)
{
    int fd = call(listener);
    accept_all();
    ck_assert_uint_eq(world.board.greeting_count, 1);
    close(fd);
}
END_TEST

START_TEST(a_key_that_is_wrong_is_told)
{
    check_error(fake_board_fault(&world, "tcp://127.0.0.1:0?proxy=maybe"),
                "proxy=maybe: use yes, or address prefixes as in proxy=10.0.0.0/8,::1");
    check_error(fake_board_fault(&world, "tcp://127.0.0.1:0?proxy=10.0.0.0/8,"),
                "proxy=10.0.0.0/8,: use yes, or address prefixes as in proxy=10.0.0.0/8,::1");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_is_named_becomes_a_peer,
                                  the_access_list_is_asked_about_the_client,
                                  who_says_something_else_is_refused,
                                  who_is_no_proxy_is_refused_at_once,
                                  the_oldest_silent_ones_make_room_for_more,
                                  silent_ones_leave_descriptors_to_others,
                                  half_a_header_is_dropped_where_memory_is_short,
                                  nobody_comes_in_by_a_closed_listener,
                                  who_has_not_said_anything_at_the_end_goes_too,
                                  a_key_that_is_wrong_is_told,
                                  NULL};
    return check_run_with("greeting", setup, teardown, tests);
}
