/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said on a line. */
#include "core/hub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"
#include "core/hub_parts.h"
#include "fake_hub.h"

/* --- messages in --- */

START_TEST(a_message_comes_before_its_reply)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    receive_text(link, "a");
    receive_text(link, "b");
    TOLD("message #1 a\nsent #1 a by auto\nmessage #1 b\nsent #1 b by auto\n");
    TOOK(link, "ab");
}
END_TEST

START_TEST(without_a_reply_nothing_is_sent)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive_text(link, "a");
    TOLD("message #1 a\n");
    ck_assert_uint_eq(link->tries, 0);
}
END_TEST

START_TEST(a_piece_is_told_as_one)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub_receive(hub, link->link.peer, "hel", 3, true);
    TOLD("message #1 hel (partial)\nsent #1 hel by auto\n");
}
END_TEST

START_TEST(each_message_has_the_time_it_came)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    setenv("TZ", "UTC0", 1);
    tzset();
    receive_text(link, "a");
    TOOK(link, "[Sun Mar 19 10:27:00 2017] a");
    world.wall += 61000000;
    receive_text(link, "b");
    TOOK(link, "[Sun Mar 19 10:28:01 2017] b");
}
END_TEST

START_TEST(another_reply_holds_at_once)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=none");
    receive_text(link, "a");
    link->link.peer->origin->profile.reply = &agent_echo;
    receive_text(link, "b");
    link->link.peer->origin->profile.reply = &agent_none;
    receive_text(link, "c");
    TOOK(link, "b");
}
END_TEST

START_TEST(an_empty_datagram_is_a_message)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=echo");
    hub_receive(hub, link->link.peer, "", 0, false);
    TOLD("message #1 \nsent #1  by auto\n");
    ck_assert_uint_eq(link->sends, 1);
    ck_assert_uint_eq(link->last, 0);
}
END_TEST

START_TEST(a_link_may_forbid_the_reply)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=echo");
    link->mute = true;
    receive_text(link, "a");
    TOLD("message #1 a\n");
    ck_assert_uint_eq(link->tries, 0);
    ck_assert_uint_eq(hub->stats.replies, 0);
}
END_TEST

START_TEST(a_reply_without_room_is_counted)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    link->queue_max = 3;
    receive_text(link, "four");
    TOLD("message #1 four\n");
    ck_assert_uint_eq(hub->stats.suppressed_queue, 1);
    ck_assert_uint_eq(hub->stats.replies, 0);
    ck_assert_uint_eq(hub->stats.messages_out, 0);
    ck_assert_uint_eq(hub->stats.bytes_out, 0);
    receive_text(link, "one");
    TOOK(link, "one");
}
END_TEST

START_TEST(a_reply_the_kernel_refuses_is_not_told)
{
    static const int causes[] = {EPERM, EAGAIN, ENOBUFS};
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=echo");
    for (size_t i = 0; i < COUNT(causes); i++) {
        link->fail = causes[i];
        receive_text(link, "a");
        TOLD("message #1 a\n");
    }
    ck_assert_uint_eq(link->tries, COUNT(causes));
    ck_assert_uint_eq(hub->stats.suppressed_queue, 0); /* a datagram waits in none */
    ck_assert_uint_eq(hub->stats.replies, 0);
    ck_assert_uint_eq(link->link.peer->accepted, 0);
}
END_TEST

/* Whoever sees a message may end the line; the link has said what it had to say then. */
static void detach_it(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_detach(hub, hub_find(hub, event->peer->number), CLOSE_ERROR, "told so");
}

static void close_it(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_close(hub, hub_find(hub, event->peer->number), CLOSE_OPERATOR);
}

START_TEST(a_peer_closed_at_its_message_gets_no_reply)
{
    struct observer observers[] = {
        {.notice = detach_it, .wants = OBSERVER_WANTS(HUB_MESSAGE)},
        {.notice = close_it, .wants = OBSERVER_WANTS(HUB_MESSAGE)},
    };
    for (size_t i = 0; i < COUNT(observers); i++) {
        struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
        link->finish_later = true;
        audience_join(&hub->audience, &observers[i]);
        receive_text(link, "a");
        audience_leave(&hub->audience, &observers[i]);
        ck_assert(!peer_is_up(link->link.peer));
        ck_assert_uint_eq(link->tries, 0);
    }
    ck_assert_uint_eq(hub->stats.replies, 0);
}
END_TEST

/* --- messages out --- */

START_TEST(a_send_says_by_whom)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    int cause = -1;
    ck_assert_int_eq(hub_send(hub, link->link.peer, "a", 1, 7, &cause), SEND_OK);
    ck_assert_int_eq(cause, 0);
    ck_assert_int_eq(hub_send(hub, link->link.peer, "b", 1, 0, NULL), SEND_OK);
    TOLD("sent #1 a by 7\nsent #1 b by 0\n");
    TOOK(link, "ab");
}
END_TEST

