/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What few peers have: it is there while it is used, and costs the others nothing. */
#include "core/extras.h"

#include "core/agent.h"
#include "fake_hub.h"

static struct hold mine;

static void setup(void)
{
    setup_world();
    mine = (struct hold){0};
}

static void send_file_to(struct fake_link *link)
{
    char *error = NULL;
    ck_assert(fake_send_file(hub, link->link.peer, "/proc/self/exe", &error));
}

START_TEST(most_have_none)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive_text(link, "hello");
    ck_assert_int_eq(send_text(link, "hello"), SEND_OK);
    ck_assert_ptr_null(link->link.peer->extras);
    ck_assert_ptr_null(feed_of(link->link.peer));
    ck_assert_ptr_null(agent_state(link->link.peer));
    extras_tidy(link->link.peer);
    ck_assert_ptr_null(link->link.peer->extras);
}
END_TEST

START_TEST(they_end_with_the_last_use)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct peer *peer = link->link.peer;
    send_file_to(link);
    ck_assert_ptr_nonnull(feed_of(peer));
    hold_peer(hub, &mine, peer);
    ck_assert_uint_eq(extras_of(peer)->holds, 1);
    while (feed_of(peer))
        fake_turn(&world);
    ck_assert_ptr_nonnull(peer->extras);
    hold_release(hub, &mine);
    ck_assert_ptr_null(peer->extras);
}
END_TEST

/* Whoever is told of the file's end may end the peer, and let go of it. */
START_TEST(they_end_with_the_peer)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    send_file_to(link);
    hold_peer(hub, &mine, link->link.peer);
    hub_detach(hub, link->link.peer, CLOSE_RESET, NULL);
    ck_assert_ptr_null(feed_of(link->link.peer));
    hold_release(hub, &mine);
    ck_assert_uint_eq(extras_of(link->link.peer)->holds, 1); /* the dead are left alone */
    fake_turn(&world);
    ck_assert(fake_is_empty(hub)); /* and freed, with theirs */
}
END_TEST

int main(void)
{
    return check_run_with("extras", setup, teardown_world,
                          (const TTest *const[]){most_have_none, they_end_with_the_last_use,
                                                 they_end_with_the_peer, NULL});
}
