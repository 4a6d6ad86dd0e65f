/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"
#include "fake_tty.h"

static struct fake_board world;
static struct fake_tty tty;
static char *endpoint;

static void setup(void)
{
    fake_tty_init(&tty);
    endpoint = mem_printf("serial:%s", tty.path);
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
    fake_tty_finish(&tty);
    free(endpoint);
}

static struct peer *call(void)
{
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ck_assert_str_eq(fake_board_until(&world, "open"), "open #1\n");
    return peer;
}

START_TEST(it_is_called_and_talks)
{
    char data[8];
    struct link_description description = {0};
    struct peer *peer = call();
    fake_tty_say(&tty, "hi\n");
    ck_assert_str_eq(fake_board_until(&world, "message"), "message #1 hi\\n\n");
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "yes", 3, 1, NULL), SEND_OK);
    ck_assert_str_eq(fake_tty_hear(&tty, data, 3), "yes");
    peer->link->ops->describe(peer->link, &description);
    ck_assert_str_eq(description.remote, endpoint);
    ck_assert_str_eq(description.local, "serial:");
    ck_assert(!description.has_credentials);
}
END_TEST

START_TEST(it_has_no_end_of_ours)
{
    const struct peer *peer = call();
    ck_assert_ptr_null(peer->link->ops->end_output);
    hub_close(&world.fake.hub, hub_find(&world.fake.hub, 1), CLOSE_OPERATOR);
    ck_assert_str_eq(fake_board_until(&world, "close"),
                     "close #1 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(unplugged_is_an_error)
{
    call();
    fake_tty_unplug(&tty);
    ck_assert_str_eq(fake_board_until(&world, "close"),
                     "close #1 error received 0 sent 0 unsent 0 error No such device\n");
}
END_TEST

START_TEST(what_is_not_there_closes)
{
    fake_tty_unplug(&tty);
    fake_board_call(&world, endpoint, NULL);
    ck_assert_str_eq(
        fake_board_until(&world, "close"),
        "close #1 error received 0 sent 0 unsent 0 error No such file or directory\n");
}
END_TEST

START_TEST(it_is_there_while_it_is_plugged_in)
{
    const struct origin *origin = call()->origin;
    ck_assert(transport_is_there(origin));
    fake_tty_unplug(&tty);
    ck_assert(!transport_is_there(origin));
    fake_tty_plug_in(&tty);
    ck_assert(transport_is_there(origin));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_is_called_and_talks,
                                  it_has_no_end_of_ours,
                                  unplugged_is_an_error,
                                  what_is_not_there_closes,
                                  it_is_there_while_it_is_plugged_in,
                                  NULL};
    return check_run_with("serial", setup, teardown, tests);
}
