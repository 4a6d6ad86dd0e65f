/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of ws, both ends of them on one switchboard. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/hub.h"
#include "core/listener.h"
#include "fake_board.h"

static struct fake_board world;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){.keepalive = 0});
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static struct peer *call(const struct listener *listener, const char *rest)
{
    char *endpoint = mem_printf("ws://127.0.0.1:%u%s", fake_board_port(listener), rest);
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    free(endpoint);
    return peer;
}

START_TEST(each_message_is_one)
{
    struct peer *peer = call(fake_board_listen(&world, "ws://127.0.0.1:0?reply=echo"), "");
    fake_board_until(&world, "open #1");
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "hi", 2, 1, NULL), SEND_OK);
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "", 0, 1, NULL), SEND_OK);
    fake_board_until(&world, "message #1 hi\n");
    hub_close(&world.fake.hub, peer, CLOSE_OPERATOR);
    fake_board_until(&world, "close #1");
}
END_TEST

START_TEST(another_path_is_refused)
{
    call(fake_board_listen(&world, "ws://127.0.0.1:0/chat"), "/other");
    const char *told = fake_board_until(&world, "close #1");
    ck_assert_ptr_nonnull(strstr(told, "HTTP 404 Not Found"));
}
END_TEST

START_TEST(a_query_is_part_of_what_is_asked_for)
{
    call(fake_board_listen(&world, "ws://127.0.0.1:0/chat"), "/chat%3Froom=1?name=me");
    fake_board_until(&world, "open #1");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_message_is_one, another_path_is_refused,
                                  a_query_is_part_of_what_is_asked_for, NULL};
    return check_run_with("ws", setup, teardown, tests);
}
