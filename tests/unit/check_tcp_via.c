/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/origin.h"
#include "core/peer.h"
#include "fake_board.h"
#include "transport/line.h"

static struct fake_board world;
static int caller;
static union address own;

static void setup(void)
{
    caller = fake_board_socket(SOCK_STREAM | SOCK_NONBLOCK, &own);
    ck_assert_int_eq(listen(caller, 1), 0);
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
    close(caller);
}

static struct link_description describe(const struct peer *peer)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    return description;
}

START_TEST(a_call_through_a_proxy_is_shown_with_it)
{
    char *endpoint = mem_printf("tcp://far:7?via=http://a%%26b@127.0.0.1:%u&via-auth=/dev/null",
                                address_port(&own));
    char *error = NULL;
    ck_assert_ptr_null(fake_board_call(&world, endpoint, &error));
    check_error(error, "the first line of /dev/null is no password for the proxy: it is empty");
    setenv("TELEX_VIA_AUTH", "secret", 1);
    *strchr(endpoint, '&') = '\0';
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ck_assert_str_eq(peer->origin->text, endpoint);
    ck_assert_str_eq(describe(peer).remote, "far:7");
    int fd;
    while ((fd = accept(caller, NULL, NULL)) < 0)
        fake_board_turn(&world);
    ck_assert_int_eq(send(fd, "HTTP/1.1 200 OK\r\n\r\n", 19, 0), 19);
    fake_board_until(&world, "open #1");
    ck_assert_str_eq(describe(peer).remote, "far:7");
    ck_assert_str_ne(describe(peer).local, "");
    close(fd);
    free(endpoint);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_call_through_a_proxy_is_shown_with_it, NULL};
    return check_run_with("tcp_via", setup, teardown, tests);
}
