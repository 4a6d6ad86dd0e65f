/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer's life and what is said on its line. */
#include "core/hub.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/responder.h"
#include "fake.h"

static struct fake world;
static struct hub *hub;

static void setup(void)
{
    fake_init(&world);
    hub = &world.hub;
}

static void teardown(void)
{
    fake_finish(&world);
}

#define TOLD(expected) ck_assert_str_eq(fake_take(&world), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An open peer on a listener of its own; nothing of that is left to take. */
static struct fake_link *make_peer(const char *endpoint)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    fake_take(&world);
    return link;
}

static enum send_status send_text(struct fake_link *link, const char *text)
{
    return hub_send(hub, link->link.peer, text, strlen(text), 1, NULL);
}

static void receive_text(struct fake_link *link, const char *text)
{
    hub_receive(hub, link->link.peer, text, strlen(text), false);
}

/* --- an observer that does something when it is told --- */

struct witness {
    struct observer observer; /* first */
    struct hub_event last;
    unsigned told;
    void (*act)(struct peer *peer);
};

static void witness_notice(struct observer *observer, const struct hub_event *event)
{
    struct witness *witness = (struct witness *)observer;
    witness->last = *event;
    witness->told++;
    if (witness->act)
        witness->act((struct peer *)event->peer);
}

static void witness_init(struct witness *witness, unsigned wants, void (*act)(struct peer *))
{
    *witness =
        (struct witness){.observer = {.notice = witness_notice, .wants = wants}, .act = act};
    hub_observe(hub, &witness->observer);
}

static void detach_it(struct peer *peer)
{
    hub_detach(hub, peer, CLOSE_ERROR, "told so");
}

static void close_it(struct peer *peer)
{
    hub_close(hub, peer, CLOSE_OPERATOR);
}

/* --- from beginning to end --- */

START_TEST(events_come_in_order)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?reply=echo");
    struct fake_link *link = fake_peer(&world, listener);
    receive_text(link, "hi\n");
    hub_half_close(hub, link->link.peer);
    send_text(link, "yo");
    hub_close(hub, link->link.peer, CLOSE_EOF);
    TOLD("listening 1 tcp://127.0.0.1:1\n"
         "open #1\n"
         "message #1 hi\\n\n"
         "sent #1 hi\\n by auto\n"
         "half-close #1\n"
         "sent #1 yo by 1\n"
         "close #1 eof received 3 sent 5 unsent 0\n");
}
END_TEST

START_TEST(an_attached_peer_is_connecting)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    struct peer *peer = link->link.peer;
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_CONNECTING);
    ck_assert_uint_eq(peer->number, 1);
    ck_assert_ptr_eq(peer->link, &link->link);
    ck_assert_uint_eq(peer->listener->number, 0);
    ck_assert_int_eq(peer->opened, world.now);
    ck_assert_int_eq(peer->active, world.now);
    ck_assert_ptr_eq(hub_find(hub, 1), peer);
    ck_assert(!hub_listens(peer));
    hub_open(hub, peer);
    ck_assert_int_eq(peer->state, PEER_OPEN);
    ck_assert(hub_listens(peer));
    TOLD("open #1\n");
}
END_TEST

START_TEST(opening_is_counted_by_transport)
{
    make_peer("tcp://127.0.0.1:1");
    make_peer("unix:/run/x");
    make_peer("udp://127.0.0.1:1");
    fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    fake_call(&world, "tcp://127.0.0.1:9");
    ck_assert_uint_eq(hub->stats.tcp_opened, 1);
    ck_assert_uint_eq(hub->stats.unix_opened, 1);
    ck_assert_uint_eq(hub->stats.udp_opened, 2);
}
END_TEST

