/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fault does between a link and those who hear of its peer. */
#include "core/faults.h"

#include "core/agents.h"
#include "fake_hub.h"

static void begin(struct fake_link *link, const char *text)
{
    struct fault_plan plan = {0};
    char *error = NULL;
    ck_assert_msg(fault_plan_parse(text, " ", '=', &plan, &error), "%s", error);
    faults_begin(hub, link->link.peer, &plan, false);
}

static void lose(struct fake_link *link, enum close_reason reason, const char *error)
{
    hub_lost(hub, link->link.peer, &(struct line_end){.reason = reason, .error = error});
}

static void pass(int64_t milliseconds)
{
    fake_pass(&world, milliseconds * 1000);
    for (int turns = 0; world.later.first && turns < 1000; turns++)
        fake_turn(&world);
}

/* --- messages --- */

START_TEST(a_message_is_told_and_answered_when_it_is_due)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    begin(link, "latency=200");
    receive_text(link, "hi");
    pass(199);
    TOLD("");
    TOOK(link, "");
    ck_assert_uint_eq(link->link.peer->received, 2);
    ck_assert_uint_eq(hub->stats.messages_in, 0);
    pass(1);
    TOLD("message #1 hi\nsent #1 hi by auto\n");
    TOOK(link, "hi");
    ck_assert_uint_eq(hub->stats.messages_in, 1);
    ck_assert_uint_eq(hub->stats.bytes_in, 2);
}
END_TEST

START_TEST(pieces_stay_what_they_are)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?framing=line");
    begin(link, "latency=1");
    hub_receive(hub, link->link.peer, "half", 4, true);
    hub_receive_framed(hub, link->link.peer,
                       &(struct framing_piece){.taken = 3, .quiet = true});
    pass(1);
    TOLD("message #1 half (partial)\n");
    ck_assert_uint_eq(link->link.peer->received, 7);
}
END_TEST

START_TEST(a_key_is_for_all_who_come)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=stamp&fault=loss:100,seed:3");
    receive_text(link, "hi");
    pass(1000);
    TOLD("");
    const struct fault_card *card = faults_card(link->link.peer);
    ck_assert_uint_eq(card->counts[FAULT_COUNT_LOST], 1);
    ck_assert_uint_eq(card->plan.values[FAULT_SEED], 3);
}
END_TEST

START_TEST(many_are_served_each_at_its_time)
{
    struct fake_link *links[20];
    for (int i = 0; i < 20; i++) {
        char text[40];
        links[i] = make_peer("udp://127.0.0.1:1?reply=none");
        snprintf(text, sizeof text, "latency=%d", 100 - i);
        begin(links[i], text);
        receive_text(links[i], "x");
    }
    pass(80);
    TOLD("");
    for (int i = 19; i >= 0; i--) {
        char expected[40];
        pass(1);
        snprintf(expected, sizeof expected, "message #%d x\n", i + 1);
        TOLD(expected);
    }
}
END_TEST

/* --- ending it --- */

START_TEST(ending_it_tells_what_was_held)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    begin(link, "stall");
    receive_text(link, "a");
    receive_text(link, "b");
    faults_end(link->link.peer);
    ck_assert_ptr_null(faults_card(link->link.peer));
    receive_text(link, "c"); /* and nothing passes it */
    pass(1);
    TOLD("message #1 a\nmessage #1 b\nmessage #1 c\n");
    ck_assert_ptr_null(link->link.peer->extras);
    ck_assert_uint_eq(hub->budget.held, 0);
    receive_text(link, "d");
    TOLD("message #1 d\n");
    faults_end(link->link.peer);
}
END_TEST

START_TEST(one_that_holds_nothing_is_gone_at_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    begin(link, "latency=5");
    faults_end(link->link.peer);
    ck_assert_ptr_null(link->link.peer->extras);
}
END_TEST

/* --- ends of the line --- */

