/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When peers are not read from because somebody has no room for what they say. */
#include "core/hold.h"

#include "check_main.h"
#include "fake_hub.h"

static struct hold mine, yours;

static void setup(void)
{
    setup_world();
    hub->settings.max_queue = HUB_REPLY_MAX; /* so that no byte may wait */
    mine = yours = (struct hold){0};
}

/* --- all of them --- */

START_TEST(a_hold_stops_all_streams)
{
    struct fake_link *tcp = make_peer("tcp://127.0.0.1:1");
    struct fake_link *local = make_peer("unix:/run/x");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    struct fake_link *half = make_peer("tcp://127.0.0.1:2");
    hub_half_close(hub, half->link.peer);
    hold_all(hub, &mine);
    hold_all(hub, &mine);
    ck_assert_uint_eq(tcp->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(local->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(half->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(datagram->pause_calls, 0);
    hold_release(hub, &mine);
    hold_release(hub, &mine);
    ck_assert_uint_eq(tcp->pauses | local->pauses | half->pauses, 0);
    ck_assert_uint_eq(tcp->pause_calls, 2);
    ck_assert_uint_eq(datagram->pause_calls, 0);
}
END_TEST

START_TEST(a_hold_is_for_those_who_come_too)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    hold_all(hub, &mine);
    ck_assert_uint_eq(call->pause_calls, 0); /* there is no line yet */
    hub_open(hub, call->link.peer);
    ck_assert_uint_eq(call->pauses, LINK_PAUSE_HOLD);
    struct fake_link *tcp = make_peer("tcp://127.0.0.1:1");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    ck_assert_uint_eq(tcp->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(datagram->pause_calls, 0);
    hold_release(hub, &mine);
    ck_assert_uint_eq(call->pauses | tcp->pauses, 0);
    ck_assert_uint_eq(make_peer("tcp://127.0.0.1:2")->pause_calls, 0);
}
END_TEST

static void hold(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    (void)event;
    hold_all(hub, &mine);
}

START_TEST(a_hold_may_begin_with_the_open_event)
{
    struct observer observer = {.notice = hold, .wants = OBSERVER_WANTS(HUB_OPEN)};
    audience_join(&hub->audience, &observer);
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    audience_leave(&hub->audience, &observer);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(link->pause_calls, 1);
}
END_TEST

START_TEST(the_closing_and_the_dead_are_left_alone)
{
    struct fake_link *closing = make_peer("tcp://127.0.0.1:1");
    struct fake_link *dead = make_peer("tcp://127.0.0.1:2");
    closing->finish_later = true;
    hub_close(hub, closing->link.peer, CLOSE_OPERATOR);
    hub_detach(hub, dead->link.peer, CLOSE_EOF, NULL);
    hold_all(hub, &mine);
    hold_release(hub, &mine);
    ck_assert_uint_eq(closing->pause_calls, 0);
    ck_assert_uint_eq(dead->pause_calls, 0);
}
END_TEST

START_TEST(reading_goes_on_when_no_reason_is_left)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = true;
    hub_receive(hub, link->link.peer, "a", 1, false);
    hold_all(hub, &mine);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT | LINK_PAUSE_HOLD);
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pauses, 0);
    hold_all(hub, &mine);
    hub_receive(hub, link->link.peer, "a", 1, false);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
}
END_TEST

/* Else the peer's end would never be seen, and the close would wait for its deadline. */
START_TEST(who_closes_is_read_from)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = link->finish_later = true;
    hold_all(hub, &mine);
    hub_receive(hub, link->link.peer, "a", 1, false);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert(link->finishing);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

START_TEST(who_comes_after_a_shutdown_is_read_from)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    hold_all(hub, &mine);
    hub_shutdown(hub);
    ck_assert_uint_eq(fake_peer(&world, listener)->pauses, 0);
}
END_TEST

/* The slower of two readers decides. */
START_TEST(all_are_read_when_the_last_has_let_go)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hold_all(hub, &mine);
    hold_all(hub, &yours);
    hold_release(hub, &mine);
    hold_release(hub, &mine);
    ck_assert(!hold_is_on(&mine) && hold_is_on(&yours));
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &yours);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(link->pause_calls, 2);
}
END_TEST

/* --- one of them --- */

START_TEST(a_peer_is_read_when_the_last_has_let_go)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct fake_link *other = make_peer("tcp://127.0.0.1:2");
    hold_peer(hub, &mine, link->link.peer);
    hold_peer(hub, &mine, link->link.peer);
    hold_peer(hub, &yours, link->link.peer);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &yours);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(other->pause_calls, 0);
}
END_TEST

START_TEST(a_peer_and_all_are_held_apart)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct fake_link *other = make_peer("tcp://127.0.0.1:2");
    hold_all(hub, &mine);
    hold_peer(hub, &yours, link->link.peer);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(other->pauses, 0);
    hold_all(hub, &mine);
    hold_release(hub, &yours);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

START_TEST(a_hold_is_of_one_at_a_time)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:2");
    hold_peer(hub, &mine, one->link.peer);
    hold_peer(hub, &mine, two->link.peer);
    ck_assert_uint_eq(one->pauses, 0);
    ck_assert_uint_eq(two->pauses, LINK_PAUSE_HOLD);
    hold_all(hub, &mine);
    ck_assert_uint_eq(one->pauses, LINK_PAUSE_HOLD);
    hold_peer(hub, &mine, one->link.peer);
    ck_assert_uint_eq(one->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(two->pauses, 0);
    hold_release(hub, &mine);
    ck_assert_uint_eq(one->pauses, 0);
}
END_TEST

START_TEST(a_call_is_held_from_when_it_stands)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    hold_peer(hub, &mine, call->link.peer);
    ck_assert_uint_eq(call->pause_calls, 0);
    hub_open(hub, call->link.peer);
    ck_assert_uint_eq(call->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &mine);
    ck_assert_uint_eq(call->pauses, 0);
}
END_TEST

START_TEST(who_was_held_may_be_gone)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hold_peer(hub, &mine, link->link.peer);
    hold_peer(hub, &yours, link->link.peer);
    hub_detach(hub, link->link.peer, CLOSE_RESET, NULL);
    hold_release(hub, &mine);
    fake_turn(&world);
    hold_release(hub, &yours);
    ck_assert_uint_eq(link->pause_calls, 1);
    ck_assert(!hold_is_on(&mine) && !hold_is_on(&yours));
}
END_TEST

START_TEST(datagrams_are_not_held)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    hold_peer(hub, &mine, link->link.peer);
    hold_release(hub, &mine);
    ck_assert_uint_eq(link->pause_calls, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_hold_stops_all_streams,
                                  a_hold_is_for_those_who_come_too,
                                  a_hold_may_begin_with_the_open_event,
                                  the_closing_and_the_dead_are_left_alone,
                                  reading_goes_on_when_no_reason_is_left,
                                  who_closes_is_read_from,
                                  who_comes_after_a_shutdown_is_read_from,
                                  all_are_read_when_the_last_has_let_go,
                                  a_peer_is_read_when_the_last_has_let_go,
                                  a_peer_and_all_are_held_apart,
                                  a_hold_is_of_one_at_a_time,
                                  a_call_is_held_from_when_it_stands,
                                  who_was_held_may_be_gone,
                                  datagrams_are_not_held,
                                  NULL};
    return check_run_with("hold", setup, teardown_world, tests);
}
