/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How lines end in good order. */
#include "core/hub.h"

#include <string.h>

#include "check_main.h"
#include "core/agent.h"
#include "core/agents.h"
#include "fake_hub.h"

/* --- the graceful close --- */

START_TEST(a_close_lets_the_queue_go_out)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct peer *peer = link->link.peer;
    link->finish_later = true;
    hub_close(hub, peer, CLOSE_OPERATOR);
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_CLOSING);
    ck_assert(!peer_is_up(peer));
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

/* What is queued is its farewell. */
START_TEST(a_failed_line_is_nobodys_any_more)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct peer *peer = link->link.peer;
    hub_fail(hub, peer, "cut off");
    TOLD("");
    ck_assert(!peer_is_up(peer));
    ck_assert(!link->finishing); /* its stream sees to that */
    ck_assert_int_eq(peer->reason, CLOSE_ERROR);
    hub_detach(hub, peer, CLOSE_ERROR, "cut off");
    TOLD("close #1 error received 0 sent 0 unsent 0 error cut off\n");
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
    ck_assert(peer_is_up(link->link.peer));
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
    link->link.peer->origin->profile.reply = &agent_echo;
    ck_assert_int_eq(hub_half_close(hub, link->link.peer), 0);
    link->link.peer->origin->profile.reply = &agent_none;
    ck_assert_int_eq(hub_half_close(hub, link->link.peer), agent_none.half_close);
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
    ck_assert_uint_eq(hub_living(hub), 1);
    fake_turn(&world);
    ck_assert_uint_eq(hub_living(hub), 1);
    ck_assert(!fake_is_empty(hub));
    fake_link_finish(slow);
    TOLD("close #2 shutdown received 0 sent 0 unsent 0\n");
    ck_assert_uint_eq(hub_living(hub), 0);
    ck_assert(!fake_is_empty(hub));
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
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

int main(void)
{
    const TTest *const tests[] = {a_close_lets_the_queue_go_out,
                                  a_second_close_is_at_once,
                                  a_failed_line_is_nobodys_any_more,
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
                                  NULL};
    return check_run_with("hub_close", setup_world, teardown_world, tests);
}