START_TEST(a_refused_send_leaves_no_trace)
{
    static const struct {
        const char *endpoint;
        int fail;
        enum send_status status;
    } cases[] = {
        {"tcp://127.0.0.1:1", ENOBUFS, SEND_QUEUE_FULL},
        {"unix:/run/x", ENOBUFS, SEND_QUEUE_FULL},
        {"udp://127.0.0.1:1", ENOBUFS, SEND_FAILED},
        {"udp://127.0.0.1:1", ENETUNREACH, SEND_FAILED},
        {"udp://127.0.0.1:1", EAGAIN, SEND_FAILED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fake_link *link = make_peer(cases[i].endpoint);
        int cause = 0;
        link->fail = cases[i].fail;
        ck_assert_int_eq(hub_send(hub, link->link.peer, "a", 1, 1, &cause), cases[i].status);
        ck_assert_int_eq(cause, cases[i].fail);
        ck_assert_int_eq(hub_send(hub, link->link.peer, "a", 1, 1, NULL), cases[i].status);
        ck_assert_uint_eq(link->link.peer->accepted, 0);
    }
    TOLD("");
    ck_assert_uint_eq(hub->stats.messages_out, 0);
    ck_assert_uint_eq(hub->stats.bytes_out, 0);
}
END_TEST

START_TEST(a_datagram_has_a_most)
{
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    struct fake_link *stream = make_peer("tcp://127.0.0.1:1");
    char *data = mem_zalloc(65508);
    ck_assert_int_eq(hub_send_possible(datagram->link.peer, 65507), SEND_OK);
    ck_assert_int_eq(hub_send(hub, datagram->link.peer, data, 65508, 1, NULL), SEND_TOO_LONG);
    ck_assert_uint_eq(datagram->tries, 0);
    ck_assert_int_eq(hub_send(hub, datagram->link.peer, data, 65507, 1, NULL), SEND_OK);
    ck_assert_uint_eq(datagram->last, 65507);
    ck_assert_int_eq(hub_send(hub, stream->link.peer, data, 65508, 1, NULL), SEND_OK);
    free(data);
}
END_TEST

START_TEST(only_who_stands_is_sent_to)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    struct fake_link *half = make_peer("tcp://127.0.0.1:1");
    struct fake_link *closing = make_peer("tcp://127.0.0.1:2");
    struct fake_link *dead = make_peer("tcp://127.0.0.1:3");
    struct fake_link *ended = make_peer("tcp://127.0.0.1:4");
    hub_half_close(hub, half->link.peer);
    closing->finish_later = true;
    hub_close(hub, closing->link.peer, CLOSE_OPERATOR);
    hub_detach(hub, dead->link.peer, CLOSE_EOF, NULL);
    hub_end_output(ended->link.peer);
    fake_take(&world);
    ck_assert_int_eq(send_text(call, "a"), SEND_CONNECTING);
    ck_assert_int_eq(send_text(half, "a"), SEND_OK);
    ck_assert_int_eq(send_text(closing, "a"), SEND_CLOSING);
    ck_assert_int_eq(send_text(dead, "a"), SEND_CLOSING);
    ck_assert_int_eq(send_text(ended, "a"), SEND_ENDED);
    TOLD("sent #2 a by 1\n");
}
END_TEST

/* --- what is counted --- */

START_TEST(bytes_and_messages_are_counted)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    const struct peer *peer = link->link.peer;
    receive_text(link, "12345");
    receive_text(link, "678");
    send_text(link, "x");
    ck_assert_uint_eq(peer->received, 8);
    ck_assert_uint_eq(peer->accepted, 9);
    ck_assert_uint_eq(hub->stats.messages_in, 2);
    ck_assert_uint_eq(hub->stats.bytes_in, 8);
    ck_assert_uint_eq(hub->stats.messages_out, 3);
    ck_assert_uint_eq(hub->stats.bytes_out, 9);
    ck_assert_uint_eq(hub->stats.replies, 2);
}
END_TEST

START_TEST(what_never_went_out_is_taken_back)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->keep = true;
    send_text(link, "1234567");
    link->queued = 4; /* the kernel took three */
    hub_detach(hub, link->link.peer, CLOSE_RESET, NULL);
    TOLD("sent #1 1234567 by 1\nclose #1 reset received 0 sent 3 unsent 4\n");
    ck_assert_uint_eq(hub->stats.bytes_out, 3);
}
END_TEST

START_TEST(bytes_either_way_are_activity)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct peer *peer = link->link.peer;
    const int64_t opened = world.now;
    world.now += 10;
    receive_text(link, "a");
    ck_assert_int_eq(peer->active, opened + 10);
    world.now += 10;
    send_text(link, "a");
    ck_assert_int_eq(peer->active, opened + 20);
    world.now += 10;
    hub_drained(hub, peer);
    ck_assert_int_eq(peer->active, opened + 30);
    world.now += 10;
    link->fail = ENOBUFS;
    send_text(link, "a");
    hub_half_close(hub, peer);
    ck_assert_int_eq(peer->active, opened + 30);
    ck_assert_int_eq(peer->opened, opened);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_message_comes_before_its_reply,
                                  without_a_reply_nothing_is_sent,
                                  a_piece_is_told_as_one,
                                  each_message_has_the_time_it_came,
                                  another_reply_holds_at_once,
                                  an_empty_datagram_is_a_message,
                                  a_link_may_forbid_the_reply,
                                  a_reply_without_room_is_counted,
                                  a_reply_the_kernel_refuses_is_not_told,
                                  a_peer_closed_at_its_message_gets_no_reply,
                                  a_send_says_by_whom,
                                  a_refused_send_leaves_no_trace,
                                  a_datagram_has_a_most,
                                  only_who_stands_is_sent_to,
                                  bytes_and_messages_are_counted,
                                  what_never_went_out_is_taken_back,
                                  bytes_either_way_are_activity,
                                  NULL};
    return check_run_with("hub_message", setup_world, teardown_world, tests);
}