START_TEST(an_end_waits_behind_what_is_held)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?half-close=7");
    begin(link, "latency=50");
    receive_text(link, "a");
    ck_assert(hub_end_waits(hub, link->link.peer));
    pass(49);
    TOLD("");
    pass(1);
    TOLD("message #1 a\nhalf-close #1\n");
    ck_assert_int_eq(link->half_close, 7000000);
    faults_end(link->link.peer);
    ck_assert(!hub_end_waits(hub, link->link.peer));
}
END_TEST

START_TEST(a_lost_line_waits_behind_what_is_held)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    begin(link, "latency=50");
    receive_text(link, "a");
    lose(link, CLOSE_ERROR, "No route");
    ck_assert_int_eq(send_text(link, "x"), SEND_ENDED);
    pass(49);
    TOLD("");
    pass(1);
    TOLD("message #1 a\nclose #1 error received 1 sent 0 unsent 0 error No route\n");
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(without_a_fault_it_is_lost_at_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?eol=lf");
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:1?fault=stall");
    lose(link, CLOSE_RESET, NULL);
    lose(call, CLOSE_ERROR, "refused");
    TOLD("close #1 reset received 0 sent 0 unsent 0\n"
         "close #2 error received 0 sent 0 unsent 0 error refused\n");
}
END_TEST

START_TEST(who_closes_it_waits_for_nothing)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct fake_link *lost = make_peer("tcp://127.0.0.1:2");
    begin(link, "stall");
    begin(lost, "stall");
    receive_text(link, "a");
    receive_text(lost, "a");
    lose(lost, CLOSE_EOF, NULL);
    lose(lost, CLOSE_EOF, NULL);
    TOLD("");
    link->finish_later = true;
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    hub_close(hub, lost->link.peer, CLOSE_OPERATOR);
    ck_assert(link->finishing && !lost->finishing);
    lose(link, CLOSE_EOF, NULL);
    TOLD("close #2 operator received 1 sent 0 unsent 0\n"
         "close #1 eof received 1 sent 0 unsent 0\n");
    pass(1);
    ck_assert_uint_eq(hub->budget.held, 0);
}
END_TEST

START_TEST(a_reset_resets)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?fault=reset:2,stall");
    receive_text(link, "a");
    pass(1999);
    ck_assert(!link->aborted);
    pass(1);
    ck_assert(link->aborted);
    TOLD("close #1 reset received 1 sent 0 unsent 0 error by its fault\n");
}
END_TEST

static void close_it(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_close(hub, (struct peer *)event->peer, CLOSE_OPERATOR);
}

START_TEST(who_hears_of_a_piece_may_close_the_line)
{
    struct observer observer = {.notice = close_it, .wants = OBSERVER_WANTS(HUB_MESSAGE)};
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    audience_join(&hub->audience, &observer);
    begin(link, "slice=1");
    receive_text(link, "abc");
    pass(1);
    audience_leave(&hub->audience, &observer);
    TOLD("message #1 a\nclose #1 operator received 3 sent 0 unsent 0\n");
    ck_assert_uint_eq(hub->budget.held, 0);
}
END_TEST

/* --- room --- */

START_TEST(a_stream_that_fills_it_is_not_read)
{
    char bytes[1 << 16];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    memset(bytes, 'x', sizeof bytes);
    begin(link, "latency=100");
    while (!(link->pauses & LINK_PAUSE_FAULT))
        hub_receive(hub, link->link.peer, bytes, sizeof bytes, false);
    ck_assert_uint_gt(faults_held(link->link.peer), FAKE_MAX_QUEUE);
    ck_assert_uint_le(faults_held(link->link.peer), FAKE_MAX_QUEUE + sizeof bytes + 200);
    ck_assert_uint_eq(hub->budget.held, faults_held(link->link.peer));
    pass(100);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(hub->budget.held, 0);
    ck_assert_uint_eq(link->pause_calls, 2);
}
END_TEST

