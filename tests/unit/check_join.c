/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one line says goes to those that it is joined to, and nothing of it is lost. */
#include "core/join.h"

#include "base/datagram.h"
#include "core/agent.h"
#include "core/join_wait.h"
#include "core/ways.h"
#include "fake_hub.h"

static struct fake_link *near, *far;

static void join(struct fake_link *one, struct fake_link *other)
{
    char *error = NULL;
    ck_assert_msg(join_possible(hub, one->link.peer, other->link.peer, &error), "%s", error);
    join_begin(hub, one->link.peer, other->link.peer, false);
}

static void setup(void)
{
    setup_world();
    near = make_peer("tcp://127.0.0.1:1");
    far = fake_call(&world, "tcp://127.0.0.1:9");
}

/* Both stand. */
static void setup_joined(void)
{
    setup();
    hub_open(hub, far->link.peer);
    join(near, far);
    fake_take(&world);
}

static void set_framing(struct fake_link *link, const char *word)
{
    struct framing framing;
    char *error = NULL;
    ck_assert(framing_parse(word, &framing, &error));
    ways_set_framing(link->link.peer, &framing);
}

/* --- joining --- */

START_TEST(near_waits_for_the_far_end)
{
    join_begin(hub, near->link.peer, far->link.peer, false);
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    TOLD("");
    hub_open(hub, far->link.peer);
    ck_assert_uint_eq(near->pauses, 0);
    TOLD("open #2\njoin #2 #1\n");
}
END_TEST

START_TEST(what_cannot_be_joined_is_told)
{
    char *error = NULL;
    ck_assert(!join_possible(hub, near->link.peer, far->link.peer, &error));
    check_error(error, "#2 is connecting");
    ck_assert(!join_possible(hub, near->link.peer, near->link.peer, &error));
    check_error(error, "#1 cannot be joined to itself");
    hub_open(hub, far->link.peer);
    join(near, far);
    ck_assert(!join_possible(hub, near->link.peer, far->link.peer, &error));
    check_error(error, "#2 is joined to #1 already");
    near->finish_later = true;
    hub_close(hub, near->link.peer, CLOSE_OPERATOR);
    ck_assert(!join_possible(hub, near->link.peer, near->link.peer, &error));
    check_error(error, "#1 is closing");
}
END_TEST

START_TEST(parting_leaves_both)
{
    ck_assert_uint_eq(join_part(hub, near->link.peer), 1);
    TOLD("part #1 #2\n");
    receive_text(near, "alone");
    TOLD("message #1 alone\n");
    TOOK(far, "");
    ck_assert_uint_eq(join_part(hub, near->link.peer), 0);
    ck_assert(!far->link.peer->joined);
    ck_assert_ptr_null(far->link.peer->extras);
}
END_TEST

START_TEST(nobody_else_answers_then)
{
    struct fake_link *echo = make_peer("tcp://127.0.0.1:2?reply=echo");
    join(echo, far);
    receive_text(echo, "a");
    TOOK(echo, "");
    TOOK(far, "a");
    join_part(hub, echo->link.peer);
    receive_text(echo, "b");
    TOOK(echo, "");
    ck_assert_ptr_eq(agent_of(echo->link.peer), &agent_none);
}
END_TEST

/* --- passing on --- */

START_TEST(each_message_is_told_once)
{
    receive_text(near, "ping");
    receive_text(far, "pong");
    TOLD("message #1 ping to #2\nmessage #2 pong to #1\n");
    TOOK(far, "ping");
    TOOK(near, "pong");
    ck_assert_uint_eq(hub->stats.bytes_out, 8);
    ck_assert_uint_eq(hub->stats.messages_out, 2);
    ck_assert_uint_eq(peer_sent(far->link.peer), 4);
}
END_TEST

START_TEST(it_goes_to_all_that_it_is_joined_to)
{
    struct fake_link *third = make_peer("tcp://127.0.0.1:2");
    join(near, third);
    TOLD("join #3 #1\n");
    receive_text(near, "both");
    TOLD("message #1 both to #2,#3\n");
    TOOK(far, "both");
    TOOK(third, "both");
    receive_text(third, "one");
    TOLD("message #3 one to #1\n");
}
END_TEST

/* The end of a frame, and what a framing passes over, are bytes of the line. */
START_TEST(one_framing_changes_no_byte)
{
    const struct framing_piece quiet = {.taken = 1, .line = "\xc0", .quiet = true};
    const struct framing_piece piece = {
        .taken = 4, .line = "hi!\xc0", .data = "hi!", .size = 3};
    set_framing(near, "slip");
    set_framing(far, "slip");
    hub_receive_framed(hub, near->link.peer, &quiet);
    hub_receive_framed(hub, near->link.peer, &piece);
    TOLD("message #1 hi! to #2\n");
    TOOK(far, "\\xc0hi!\\xc0");
}
END_TEST

START_TEST(another_framing_gets_frames_of_its_own)
{
    set_framing(near, "line");
    set_framing(far, "length:u8");
    receive_text(near, "hi\n");
    TOOK(far, "\\x03hi\\n");
    const struct framing_piece piece = {.taken = 3, .line = "\2ok", .data = "ok", .size = 2};
    hub_receive_framed(hub, far->link.peer, &piece);
    TOOK(near, "ok");
}
END_TEST

