/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When peers are not read from: while replies wait for them. */
#include "core/hub.h"

#include <string.h>

#include "check_main.h"
#include "core/agents.h"
#include "fake_hub.h"

static void setup(void)
{
    setup_world();
    hub->settings.max_queue = HUB_REPLY_MAX; /* so that no byte may wait */
}

/* --- replies that wait --- */

START_TEST(an_unread_reply_stops_the_reading)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub_receive(hub, link->link.peer, "a", 1, false);
    ck_assert_uint_eq(link->pause_calls, 0); /* the kernel took it */
    link->keep = true;
    hub_receive(hub, link->link.peer, "b", 1, false);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
    hub_receive(hub, link->link.peer, "c", 1, false);
    ck_assert_uint_eq(link->pause_calls, 1);
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(link->pause_calls, 2);
    hub_drained(hub, link->link.peer);
    ck_assert_uint_eq(link->pause_calls, 2);
}
END_TEST

START_TEST(some_may_wait_where_the_queue_is_long)
{
    static const char piece[64 << 10];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub->settings.max_queue = 1 << 20;
    link->keep = true;
    for (int i = 0; i < 4; i++)
        hub_receive(hub, link->link.peer, piece, sizeof piece, false);
    ck_assert_uint_eq(link->queued, 256 << 10);
    ck_assert_uint_eq(link->pause_calls, 0);
    hub_receive(hub, link->link.peer, "x", 1, false);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

/* Whatever the bound, no reply is lost for want of room. */
START_TEST(the_longest_reply_still_fits)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub->settings.max_queue = HUB_REPLY_MAX + 10;
    link->keep = true;
    hub_receive(hub, link->link.peer, "0123456789", 10, false);
    ck_assert_uint_eq(link->pause_calls, 0);
    hub_receive(hub, link->link.peer, "x", 1, false);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
}
END_TEST

START_TEST(who_gets_no_replies_is_read_on)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->keep = true;
    hub_send(hub, link->link.peer, "a", 1, 1, NULL);
    hub_receive(hub, link->link.peer, "b", 1, false);
    ck_assert_uint_eq(link->queued, 1);
    ck_assert_uint_eq(link->pause_calls, 0);
}
END_TEST

START_TEST(a_text_before_the_replies_counts_too)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = true;
    hub_send(hub, link->link.peer, "a", 1, 1, NULL);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
}
END_TEST

START_TEST(a_suppressed_reply_stops_nothing)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->mute = true;
    link->keep = true;
    hub_receive(hub, link->link.peer, "a", 1, false);
    ck_assert_uint_eq(link->pause_calls, 0);
}
END_TEST

START_TEST(reading_goes_on_where_replies_ended_meanwhile)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = true;
    hub_receive(hub, link->link.peer, "a", 1, false);
    link->link.peer->origin->profile.reply = &agent_none;
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_unread_reply_stops_the_reading,
                                  some_may_wait_where_the_queue_is_long,
                                  the_longest_reply_still_fits,
                                  who_gets_no_replies_is_read_on,
                                  a_text_before_the_replies_counts_too,
                                  a_suppressed_reply_stops_nothing,
                                  reading_goes_on_where_replies_ended_meanwhile,
                                  NULL};
    return check_run_with("hub_pause", setup, teardown_world, tests);
}
