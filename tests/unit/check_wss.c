/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of wss, both ends of them on one switchboard. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/hub.h"
#include "core/listener.h"
#include "fake_board.h"

static struct fake_board world;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
}

/* It knows the certificate by what the listener says of it. */
static struct peer *call(const struct listener *listener, const char *rest)
{
    char *endpoint = mem_printf("wss://127.0.0.1:%u%spin=%s", fake_board_port(listener), rest,
                                listener_fingerprint(listener));
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    free(endpoint);
    return peer;
}

START_TEST(messages_go_under_tls)
{
    struct peer *peer = call(fake_board_listen(&world, "wss://127.0.0.1:0?reply=echo"), "?");
    fake_board_until(&world, "open #1");
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "hi", 2, 1, NULL), SEND_OK);
    fake_board_until(&world, "message #1 hi\n");
    hub_close(&world.fake.hub, peer, CLOSE_OPERATOR);
    fake_board_until(&world, "close #1");
}
END_TEST

START_TEST(http_is_what_a_call_speaks)
{
    struct link_description description = {0};
    const struct peer *peer =
        call(fake_board_listen(&world, "wss://127.0.0.1:0?alpn=h2,http/1.1"), "?");
    fake_board_until(&world, "open #1");
    peer->link->ops->describe(peer->link, &description);
    ck_assert_str_eq(description.tls.version, "TLSv1.3");
    ck_assert_str_eq(description.tls.alpn, "http/1.1");
}
END_TEST

START_TEST(but_where_it_is_told_otherwise)
{
    call(fake_board_listen(&world, "wss://127.0.0.1:0?alpn=http/1.1"), "?alpn=mqtt&");
    ck_assert_ptr_nonnull(fake_board_until(&world, "close #1"));
    ck_assert_ptr_null(hub_find(&world.fake.hub, 2));
}
END_TEST

START_TEST(another_path_is_refused)
{
    call(fake_board_listen(&world, "wss://127.0.0.1:0/chat"), "/other?");
    const char *told = fake_board_until(&world, "close #1");
    ck_assert_ptr_nonnull(strstr(told, "HTTP 404 Not Found"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {messages_go_under_tls, http_is_what_a_call_speaks,
                                  but_where_it_is_told_otherwise, another_path_is_refused,
                                  NULL};
    return check_run_with("wss", setup, teardown, tests);
}
