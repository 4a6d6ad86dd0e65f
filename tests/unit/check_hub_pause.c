/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When peers are not read from: while replies wait for them, and while a console holds. */
#include "core/hub.h"

#include <string.h>

#include "check_main.h"
#include "core/responder.h"
#include "fake.h"

static struct fake world;
static struct hub *hub;
static struct peer *drained; /* the last that was told */
static unsigned drains;

static void setup(void)
{
    fake_init(&world);
    hub = &world.hub;
    hub->settings.max_queue = HUB_REPLY_MAX; /* so that no byte may wait */
    drains = 0;
}

static void teardown(void)
{
    fake_finish(&world);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct fake_link *make_peer(const char *endpoint)
{
    return fake_peer(&world, fake_listen(&world, endpoint));
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
    link->link.peer->origin->profile.reply = &responder_none;
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

/* --- a console that holds all --- */

START_TEST(a_hold_stops_all_streams)
{
    struct fake_link *tcp = make_peer("tcp://127.0.0.1:1");
    struct fake_link *local = make_peer("unix:/run/x");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    struct fake_link *half = make_peer("tcp://127.0.0.1:2");
    hub_half_close(hub, half->link.peer);
    hub_hold(hub, true);
    hub_hold(hub, true);
    ck_assert_uint_eq(tcp->pauses, LINK_PAUSE_CONSOLE);
    ck_assert_uint_eq(local->pauses, LINK_PAUSE_CONSOLE);
    ck_assert_uint_eq(half->pauses, LINK_PAUSE_CONSOLE);
    ck_assert_uint_eq(datagram->pause_calls, 0);
    hub_hold(hub, false);
    hub_hold(hub, false);
    ck_assert_uint_eq(tcp->pauses | local->pauses | half->pauses, 0);
    ck_assert_uint_eq(tcp->pause_calls, 2);
    ck_assert_uint_eq(datagram->pause_calls, 0);
}
END_TEST

START_TEST(a_hold_is_for_those_who_come_too)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    hub_hold(hub, true);
    ck_assert_uint_eq(call->pause_calls, 0); /* there is no line yet */
    hub_open(hub, call->link.peer);
    ck_assert_uint_eq(call->pauses, LINK_PAUSE_CONSOLE);
    struct fake_link *tcp = make_peer("tcp://127.0.0.1:1");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    ck_assert_uint_eq(tcp->pauses, LINK_PAUSE_CONSOLE);
    ck_assert_uint_eq(datagram->pause_calls, 0);
    hub_hold(hub, false);
    ck_assert_uint_eq(call->pauses | tcp->pauses, 0);
    ck_assert_uint_eq(make_peer("tcp://127.0.0.1:2")->pause_calls, 0);
}
END_TEST

static void hold(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    (void)event;
    hub_hold(hub, true);
}

START_TEST(a_hold_may_begin_with_the_open_event)
{
    struct observer observer = {.notice = hold, .wants = OBSERVER_WANTS(HUB_OPEN)};
    audience_join(&hub->audience, &observer);
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    audience_leave(&hub->audience, &observer);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_CONSOLE);
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
    hub_hold(hub, true);
    hub_hold(hub, false);
    ck_assert_uint_eq(closing->pause_calls, 0);
    ck_assert_uint_eq(dead->pause_calls, 0);
}
END_TEST

START_TEST(reading_goes_on_when_no_reason_is_left)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = true;
    hub_receive(hub, link->link.peer, "a", 1, false);
    hub_hold(hub, true);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT | LINK_PAUSE_CONSOLE);
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_CONSOLE);
    hub_hold(hub, false);
    ck_assert_uint_eq(link->pauses, 0);
    hub_hold(hub, true);
    hub_receive(hub, link->link.peer, "a", 1, false);
    hub_hold(hub, false);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
}
END_TEST

/* Else the peer's end would never be seen, and the close would wait for its deadline. */
START_TEST(who_closes_is_read_from)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->keep = link->finish_later = true;
    hub_hold(hub, true);
    hub_receive(hub, link->link.peer, "a", 1, false);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert(link->finishing);
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

START_TEST(who_comes_after_a_shutdown_is_read_from)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    hub_hold(hub, true);
    hub_shutdown(hub);
    ck_assert_uint_eq(fake_peer(&world, listener)->pauses, 0);
}
END_TEST

/* --- senders that pace themselves --- */

static void count_drain(void *context, struct peer *peer)
{
    ck_assert_ptr_eq(context, &world);
    drained = peer;
    drains++;
}

START_TEST(an_empty_queue_is_told)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:1");
    hub_drained(hub, one->link.peer); /* nobody wants to know */
    hub->on_drained = count_drain;
    hub->on_drained_context = &world;
    hub_drained(hub, two->link.peer);
    ck_assert_ptr_eq(drained, two->link.peer);
    hub_detach(hub, one->link.peer, CLOSE_EOF, NULL);
    hub_drained(hub, one->link.peer);
    ck_assert_uint_eq(drains, 1);
}
END_TEST

/* It finds the line read from again when it is told. */
static void expect_reading(void *context, struct peer *peer)
{
    (void)context;
    ck_assert_uint_eq(peer->pauses, 0);
    drains++;
}

START_TEST(reading_goes_on_before_it_is_told)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub->on_drained = expect_reading;
    link->keep = true;
    hub_receive(hub, link->link.peer, "a", 1, false);
    fake_link_drain(link);
    ck_assert_uint_eq(drains, 1);
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
                                  a_hold_stops_all_streams,
                                  a_hold_is_for_those_who_come_too,
                                  a_hold_may_begin_with_the_open_event,
                                  the_closing_and_the_dead_are_left_alone,
                                  reading_goes_on_when_no_reason_is_left,
                                  who_closes_is_read_from,
                                  who_comes_after_a_shutdown_is_read_from,
                                  an_empty_queue_is_told,
                                  reading_goes_on_before_it_is_told,
                                  NULL};
    return check_run_with("hub_pause", setup, teardown, tests);
}