START_TEST(datagrams_that_find_no_room_are_dropped)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    begin(link, "stall");
    while (faults_card(link->link.peer)->counts[FAULT_COUNT_DROPPED] < 10)
        receive_text(link, "");
    ck_assert_uint_eq(link->pause_calls, 0);
    ck_assert_uint_le(faults_held(link->link.peer), FAKE_MAX_QUEUE + 200);
    faults_end(link->link.peer);
    pass(1);
    ck_assert_uint_eq(hub->budget.held, 0);
}
END_TEST

START_TEST(who_has_no_room_for_it_is_waited_for)
{
    struct hold hold = {0};
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    begin(link, "latency=10");
    receive_text(link, "a");
    hold_peer(hub, &hold, link->link.peer);
    pass(100);
    TOLD("");
    hold_release(hub, &hold);
    pass(0);
    pass(1);
    TOLD("message #1 a\n");
}
END_TEST

/* A peer that does not read its replies is asked for no more of them. */
START_TEST(replies_that_are_not_read_hold_it_up)
{
    char bytes[1 << 16];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    memset(bytes, 'x', sizeof bytes);
    link->keep = true;
    begin(link, "latency=10");
    for (int i = 0; i < 8; i++)
        hub_receive(hub, link->link.peer, bytes, sizeof bytes, false);
    pass(10);
    ck_assert_uint_eq(link->queued, 5 * sizeof bytes);
    fake_link_drain(link);
    pass(1);
    ck_assert_uint_eq(link->queued, 3 * sizeof bytes);
    ck_assert_uint_eq(hub->stats.suppressed_queue, 0);
}
END_TEST

/* --- what it can be for --- */

START_TEST(the_framing_decides_whether_messages_can_be_lost)
{
    struct fault_plan plan = {0};
    fault_plan_set(&plan, FAULT_LOSS, 1);
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    char *object = faults_object(link->link.peer, &plan);
    ck_assert_ptr_nonnull(object);
    free(object);
    ck_assert_ptr_null(
        faults_object(make_peer("tcp://127.0.0.1:1?framing=nul")->link.peer, &plan));
    ck_assert_ptr_null(faults_object(make_peer("udp://127.0.0.1:1")->link.peer, &plan));
}
END_TEST

START_TEST(a_profile_that_changes_is_followed)
{
    struct listener *listener = fake_listen(&world, "udp://127.0.0.1:1?fault=latency:5");
    struct peer *mine = fake_peer(&world, listener)->link.peer;
    struct fake_link *chosen = fake_peer(&world, listener);
    begin(chosen, "latency=7");
    listener->origin.profile.fault.values[FAULT_LATENCY] = 6000000;
    faults_renew(hub, mine);
    faults_renew(hub, chosen->link.peer);
    ck_assert_int_eq(fault_plan_time(&faults_card(mine)->plan, FAULT_LATENCY), 6000);
    ck_assert_int_eq(fault_plan_time(&faults_card(chosen->link.peer)->plan, FAULT_LATENCY),
                     7000);
    listener->origin.profile.fault.given = 0;
    faults_renew(hub, mine);
    ck_assert_ptr_null(faults_card(mine));
    faults_renew(hub, mine);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_message_is_told_and_answered_when_it_is_due,
                                  pieces_stay_what_they_are,
                                  a_key_is_for_all_who_come,
                                  many_are_served_each_at_its_time,
                                  ending_it_tells_what_was_held,
                                  one_that_holds_nothing_is_gone_at_once,
                                  an_end_waits_behind_what_is_held,
                                  a_lost_line_waits_behind_what_is_held,
                                  without_a_fault_it_is_lost_at_once,
                                  who_closes_it_waits_for_nothing,
                                  a_reset_resets,
                                  who_hears_of_a_piece_may_close_the_line,
                                  a_stream_that_fills_it_is_not_read,
                                  datagrams_that_find_no_room_are_dropped,
                                  who_has_no_room_for_it_is_waited_for,
                                  replies_that_are_not_read_hold_it_up,
                                  the_framing_decides_whether_messages_can_be_lost,
                                  a_profile_that_changes_is_followed,
                                  NULL};
    return check_run_with("faults", setup_world, teardown_world, tests);
}