START_TEST(numbers_are_never_used_again)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (uint64_t number = 1; number <= 5; number++) {
        struct fake_link *link = fake_peer(&world, listener);
        ck_assert_uint_eq(link->link.peer->number, number);
        hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
        fake_turn(&world);
        ck_assert_ptr_null(hub_find(hub, number));
    }
}
END_TEST

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
    link->link.peer->listener->profile.reply = &responder_echo;
    receive_text(link, "b");
    link->link.peer->listener->profile.reply = &responder_none;
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
START_TEST(a_peer_closed_at_its_message_gets_no_reply)
{
    void (*const acts[])(struct peer *) = {detach_it, close_it};
    for (size_t i = 0; i < COUNT(acts); i++) {
        struct witness witness;
        struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
        link->finish_later = true;
        witness_init(&witness, OBSERVER_WANTS(HUB_MESSAGE), acts[i]);
        receive_text(link, "a");
        hub_unobserve(hub, &witness.observer);
        ck_assert_uint_eq(witness.told, 1);
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

START_TEST(events_have_a_time_and_closes_a_duration)
{
    struct witness witness;
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    witness_init(&witness, OBSERVER_ALL, NULL);
    world.now += 1000000;
    receive_text(link, "a");
    world.now += 234567;
    world.wall += 7;
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    hub_unobserve(hub, &witness.observer);
    ck_assert_int_eq(witness.last.type, HUB_CLOSE);
    ck_assert_int_eq(witness.last.time, FAKE_WALL + 7);
    ck_assert_int_eq(witness.last.close.duration, 1234567);
}
END_TEST

/* --- death --- */

START_TEST(dies_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_detach(hub, link->link.peer, CLOSE_ERROR, "No route to host");
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("close #1 error received 0 sent 0 unsent 0 error No route to host\n");
    ck_assert(!link->finishing);
    fake_turn(&world);
    fake_turn(&world);
    TOLD("");
}
END_TEST

START_TEST(may_be_killed_by_who_sees_it_die)
{
    struct witness witness;
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    witness_init(&witness, OBSERVER_WANTS(HUB_CLOSE), detach_it);
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    hub_unobserve(hub, &witness.observer);
    ck_assert_uint_eq(witness.told, 1);
    TOLD("close #1 eof received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(hub_is_empty(hub));
}
END_TEST

START_TEST(the_dead_are_freed_later)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    struct fake_link *links[4];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&world, listener);
    ck_assert_uint_eq(listener->references, 1 + COUNT(links));
    ck_assert_uint_eq(world.defers, 0);
    hub_detach(hub, links[2]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[0]->link.peer, CLOSE_EOF, NULL);
    ck_assert_uint_ge(world.defers, 1);
    for (size_t i = 0; i < COUNT(links); i++)
        ck_assert(!links[i]->destroyed);
    fake_take(&world);
    fake_turn(&world);
    TOLD("");
    ck_assert(links[0]->destroyed && !links[1]->destroyed);
    ck_assert(links[2]->destroyed && !links[3]->destroyed);
    ck_assert_uint_eq(listener->references, 3);
}
END_TEST

START_TEST(nothing_comes_from_the_dead)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct peer *peer = link->link.peer;
    hub_detach(hub, peer, CLOSE_EOF, NULL);
    fake_take(&world);
    world.now += 5;
    receive_text(link, "late");
    hub_half_close(hub, peer);
    hub_drained(hub, peer);
    hub_end_output(peer);
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_DEAD);
    ck_assert_uint_eq(peer->received, 0);
    ck_assert_int_eq(peer->active, world.now - 5);
    ck_assert_uint_eq(hub->stats.messages_in, 0);
    ck_assert_uint_eq(link->tries, 0);
    ck_assert(!link->ended);
}
END_TEST

START_TEST(a_failed_call_is_closed)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    hub_detach(hub, link->link.peer, CLOSE_TIMEOUT, NULL);
    TOLD("close #1 timeout received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(hub_is_empty(hub));
}
END_TEST

START_TEST(finishing_frees_all_and_says_nothing)
{
    struct fake other;
    struct fake_link *link, *next;
    fake_init(&other);
    fake_call(&other, "tcp://127.0.0.1:9");
    struct listener *listener = fake_listen(&other, "tcp://127.0.0.1:1");
    struct fake_link *links[3];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&other, listener);
    hub_detach(&other.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    links[1]->finish_later = true;
    hub_close(&other.hub, links[1]->link.peer, CLOSE_OPERATOR);
    hub_name(&other.hub, links[2]->link.peer, "boiler");
    fake_take(&other);
    hub_finish(&other.hub);
    ck_assert_str_eq(fake_take(&other), "");
    LL_FOREACH_SAFE(other.links, link, next) {
        fake_link_free(link);
    }
    utstring_done(&other.events);
    utstring_done(&other.taken);
}
END_TEST

