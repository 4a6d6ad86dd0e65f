/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a line may stand, by a clock that the test moves. */
#include "transport/line_patience.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"
#include "loop/unix_path.h"
#include "transport/line.h"

/* Short, since the timer is a real one. */
enum { IDLE = 20000, HALF_CLOSE = 10000 /* microseconds */ };

static struct fake_board world;
static int far;

/* A peer whose far end is far. */
static struct peer *make_peer(int64_t idle_timeout, const char *keys)
{
    char endpoint[128], name[64];
    fake_board_init(&world, &(struct transport_settings){.idle_timeout = idle_timeout});
    snprintf(name, sizeof name, "@telex-check-patience-%ld", (long)getpid());
    snprintf(endpoint, sizeof endpoint, "unix:%s%s", name, keys);
    fake_board_listen(&world, endpoint);
    far = unix_path_connect(name);
    ck_assert_int_ge(far, 0);
    fake_board_until(&world, "open");
    return hub_find(&world.fake.hub, 1);
}

static void teardown(void)
{
    close(far);
    fake_board_finish(&world);
}

START_TEST(who_need_not_be_patient_pays_nothing)
{
    struct peer *peer = make_peer(0, "");
    ck_assert_ptr_null(CAST(line, peer->link)->patience);
}
END_TEST

START_TEST(an_idle_line_is_closed)
{
    make_peer(IDLE, "");
    world.fake.now += IDLE;
    fake_board_until(&world, "close #1 timeout");
}
END_TEST

/* The timer comes too early, and is set anew. */
START_TEST(a_message_renews_the_time)
{
    struct peer *peer = make_peer(IDLE, "");
    char byte;
    world.fake.now += IDLE - 1;
    ck_assert_int_eq(send(far, "x", 1, 0), 1);
    fake_board_until(&world, "message");
    world.fake.now += IDLE - 1;
    hub_send(&world.fake.hub, peer, "y", 1, 1, NULL);
    ck_assert_int_eq(recv(far, &byte, 1, 0), 1);
    world.fake.now += IDLE;
    fake_board_until(&world, "close #1 timeout");
}
END_TEST

START_TEST(a_half_close_ends_after_its_time)
{
    struct peer *peer = make_peer(0, "?half-close=0.01");
    shutdown(far, SHUT_WR);
    fake_board_until(&world, "half-close");
    ck_assert_int_eq(peer->state, PEER_HALF_CLOSED);
    world.fake.now += HALF_CLOSE;
    fake_board_until(&world, "close #1 eof");
}
END_TEST

START_TEST(who_is_on_the_line_follows_a_change)
{
    make_peer(0, "");
    switchboard_renew(&world.board, &(struct transport_settings){.idle_timeout = IDLE});
    world.fake.now += IDLE;
    fake_board_until(&world, "close #1 timeout");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_need_not_be_patient_pays_nothing,
                                  an_idle_line_is_closed,
                                  a_message_renews_the_time,
                                  a_half_close_ends_after_its_time,
                                  who_is_on_the_line_follows_a_change,
                                  NULL};
    return check_run_with("line_patience", NULL, teardown, tests);
}
