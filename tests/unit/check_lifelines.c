/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/lifelines.h"

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "check_main.h"
#include "fake_board.h"

enum { CROWD = 600, A_TURN = 256, KEEPALIVE = 4000 /* microseconds */ };

static struct fake_board world;
static struct link_ops ops;
static unsigned looked;
static unsigned waiting; /* so many looks find bytes on their way */
static uint64_t turn;    /* of the last look */
static unsigned in_turn; /* looks, of that one */
static void (*on_look)(void);

static bool look(struct link *link)
{
    (void)link;
    looked++;
    if (turn != world.loop.turns.count)
        in_turn = 0;
    turn = world.loop.turns.count;
    ck_assert_uint_le(++in_turn, A_TURN);
    if (on_look)
        on_look();
    if (waiting == 0)
        return false;
    waiting--;
    return true;
}

static void setup(void)
{
    looked = waiting = in_turn = 0;
    on_look = NULL;
    fake_board_init(&world, &(struct transport_settings){.keepalive = KEEPALIVE});
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static void make_peers(unsigned count)
{
    struct listener *listener = fake_listen(&world.fake, "tcp://127.0.0.1:1");
    for (unsigned i = 0; i < count; i++) {
        struct fake_link *link = fake_peer(&world.fake, listener);
        ops = *link->link.ops;
        ops.check_line = look;
        link->link.ops = &ops;
    }
}

/* Until there is nothing more to look at. */
static void run(void)
{
    while (world.board.lifelines_run)
        event_base_loop(world.loop.base, EVLOOP_ONCE);
}

START_TEST(looks_at_all_a_few_a_turn_and_ends)
{
    make_peers(CROWD);
    lifelines_begin(&world.board);
    run();
    ck_assert_uint_eq(looked, CROWD);
}
END_TEST

START_TEST(looks_again_while_bytes_are_on_their_way)
{
    make_peers(3);
    waiting = 5; /* all of the first look, two of the second */
    lifelines_begin(&world.board);
    run();
    ck_assert_uint_eq(looked, 9);
    lifelines_begin(&world.board);
    run();
    ck_assert_uint_eq(looked, 12);
}
END_TEST

/* Five that were looked at, and five that were not. */
static void end_some(void)
{
    if (looked != A_TURN)
        return;
    for (uint64_t number = A_TURN - 4; number <= A_TURN + 5; number++)
        hub_detach(&world.fake.hub, hub_find(&world.fake.hub, number), CLOSE_EOF, NULL);
}

START_TEST(peers_may_go_in_between)
{
    make_peers(CROWD);
    on_look = end_some;
    lifelines_begin(&world.board);
    run();
    ck_assert_uint_eq(looked, CROWD - 5);
    fake_turn(&world.fake);
}
END_TEST

START_TEST(no_look_without_keepalive)
{
    make_peers(1);
    lifelines_begin(&world.board);
    world.board.settings.keepalive = 0;
    run();
    lifelines_begin(&world.board);
    ck_assert(!world.board.lifelines_run);
    ck_assert_uint_eq(looked, 0);
}
END_TEST

/* --- a line of TCP --- */

static struct peer *real_peer(int *fd)
{
    union address address;
    const struct listener *listener = fake_board_listen(&world, "tcp://127.0.0.1:0");
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(address_parse("127.0.0.1", listener->origin.endpoint.port, &address));
    ck_assert_int_eq(connect(*fd, &address.any, sizeof address.v4), 0);
    fake_board_until(&world, "open #1");
    return hub_find(&world.fake.hub, 1);
}

START_TEST(a_line_is_looked_at_while_its_queue_waits)
{
    static const char much[65536];
    int fd;
    struct peer *peer = real_peer(&fd);
    ck_assert(!lifelines_check(peer->link));
    while (peer->link->ops->queued(peer->link) == 0)
        ck_assert_int_eq(hub_send(&world.fake.hub, peer, much, sizeof much, 1, NULL), SEND_OK);
    ck_assert(lifelines_check(peer->link));
    ck_assert_int_ne(peer->state, PEER_DEAD);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {looks_at_all_a_few_a_turn_and_ends,
                                  looks_again_while_bytes_are_on_their_way,
                                  peers_may_go_in_between,
                                  no_look_without_keepalive,
                                  a_line_is_looked_at_while_its_queue_waits,
                                  NULL};
    return check_run_with("lifelines", setup, teardown, tests);
}