/* --- the graceful close --- */

START_TEST(a_close_lets_the_queue_go_out)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct peer *peer = link->link.peer;
    link->finish_later = true;
    hub_close(hub, peer, CLOSE_OPERATOR);
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_CLOSING);
    ck_assert(!hub_listens(peer));
    ck_assert(link->finishing);
    ck_assert_int_eq(link->deadline, world.now + FAKE_DRAIN);
    receive_text(link, "discarded");
    ck_assert_uint_eq(peer->received, 0);
    hub_half_close(hub, peer);
    ck_assert_int_eq(peer->state, PEER_CLOSING);
    TOLD("");
    fake_link_finish(link);
    TOLD("close #1 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_second_close_is_at_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->finish_later = link->keep = true;
    send_text(link, "abc");
    hub_close(hub, link->link.peer, CLOSE_TIMEOUT);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("sent #1 abc by 1\nclose #1 timeout received 0 sent 0 unsent 3\n");
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("");
}
END_TEST

START_TEST(a_close_with_nothing_outstanding_is_at_once)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("close #1 operator received 0 sent 0 unsent 0\n");
    ck_assert_int_eq(link->link.peer->state, PEER_DEAD);
}
END_TEST

START_TEST(a_call_is_given_up_at_once)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    link->finish_later = true;
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("close #1 operator received 0 sent 0 unsent 0\n");
    ck_assert(!link->finishing);
}
END_TEST

/* --- half-close --- */

START_TEST(a_half_close_is_told_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_half_close(hub, link->link.peer);
    hub_half_close(hub, link->link.peer);
    ck_assert_int_eq(link->link.peer->state, PEER_HALF_CLOSED);
    ck_assert(hub_listens(link->link.peer));
    receive_text(link, "rest");
    send_text(link, "bye");
    TOLD("half-close #1\nmessage #1 rest\nsent #1 bye by 1\n");
}
END_TEST

START_TEST(the_profile_says_how_long_it_stays)
{
    static const struct {
        const char *endpoint;
        int64_t half_close;
    } cases[] = {
        {"tcp://127.0.0.1:1", 5000000},
        {"unix:/run/x", 5000000},
        {"tcp://127.0.0.1:1?reply=none", 5000000},
        {"tcp://127.0.0.1:1?reply=echo", 0},
        {"tcp://127.0.0.1:1?reply=stamp", 0},
        {"tcp://127.0.0.1:1?half-close=0", 0},
        {"tcp://127.0.0.1:1?half-close=2.5", 2500000},
        {"tcp://127.0.0.1:1?half-close=2.5&reply=echo", 2500000},
        {"unix:/run/x?half-close=0&reply=echo", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fake_link *link = make_peer(cases[i].endpoint);
        ck_assert_int_eq(hub_half_close(hub, link->link.peer), cases[i].half_close);
    }
}
END_TEST

START_TEST(the_reply_decides_when_it_happens)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->link.peer->listener->profile.reply = &responder_echo;
    ck_assert_int_eq(hub_half_close(hub, link->link.peer), 0);
    link->link.peer->listener->profile.reply = &responder_none;
    ck_assert_int_eq(hub_half_close(hub, link->link.peer), HUB_HALF_CLOSE_DEFAULT);
}
END_TEST

START_TEST(our_side_may_end_first)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_end_output(link->link.peer);
    hub_end_output(link->link.peer);
    ck_assert(link->ended);
    ck_assert_int_eq(link->link.peer->state, PEER_OPEN);
    receive_text(link, "still");
    hub_half_close(hub, link->link.peer);
    TOLD("message #1 still\nhalf-close #1\n");
}
END_TEST

START_TEST(nothing_is_replied_after_our_end)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub_end_output(link->link.peer);
    receive_text(link, "still");
    TOLD("message #1 still\n");
    ck_assert_uint_eq(link->tries, 0);
}
END_TEST

