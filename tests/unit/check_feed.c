/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to one peer at its pace. */
#include "core/feed.h"

#include "base/cast.h"
#include "core/hub_parts.h"
#include "fake_hub.h"

/* A source of as many bytes as it is told to have, one a piece. */
struct source {
    struct feed feed;
    unsigned left;
    bool rests;     /* after each piece */
    unsigned asked; /* for a piece */
    unsigned overs;
    char error[32]; /* of the last; "" for none */
};

static struct source one, two;

static enum feed_result more(struct feed *feed, struct hub *of, struct peer *peer)
{
    struct source *source = container_of(feed, struct source, feed);
    ck_assert_ptr_eq(of, hub);
    ck_assert_uint_eq(peer_queued(peer), 0);
    ck_assert_uint_eq(peer->pauses, 0); /* it is read from again by then */
    source->asked++;
    if (source->left == 0)
        return FEED_ENDS;
    source->left--;
    if (feed->ops->alone)
        ck_assert_int_eq(hub_transmit(of, peer, "x", 1), 0);
    else if (hub_send(of, peer, "x", 1, 1, NULL) != SEND_OK)
        return FEED_ENDS;
    return source->rests ? FEED_RESTS : FEED_GOES_ON;
}

static void over(struct feed *feed, struct hub *of, struct peer *peer, const char *error)
{
    struct source *source = container_of(feed, struct source, feed);
    ck_assert_ptr_eq(of, hub);
    ck_assert_ptr_null(feed->peer);
    ck_assert_ptr_null(feed_of(peer));
    source->overs++;
    snprintf(source->error, sizeof source->error, "%s", error ? error : "");
    memset(&source->feed, 0xee, sizeof source->feed); /* as if freed */
}

static const struct feed_ops beside = {.more = more, .over = over};
static const struct feed_ops alone = {.alone = true, .more = more, .over = over};

static void start(struct source *source, const struct feed_ops *ops, struct fake_link *link,
                  unsigned left)
{
    *source = (struct source){.feed.ops = ops, .left = left};
    feed_start(hub, &source->feed, link->link.peer);
}

static void turn(unsigned turns)
{
    while (turns-- > 0)
        fake_turn(&world);
}

/* --- pace --- */

START_TEST(it_begins_with_the_next_turn)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &beside, link, 2);
    ck_assert_uint_eq(one.asked, 0);
    turn(1);
    TOOK(link, "x");
    turn(1);
    TOOK(link, "x");
    TOLD("sent #1 x by 1\nsent #1 x by 1\n");
    ck_assert_uint_eq(one.overs, 0);
    turn(1);
    ck_assert_uint_eq(one.overs, 1);
    ck_assert_str_eq(one.error, "");
    turn(2);
    ck_assert_uint_eq(one.asked, 3);
    ck_assert_uint_eq(world.laters, 0);
}
END_TEST

START_TEST(a_piece_waits_for_the_one_before)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->keep = true;
    start(&one, &alone, link, 3);
    turn(3);
    ck_assert_uint_eq(one.asked, 1);
    ck_assert_uint_eq(world.laters, 0); /* nobody is asked in vain */
    fake_link_drain(link);
    ck_assert_uint_eq(one.asked, 1); /* in a turn of its own */
    turn(3);
    ck_assert_uint_eq(one.asked, 2);
}
END_TEST

/* Else a source that has nothing for now would be asked in each turn. */
START_TEST(one_that_rests_is_asked_when_a_queue_is_gone)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &beside, link, 9);
    one.rests = true;
    turn(3);
    ck_assert_uint_eq(one.asked, 1);
    ck_assert_uint_eq(world.laters, 0);
    link->keep = true;
    ck_assert_int_eq(send_text(link, "operator"), SEND_OK);
    turn(2);
    ck_assert_uint_eq(one.asked, 1);
    fake_link_drain(link);
    turn(2);
    ck_assert_uint_eq(one.asked, 2);
}
END_TEST

START_TEST(each_peer_drains_for_its_own)
{
    struct fake_link *first = make_peer("tcp://127.0.0.1:1");
    struct fake_link *second = make_peer("tcp://127.0.0.1:2");
    first->keep = second->keep = true;
    start(&one, &beside, first, 9);
    start(&two, &beside, second, 9);
    turn(1);
    fake_link_drain(second);
    turn(2);
    ck_assert_uint_eq(one.asked, 1);
    ck_assert_uint_eq(two.asked, 2);
    hub_drained(hub, make_peer("tcp://127.0.0.1:3")->link.peer); /* it has none */
}
END_TEST

START_TEST(reading_goes_on_before_it_is_asked)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    hub->settings.max_queue = HUB_REPLY_MAX; /* so that no byte may wait */
    link->keep = true;
    start(&one, &beside, link, 9);
    receive_text(link, "a");
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT);
    turn(1);
    fake_link_drain(link);
    turn(1);
    ck_assert_uint_eq(one.asked, 1); /* more has looked */
}
END_TEST

