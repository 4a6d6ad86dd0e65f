/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the end of one line becomes that of those that it is joined to. */
#include "core/join.h"

#include "fake_hub.h"

static struct fake_link *near, *far;

static void setup(void)
{
    setup_world();
    near = make_peer("tcp://127.0.0.1:1");
    far = fake_call(&world, "tcp://127.0.0.1:9");
    join_begin(hub, near->link.peer, far->link.peer, false);
}

static void setup_joined(void)
{
    setup();
    hub_open(hub, far->link.peer);
    fake_take(&world);
}

static struct fake_link *device, *caller, *other;

static void setup_device(void)
{
    setup_world();
    device = fake_call(&world, "tcp://127.0.0.1:9");
    hub_open(hub, device->link.peer);
    caller = make_peer("tcp://127.0.0.1:1");
    other = make_peer("tcp://127.0.0.1:2");
    join_begin(hub, device->link.peer, caller->link.peer, true);
    join_begin(hub, device->link.peer, other->link.peer, true);
    fake_take(&world);
}

/* --- before the far end is reached --- */

START_TEST(a_far_end_that_is_not_reached_says_why)
{
    hub_detach(hub, far->link.peer, CLOSE_ERROR, "Connection refused");
    TOLD("close #2 error received 0 sent 0 unsent 0 error Connection refused\n"
         "close #1 error received 0 sent 0 unsent 0 error cannot reach tcp://127.0.0.1:9: "
         "Connection refused\n");
    ck_assert(near->finishing && !near->reset);
}
END_TEST

START_TEST(nor_one_that_does_not_answer)
{
    hub_detach(hub, far->link.peer, CLOSE_TIMEOUT, "Connection timed out");
    TOLD("close #2 timeout received 0 sent 0 unsent 0 error Connection timed out\n"
         "close #1 error received 0 sent 0 unsent 0 error cannot reach tcp://127.0.0.1:9: "
         "Connection timed out\n");
}
END_TEST

START_TEST(a_near_end_that_goes_ends_the_call)
{
    hub_detach(hub, near->link.peer, CLOSE_RESET, NULL);
    TOLD("close #1 reset received 0 sent 0 unsent 0\n"
         "close #2 reset received 0 sent 0 unsent 0\n");
}
END_TEST

/* --- half-closes --- */

START_TEST(a_half_close_is_passed_on)
{
    ck_assert_int_eq(hub_half_close(hub, near->link.peer), PROFILE_HALF_CLOSE_NEVER);
    ck_assert(far->ended && !near->ended);
    receive_text(far, "late");
    TOLD("half-close #1\nmessage #2 late to #1\n");
    TOOK(near, "late");
    ck_assert_int_eq(hub_half_close(hub, far->link.peer), PROFILE_HALF_CLOSE_NEVER);
    ck_assert(near->ended);
}
END_TEST

START_TEST(to_one_that_hears_others_when_the_last_has)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2");
    join_begin(hub, far->link.peer, third->link.peer, false);
    hub_half_close(hub, near->link.peer);
    ck_assert(!far->ended);
    hub_half_close(hub, third->link.peer);
    ck_assert(far->ended);
}
END_TEST

START_TEST(or_when_the_others_are_gone)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2");
    join_begin(hub, far->link.peer, third->link.peer, false);
    hub_half_close(hub, near->link.peer);
    hub_detach(hub, third->link.peer, CLOSE_RESET, NULL);
    ck_assert(far->ended);
    ck_assert(!far->finishing);
}
END_TEST

START_TEST(or_when_the_others_are_parted)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2");
    join_begin(hub, far->link.peer, third->link.peer, false);
    hub_half_close(hub, near->link.peer);
    join_part(hub, third->link.peer);
    ck_assert(far->ended);
    ck_assert_int_eq(near->half_close, 0); /* it is joined still */
}
END_TEST

