/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_binding.h"

#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"
#include "transport/udp_socket.h"

static struct fake_board world;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
}

START_TEST(it_has_the_sockets_of_its_listener)
{
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0");
    const struct udp_socket *socket = CAST(udp_binding, listener->binding)->sockets;
    ck_assert_ptr_eq(socket->origin, &listener->origin);
    ck_assert_ptr_null(socket->sibling);
    ck_assert_ptr_eq(world.board.udp_sockets, socket);
}
END_TEST

START_TEST(they_close_with_it)
{
    struct listener *listener = fake_board_listen(&world, "udp://127.0.0.1:0");
    hub_remove_listener(&world.fake.hub, listener);
    ck_assert_ptr_null(world.board.udp_sockets);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_has_the_sockets_of_its_listener, they_close_with_it, NULL};
    return check_run_with("udp_binding", setup, teardown, tests);
}