/* --- who else may send --- */

START_TEST(beside_it_others_may_send)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &beside, link, 1);
    ck_assert(!feed_is_alone(link->link.peer));
    ck_assert_int_eq(send_text(link, "a"), SEND_OK);
    turn(1);
    TOOK(link, "ax");
}
END_TEST

START_TEST(one_alone_keeps_others_out)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &alone, link, 1);
    ck_assert(feed_is_alone(link->link.peer));
    ck_assert_int_eq(send_text(link, "a"), SEND_BUSY);
    turn(2);
    ck_assert_int_eq(send_text(link, "a"), SEND_OK);
    TOOK(link, "xa");
}
END_TEST

START_TEST(a_file_waits_for_neither)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    char *error = NULL;
    start(&one, &beside, link, 1);
    ck_assert(!fake_send_file(hub, link->link.peer, "/proc/self/exe", &error));
    check_error(error, "a file is being sent to it");
}
END_TEST

/* --- ends --- */

START_TEST(a_close_waits_for_one_alone)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &alone, link, 2);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert(!link->finishing);
    turn(2);
    TOOK(link, "xx");
    ck_assert(!link->finishing);
    turn(1);
    ck_assert(link->finishing);
}
END_TEST

/* Else nobody would see that its far end is gone. */
START_TEST(who_closes_behind_one_alone_is_read_on)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct hold hold = {0};
    link->keep = true;
    start(&one, &alone, link, 1);
    turn(1);
    hold_all(hub, &hold);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert_uint_eq(link->pauses, 0);
    hold_release(hub, &hold);
    fake_link_drain(link);
    turn(1);
    TOLD("close #1 operator received 0 sent 1 unsent 0\n");
}
END_TEST

START_TEST(a_close_waits_for_no_other)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->finish_later = true;
    start(&one, &beside, link, 2);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert(link->finishing);
    turn(2);
    ck_assert_uint_eq(one.asked, 0);
    ck_assert_uint_eq(world.laters, 0);
    fake_link_finish(link);
    ck_assert_uint_eq(one.overs, 1);
    ck_assert_str_eq(one.error, "the line was closed");
}
END_TEST

START_TEST(the_end_of_our_output_waits_for_one_alone)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &alone, link, 1);
    hub_end_output(link->link.peer);
    turn(1);
    ck_assert(!link->ended);
    turn(1);
    ck_assert(link->ended);
}
END_TEST

START_TEST(it_may_be_stopped)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &alone, link, 9);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    feed_stop(hub, &one.feed);
    feed_stop(hub, &one.feed);
    ck_assert(link->finishing);
    turn(2);
    ck_assert_uint_eq(one.asked + one.overs, 0);
}
END_TEST

START_TEST(it_ends_with_its_line)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(&one, &beside, link, 9);
    turn(1);
    hub_detach(hub, link->link.peer, CLOSE_ERROR, "pulled");
    ck_assert_str_eq(one.error, "pulled");
    turn(2);
    ck_assert_uint_eq(one.overs, 1);
}
END_TEST

static void close_sender(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_detach(hub, (struct peer *)event->peer, CLOSE_OPERATOR, NULL);
}

START_TEST(whoever_sees_its_piece_may_end_the_line)
{
    struct observer observer = {.notice = close_sender, .wants = OBSERVER_WANTS(HUB_SENT)};
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    audience_join(&hub->audience, &observer);
    start(&one, &beside, link, 9);
    turn(3);
    ck_assert_uint_eq(one.asked, 1);
    ck_assert_uint_eq(one.overs, 1);
    audience_leave(&hub->audience, &observer);
}
END_TEST

START_TEST(it_ends_with_the_hub)
{
    start(&one, &alone, make_peer("tcp://127.0.0.1:1"), 9);
    start(&two, &beside, make_peer("tcp://127.0.0.1:2"), 9);
    fake_finish(&world);
    ck_assert_uint_eq(one.overs, 1);
    ck_assert_uint_eq(two.overs, 1);
    fake_init(&world);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_begins_with_the_next_turn,
                                  a_piece_waits_for_the_one_before,
                                  one_that_rests_is_asked_when_a_queue_is_gone,
                                  each_peer_drains_for_its_own,
                                  reading_goes_on_before_it_is_asked,
                                  beside_it_others_may_send,
                                  one_alone_keeps_others_out,
                                  a_file_waits_for_neither,
                                  a_close_waits_for_one_alone,
                                  who_closes_behind_one_alone_is_read_on,
                                  a_close_waits_for_no_other,
                                  the_end_of_our_output_waits_for_one_alone,
                                  it_may_be_stopped,
                                  it_ends_with_its_line,
                                  whoever_sees_its_piece_may_end_the_line,
                                  it_ends_with_the_hub,
                                  NULL};
    return check_run_with("feed", setup_world, teardown_world, tests);
}