/* Nobody's answer is waited for any more. */
START_TEST(parted_it_has_the_time_of_its_own)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2?half-close=3");
    join_begin(hub, third->link.peer, near->link.peer, false);
    hub_half_close(hub, third->link.peer);
    join_part(hub, near->link.peer);
    ck_assert_int_eq(third->half_close, 3000000);
    ck_assert_int_eq(near->half_close + far->half_close, 0);
}
END_TEST

START_TEST(one_that_has_ended_before_it_was_joined)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2?half-close=3");
    ck_assert_int_eq(hub_half_close(hub, third->link.peer), 3000000);
    join_part(hub, near->link.peer);
    join_begin(hub, third->link.peer, near->link.peer, false);
    ck_assert(near->ended);
    ck_assert_int_eq(third->half_close, PROFILE_HALF_CLOSE_NEVER);
}
END_TEST

/* It cannot be told, so that the time of its profile counts. */
START_TEST(one_without_a_half_close_is_not_waited_for)
{
    struct fake_link *call = fake_call(&world, "udp://127.0.0.1:9");
    struct fake_link *third = make_peer("tcp://127.0.0.1:2?half-close=3");
    hub_open(hub, call->link.peer);
    join_begin(hub, third->link.peer, call->link.peer, false);
    ck_assert_int_eq(hub_half_close(hub, third->link.peer), 3000000);
}
END_TEST

/* --- ends --- */

START_TEST(an_end_is_an_end)
{
    hub_detach(hub, far->link.peer, CLOSE_EOF, NULL);
    TOLD("part #2 #1\nclose #2 eof received 0 sent 0 unsent 0\n"
         "close #1 eof received 0 sent 0 unsent 0\n");
    ck_assert(!near->reset);
}
END_TEST

/* However slowly it is read, nobody's time is up. */
START_TEST(after_all_that_was_said)
{
    near->keep = true;
    receive_text(far, "the last words");
    hub_detach(hub, far->link.peer, CLOSE_EOF, NULL);
    ck_assert(near->ended && !near->finishing);
    fake_link_drain(near);
    ck_assert(near->finishing);
    TOLD("message #2 the last words to #1\npart #2 #1\n"
         "close #2 eof received 14 sent 0 unsent 0\n"
         "close #1 eof received 0 sent 14 unsent 0\n");
}
END_TEST

START_TEST(two_that_have_ended_end_by_themselves)
{
    hub_half_close(hub, near->link.peer);
    hub_half_close(hub, far->link.peer);
    hub_detach(hub, near->link.peer, CLOSE_EOF, NULL);
    ck_assert(!far->finishing);
}
END_TEST

START_TEST(a_reset_is_a_reset)
{
    hub_detach(hub, near->link.peer, CLOSE_RESET, NULL);
    TOLD("part #1 #2\nclose #1 reset received 0 sent 0 unsent 0\n"
         "close #2 reset received 0 sent 0 unsent 0\n");
    ck_assert(far->reset);
}
END_TEST

START_TEST(so_it_is_after_a_half_close)
{
    hub_half_close(hub, near->link.peer);
    hub_half_close(hub, far->link.peer);
    hub_detach(hub, far->link.peer, CLOSE_RESET, NULL);
    ck_assert(near->reset);
}
END_TEST

/* Else what came would be taken for all of it. */
START_TEST(a_line_that_is_lost_is_reset_and_says_why)
{
    hub_detach(hub, far->link.peer, CLOSE_ERROR, "cut off");
    ck_assert(near->reset);
    TOLD("part #2 #1\nclose #2 error received 0 sent 0 unsent 0 error cut off\n"
         "close #1 error received 0 sent 0 unsent 0 error #2: cut off\n");
}
END_TEST

START_TEST(a_lane_that_fails_does_the_same)
{
    hub_fail(hub, far->link.peer, "bad record");
    ck_assert(near->reset);
}
END_TEST