START_TEST(what_no_frame_holds_is_counted)
{
    set_framing(far, "stx");
    receive_text(near, "\2\3");
    TOOK(far, "");
    ck_assert_uint_eq(hub->stats.dropped_join, 1);
}
END_TEST

/* --- one that does not read --- */

START_TEST(who_does_not_read_holds_the_other)
{
    static char many[300 << 10];
    far->keep = true;
    hub_receive(hub, near->link.peer, many, sizeof many, false);
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(far->pauses, 0);
    receive_text(far, "go on");
    TOOK(near, "go on");
    fake_link_drain(far);
    ck_assert_uint_eq(near->pauses, 0);
}
END_TEST

/* What an operator sends fills the same queue. */
START_TEST(so_does_a_queue_that_others_fill)
{
    static char many[300 << 10];
    far->keep = true;
    ck_assert_int_eq(hub_send(hub, far->link.peer, many, sizeof many, 1, NULL), SEND_OK);
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    fake_link_drain(far);
    ck_assert_uint_eq(near->pauses, 0);
}
END_TEST

START_TEST(what_was_said_already_finds_room)
{
    far->keep = true;
    far->queue_max = 2;
    receive_text(near, "more than two");
    ck_assert_uint_eq(far->queued, 13);
    ck_assert_uint_eq(hub->stats.dropped_join, 0);
}
END_TEST

START_TEST(a_file_is_not_broken_into)
{
    char *error = NULL;
    ck_assert(fake_send_file(hub, far->link.peer, "/proc/self/exe", &error));
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    for (int i = 0; i < 10000 && feed_of(far->link.peer); i++)
        fake_turn(&world);
    ck_assert_uint_eq(near->pauses, 0);
}
END_TEST

START_TEST(a_smaller_bound_holds_at_once)
{
    struct hub_settings settings = hub->settings;
    far->keep = true;
    receive_text(near, "some");
    ck_assert_uint_eq(near->pauses, 0);
    settings.max_queue = 1;
    hub_configure(hub, &settings);
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
}
END_TEST

/* --- datagrams --- */

START_TEST(datagrams_wait_for_the_far_end)
{
    struct fake_link *sender = make_peer("udp://127.0.0.1:2");
    struct fake_link *call = fake_call(&world, "udp://127.0.0.1:9");
    join_begin(hub, sender->link.peer, call->link.peer, false);
    receive_text(sender, "one");
    receive_text(sender, "two");
    TOLD("");
    hub_open(hub, call->link.peer);
    TOLD("open #4\njoin #4 #3\nmessage #3 one to #4\nmessage #3 two to #4\n");
    TOOK(call, "onetwo");
    ck_assert_uint_eq(call->sends, 2);
}
END_TEST

START_TEST(more_than_can_wait_is_counted)
{
    struct fake_link *sender = make_peer("udp://127.0.0.1:2");
    struct fake_link *call = fake_call(&world, "udp://127.0.0.1:9");
    join_begin(hub, sender->link.peer, call->link.peer, false);
    for (int i = 0; i < JOIN_WAIT_MAX + 3; i++)
        receive_text(sender, "x");
    ck_assert_uint_eq(hub->stats.dropped_join, 3);
    hub_open(hub, call->link.peer);
    ck_assert_uint_eq(call->sends, JOIN_WAIT_MAX);
    ck_assert_uint_eq(hub->stats.dropped_join, 3);
}
END_TEST

START_TEST(datagrams_for_a_full_line_are_counted)
{
    struct fake_link *sender = make_peer("udp://127.0.0.1:2");
    static char many[60000];
    join(sender, far);
    far->keep = true;
    for (int i = 0; i < 6; i++)
        hub_receive(hub, sender->link.peer, many, sizeof many, false);
    ck_assert_uint_eq(hub->stats.dropped_join, 1);
    ck_assert_uint_eq(far->queued, 5 * sizeof many);
}
END_TEST

START_TEST(a_long_piece_is_several_datagrams)
{
    struct fake_link *call = fake_call(&world, "udp://127.0.0.1:9");
    static char many[DATAGRAM_MAX + 9];
    hub_open(hub, call->link.peer);
    join(near, call);
    hub_receive(hub, near->link.peer, many, sizeof many, false);
    ck_assert_uint_eq(call->sends, 2);
    ck_assert_uint_eq(call->last, 9);
}
END_TEST

int main(void)
{
    const TTest *const begun[] = {near_waits_for_the_far_end, what_cannot_be_joined_is_told,
                                  NULL};
    const TTest *const joined[] = {parting_leaves_both,
                                   nobody_else_answers_then,
                                   each_message_is_told_once,
                                   it_goes_to_all_that_it_is_joined_to,
                                   one_framing_changes_no_byte,
                                   another_framing_gets_frames_of_its_own,
                                   what_no_frame_holds_is_counted,
                                   who_does_not_read_holds_the_other,
                                   so_does_a_queue_that_others_fill,
                                   what_was_said_already_finds_room,
                                   a_file_is_not_broken_into,
                                   a_smaller_bound_holds_at_once,
                                   datagrams_wait_for_the_far_end,
                                   more_than_can_wait_is_counted,
                                   datagrams_for_a_full_line_are_counted,
                                   a_long_piece_is_several_datagrams,
                                   NULL};
    return check_run_with("join", setup, teardown_world, begun) |
           check_run_with("join", setup_joined, teardown_world, joined);
}
