/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"
#include "transport/line.h"

static struct fake_board world;
static int caller;
static union address own;

static void setup(void)
{
    caller = fake_board_socket(SOCK_STREAM, &own);
    fake_board_init(&world, &(struct transport_settings){.keepalive = 40000000});
}

static void teardown(void)
{
    fake_board_finish(&world);
    close(caller);
}

static void call(const struct listener *listener)
{
    union address address;
    ck_assert(address_parse("127.0.0.1", fake_board_port(listener), &address));
    ck_assert_int_eq(connect(caller, &address.any, sizeof address.v4), 0);
}

static struct link_description describe(const struct peer *peer)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    return description;
}

static int option_of(const struct peer *peer, int level, int name)
{
    int value = -1;
    socklen_t length = sizeof value;
    const struct line *line = CAST(line, peer->link);
    ck_assert_int_eq(getsockopt(line->stream.fd, level, name, &value, &length), 0);
    return value;
}

START_TEST(the_system_chooses_port_0)
{
    struct listener *listener = fake_board_listen(&world, "tcp://127.0.0.1:0");
    char *text = mem_printf("tcp://127.0.0.1:%u", fake_board_port(listener));
    ck_assert_uint_gt(fake_board_port(listener), 0);
    ck_assert_str_eq(listener->origin.text, text);
    free(text);
}
END_TEST

START_TEST(who_calls_becomes_a_peer)
{
    char remote[ADDRESS_TEXT], data[8];
    struct listener *listener = fake_board_listen(&world, "tcp://127.0.0.1:0?reply=echo");
    call(listener);
    ck_assert_int_eq(send(caller, "hi", 2, 0), 2);
    fake_board_until(&world, "message #1 hi\nsent #1 hi by auto\n");
    ck_assert_int_eq(recv(caller, data, sizeof data, 0), 2);
    struct link_description description = describe(hub_find(&world.fake.hub, 1));
    address_print(&own, remote);
    ck_assert_str_eq(description.remote, remote);
    ck_assert_str_eq(description.local, listener->origin.text + strlen("tcp://"));
    ck_assert(!description.has_credentials);
}
END_TEST

START_TEST(small_sends_do_not_wait_and_the_dead_are_found)
{
    call(fake_board_listen(&world, "tcp://127.0.0.1:0"));
    fake_board_until(&world, "open #1");
    const struct peer *peer = hub_find(&world.fake.hub, 1);
    ck_assert_int_ne(option_of(peer, IPPROTO_TCP, TCP_NODELAY), 0);
    ck_assert_int_ne(option_of(peer, SOL_SOCKET, SO_KEEPALIVE), 0);
    int idle = option_of(peer, IPPROTO_TCP, TCP_KEEPIDLE);
    int probes = option_of(peer, IPPROTO_TCP, TCP_KEEPCNT);
    ck_assert_int_eq(idle + probes * option_of(peer, IPPROTO_TCP, TCP_KEEPINTVL), 40);
}
END_TEST

START_TEST(a_mapped_caller_is_shown_as_ipv4)
{
    char remote[ADDRESS_TEXT];
    call(fake_board_listen(&world, "tcp://*:0"));
    fake_board_until(&world, "open #1");
    address_print(&own, remote);
    ck_assert_str_eq(describe(hub_find(&world.fake.hub, 1)).remote, remote);
}
END_TEST

START_TEST(calls_who_listens)
{
    ck_assert_int_eq(listen(caller, 1), 0);
    char *endpoint = mem_printf("tcp://127.0.0.1:%u", address_port(&own));
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ck_assert_int_eq(peer->state, PEER_CONNECTING);
    ck_assert_str_eq(describe(peer).remote, endpoint + strlen("tcp://"));
    ck_assert_str_eq(describe(peer).local, "");
    fake_board_until(&world, "open #1");
    ck_assert_str_eq(describe(peer).remote, endpoint + strlen("tcp://"));
    ck_assert_int_ne(option_of(peer, IPPROTO_TCP, TCP_NODELAY), 0);
    free(endpoint);
}
END_TEST

START_TEST(a_call_to_nobody_closes)
{
    char *endpoint = mem_printf("tcp://127.0.0.1:%u", address_port(&own)); /* not listening */
    fake_board_call(&world, endpoint, NULL);
    ck_assert_str_eq(fake_board_until(&world, "close"),
                     "close #1 error received 0 sent 0 unsent 0 error Connection refused\n");
    free(endpoint);
}
END_TEST

START_TEST(takes_over_a_socket)
{
    union address address;
    int fd = fake_board_socket(SOCK_STREAM | SOCK_NONBLOCK, &address);
    ck_assert_int_eq(listen(fd, 1), 0);
    char *endpoint = mem_printf("tcp://127.0.0.1:%u", address_port(&address));
    call(fake_board_adopt(&world, endpoint, fd));
    fake_board_until(&world, "open #1");
    free(endpoint);
}
END_TEST

START_TEST(where_one_listens_no_other_may)
{
    ck_assert_int_eq(listen(caller, 1), 0);
    char *endpoint = mem_printf("tcp://127.0.0.1:%u", address_port(&own));
    check_error(fake_board_fault(&world, endpoint), "Address already in use");
    free(endpoint);
}
END_TEST

START_TEST(knows_no_keys_of_others)
{
    check_error(fake_board_fault(&world, "tcp://127.0.0.1:0?mode=0660"),
                "key 'mode' does not belong here: use one of reply, eol, framing, view, name, "
                "half-close, fault, to, proxy");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_system_chooses_port_0,
                                  who_calls_becomes_a_peer,
                                  small_sends_do_not_wait_and_the_dead_are_found,
                                  a_mapped_caller_is_shown_as_ipv4,
                                  calls_who_listens,
                                  a_call_to_nobody_closes,
                                  takes_over_a_socket,
                                  where_one_listens_no_other_may,
                                  knows_no_keys_of_others,
                                  NULL};
    return check_run_with("tcp", setup, teardown, tests);
}