START_TEST(an_operator_closes_both)
{
    near->finish_later = far->finish_later = true;
    hub_close(hub, near->link.peer, CLOSE_OPERATOR);
    ck_assert(far->finishing && !far->reset);
    ck_assert(!near->link.peer->joined && !far->link.peer->joined);
    fake_link_finish(near);
    fake_link_finish(far);
    TOLD("part #1 #2\nclose #1 operator received 0 sent 0 unsent 0\n"
         "close #2 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_shutdown_closes_both_once)
{
    hub_shutdown(hub);
    TOLD("part #1 #2\nclose #1 shutdown received 0 sent 0 unsent 0\n"
         "close #2 shutdown received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_reset_goes_through_a_chain)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2");
    join_part(hub, far->link.peer);
    join_begin(hub, near->link.peer, third->link.peer, false);
    hub_detach(hub, near->link.peer, CLOSE_RESET, NULL);
    ck_assert(third->reset && !far->finishing);
}
END_TEST

/* --- a device that callers share --- */

START_TEST(a_caller_that_goes_leaves_the_device)
{
    ck_assert_int_ne(hub_half_close(hub, caller->link.peer), PROFILE_HALF_CLOSE_NEVER);
    ck_assert(!device->ended);
    hub_detach(hub, caller->link.peer, CLOSE_RESET, NULL);
    hub_half_close(hub, other->link.peer);
    hub_detach(hub, other->link.peer, CLOSE_EOF, NULL);
    ck_assert(!device->ended && !device->finishing);
    ck_assert(peer_is_up(device->link.peer));
}
END_TEST

START_TEST(what_a_device_says_goes_to_all)
{
    receive_text(device, "71.5");
    receive_text(other, "read");
    TOLD("message #1 71.5 to #2,#3\nmessage #3 read to #1\n");
}
END_TEST

START_TEST(a_device_that_says_no_more_is_about_to_go)
{
    ck_assert_int_ne(hub_half_close(hub, device->link.peer), PROFILE_HALF_CLOSE_NEVER);
    ck_assert(caller->ended && other->ended);
}
END_TEST

START_TEST(a_device_that_goes_ends_its_callers)
{
    other->keep = true;
    receive_text(device, "bye");
    hub_detach(hub, device->link.peer, CLOSE_ERROR, "unplugged");
    ck_assert(caller->finishing && !caller->reset);
    ck_assert(!other->finishing && other->ended);
    fake_link_drain(other);
    ck_assert(other->finishing);
    TOLD("message #1 bye to #2,#3\npart #1 #2\npart #1 #3\n"
         "close #1 error received 3 sent 0 unsent 0 error unplugged\n"
         "close #2 error received 0 sent 3 unsent 0 error #1: unplugged\n"
         "close #3 error received 0 sent 3 unsent 0 error #1: unplugged\n");
}
END_TEST

int main(void)
{
    const TTest *const begun[] = {a_far_end_that_is_not_reached_says_why,
                                  nor_one_that_does_not_answer,
                                  a_near_end_that_goes_ends_the_call, NULL};
    const TTest *const joined[] = {a_half_close_is_passed_on,
                                   to_one_that_hears_others_when_the_last_has,
                                   or_when_the_others_are_gone,
                                   or_when_the_others_are_parted,
                                   parted_it_has_the_time_of_its_own,
                                   one_that_has_ended_before_it_was_joined,
                                   one_without_a_half_close_is_not_waited_for,
                                   an_end_is_an_end,
                                   after_all_that_was_said,
                                   two_that_have_ended_end_by_themselves,
                                   a_reset_is_a_reset,
                                   so_it_is_after_a_half_close,
                                   a_line_that_is_lost_is_reset_and_says_why,
                                   a_lane_that_fails_does_the_same,
                                   an_operator_closes_both,
                                   a_shutdown_closes_both_once,
                                   a_reset_goes_through_a_chain,
                                   NULL};
    const TTest *const shared[] = {
        a_caller_that_goes_leaves_the_device, what_a_device_says_goes_to_all,
        a_device_that_says_no_more_is_about_to_go, a_device_that_goes_ends_its_callers, NULL};
    return check_run_with("join_end", setup, teardown_world, begun) |
           check_run_with("join_end", setup_joined, teardown_world, joined) |
           check_run_with("join_end", setup_device, teardown_world, shared);
}