START_TEST(only_a_standing_stream_has_an_end)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    struct fake_link *closing = make_peer("tcp://127.0.0.1:1");
    struct fake_link *half = make_peer("unix:/run/x");
    closing->finish_later = true;
    hub_close(hub, closing->link.peer, CLOSE_OPERATOR);
    hub_half_close(hub, half->link.peer);
    hub_end_output(call->link.peer);
    hub_end_output(datagram->link.peer);
    hub_end_output(closing->link.peer);
    hub_end_output(half->link.peer);
    ck_assert(!call->ended && !datagram->ended && !closing->ended);
    ck_assert(half->ended);
    ck_assert_int_eq(send_text(datagram, "a"), SEND_OK);
}
END_TEST

/* --- shutdown --- */

START_TEST(a_shutdown_closes_all)
{
    struct fake_link *half = make_peer("tcp://127.0.0.1:1");
    struct fake_link *slow = make_peer("tcp://127.0.0.1:2");
    make_peer("udp://127.0.0.1:1");
    fake_call(&world, "tcp://127.0.0.1:9");
    hub_half_close(hub, half->link.peer);
    slow->finish_later = true;
    fake_take(&world);
    hub_shutdown(hub);
    TOLD("close #1 shutdown received 0 sent 0 unsent 0\n"
         "close #3 shutdown received 0 sent 0 unsent 0\n"
         "close #4 shutdown received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(!hub_is_empty(hub));
    fake_link_finish(slow);
    TOLD("close #2 shutdown received 0 sent 0 unsent 0\n");
    ck_assert(!hub_is_empty(hub));
    fake_turn(&world);
    ck_assert(hub_is_empty(hub));
}
END_TEST

START_TEST(a_shutdown_does_not_hurry_who_is_closing)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->finish_later = true;
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    hub_shutdown(hub);
    TOLD("");
    fake_link_finish(link);
    TOLD("close #1 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(who_comes_after_a_shutdown_is_closed)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    hub_shutdown(hub);
    fake_take(&world);
    fake_peer(&world, listener);
    TOLD("open #1\nclose #1 shutdown received 0 sent 0 unsent 0\n");
}
END_TEST

/* --- finding --- */

static void check_walk(const char *numbers)
{
    UT_string found;
    utstring_init(&found);
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        utstring_printf(&found, " %u", (unsigned)peer->number);
    ck_assert_str_eq(utstring_body(&found), numbers);
    utstring_done(&found);
}

START_TEST(the_dead_are_not_found)
{
    struct fake_link *links[5];
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    check_walk("");
    ck_assert(hub_is_empty(hub));
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&world, listener);
    check_walk(" 1 2 3 4 5");
    ck_assert_ptr_eq(hub_find(hub, 4), links[3]->link.peer);
    ck_assert_ptr_null(hub_find(hub, 0));
    ck_assert_ptr_null(hub_find(hub, 6));
    ck_assert_ptr_null(hub_find(hub, UINT64_MAX));
    hub_detach(hub, links[0]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[3]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[4]->link.peer, CLOSE_EOF, NULL);
    check_walk(" 2 3");
    ck_assert_ptr_eq(hub_next(hub, links[0]->link.peer), links[1]->link.peer);
    ck_assert_ptr_null(hub_find(hub, 4));
    fake_turn(&world);
    check_walk(" 2 3");
    fake_peer(&world, listener);
    check_walk(" 2 3 6");
}
END_TEST

START_TEST(all_may_die_during_a_walk)
{
    struct listener *listener = fake_listen(&world, "udp://127.0.0.1:1");
    for (int i = 0; i < 100; i++)
        fake_peer(&world, listener);
    unsigned seen = 0;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer), seen++)
        hub_close(hub, peer, CLOSE_OPERATOR);
    ck_assert_uint_eq(seen, 100);
    check_walk("");
    ck_assert(!hub_is_empty(hub));
    fake_turn(&world);
    ck_assert(hub_is_empty(hub));
}
END_TEST

START_TEST(targets_are_pinned_as_often_as_chosen)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:1");
    hub_pin(hub, 1, true);
    hub_pin(hub, 1, true);
    hub_pin(hub, 1, false);
    hub_pin(hub, 0, true);
    hub_pin(hub, 9, true);
    ck_assert_uint_eq(one->link.peer->pins, 1);
    ck_assert_uint_eq(two->link.peer->pins, 0);
    hub_pin(hub, 1, false);
    ck_assert_uint_eq(one->link.peer->pins, 0);
    hub_detach(hub, two->link.peer, CLOSE_EOF, NULL);
    hub_pin(hub, 2, true);
    ck_assert_uint_eq(two->link.peer->pins, 0);
}
END_TEST

/* --- names --- */

START_TEST(a_name_comes_and_goes)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, link->link.peer, "boiler"));
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), link->link.peer);
    ck_assert_ptr_null(hub_find_name(hub, "Boiler"));
    ck_assert_ptr_null(hub_find_name(hub, "boile"));
    ck_assert(hub_name(hub, link->link.peer, "pump"));
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, link->link.peer, NULL));
    ck_assert_ptr_null(hub_find_name(hub, "pump"));
    TOLD("name #1 boiler\nname #1 pump\nname #1\n");
}
END_TEST

START_TEST(a_name_belongs_to_one)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:2");
    ck_assert(hub_name(hub, one->link.peer, "boiler"));
    ck_assert(hub_name(hub, two->link.peer, "pump"));
    fake_take(&world);
    ck_assert(!hub_name(hub, two->link.peer, "boiler"));
    TOLD("");
    ck_assert_ptr_eq(hub_find_name(hub, "pump"), two->link.peer);
    ck_assert(hub_name(hub, one->link.peer, "boiler"));
    TOLD("name #1 boiler\n");
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), one->link.peer);
}
END_TEST

START_TEST(the_own_name_may_be_given_again)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_name(hub, link->link.peer, "boiler");
    ck_assert(hub_name(hub, link->link.peer, link->link.peer->name));
    ck_assert_str_eq(link->link.peer->name, "boiler");
}
END_TEST

START_TEST(a_name_is_free_when_its_peer_is_dead)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:2");
    hub_name(hub, one->link.peer, "boiler");
    hub_detach(hub, one->link.peer, CLOSE_EOF, NULL);
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, two->link.peer, "boiler"));
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), two->link.peer);
}
END_TEST

START_TEST(a_name_from_the_start_is_not_told)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    hub_name_quietly(link->link.peer, "pump");
    hub_name_quietly(link->link.peer, "boiler");
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), link->link.peer);
    hub_open(hub, link->link.peer);
    TOLD("open #1\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {events_come_in_order,
                                  an_attached_peer_is_connecting,
                                  opening_is_counted_by_transport,
                                  numbers_are_never_used_again,
                                  a_message_comes_before_its_reply,
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
                                  events_have_a_time_and_closes_a_duration,
                                  dies_once,
                                  may_be_killed_by_who_sees_it_die,
                                  the_dead_are_freed_later,
                                  nothing_comes_from_the_dead,
                                  a_failed_call_is_closed,
                                  finishing_frees_all_and_says_nothing,
                                  a_close_lets_the_queue_go_out,
                                  a_second_close_is_at_once,
                                  a_close_with_nothing_outstanding_is_at_once,
                                  a_call_is_given_up_at_once,
                                  a_half_close_is_told_once,
                                  the_profile_says_how_long_it_stays,
                                  the_reply_decides_when_it_happens,
                                  our_side_may_end_first,
                                  nothing_is_replied_after_our_end,
                                  only_a_standing_stream_has_an_end,
                                  a_shutdown_closes_all,
                                  a_shutdown_does_not_hurry_who_is_closing,
                                  who_comes_after_a_shutdown_is_closed,
                                  the_dead_are_not_found,
                                  all_may_die_during_a_walk,
                                  targets_are_pinned_as_often_as_chosen,
                                  a_name_comes_and_goes,
                                  a_name_belongs_to_one,
                                  the_own_name_may_be_given_again,
                                  a_name_is_free_when_its_peer_is_dead,
                                  a_name_from_the_start_is_not_told,
                                  NULL};
    return check_run_with("hub", setup, teardown, tests);
}
