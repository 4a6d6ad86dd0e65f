/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer on a real Unix socket: what the hub is told of its stream, and what it asks of it. */
#include "transport/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/unix_address.h"
#include "check_main.h"
#include "core/hub.h"
#include "core/hub_parts.h"
#include "fake_board.h"
#include "loop/unix_path.h"

static struct fake_board world;
static struct hub *hub;
static char name[64];
static int far;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){0});
    hub = &world.fake.hub;
    snprintf(name, sizeof name, "@telex-check-line-%ld", (long)getpid());
}

static void teardown(void)
{
    close(far);
    fake_board_finish(&world);
}

/* A peer of a listener with such keys; far is its other end. */
static struct peer *make_peer(const char *keys)
{
    char *endpoint = mem_printf("unix:%s%s", name, keys);
    fake_board_listen(&world, endpoint);
    free(endpoint);
    fake_take(&world.fake);
    far = unix_path_connect(name);
    ck_assert_int_ge(far, 0);
    ck_assert_str_eq(fake_board_until(&world, "open"), "open #1\n");
    return hub_find(hub, 1);
}

static void say(const char *text)
{
    ck_assert_int_eq(send(far, text, strlen(text), 0), (ssize_t)strlen(text));
}

static size_t hear(char *data, size_t size)
{
    ssize_t got = recv(far, data, size, MSG_DONTWAIT);
    return got > 0 ? (size_t)got : 0;
}

/* Sends until something waits. */
static void fill(struct peer *peer)
{
    static const char piece[1 << 14];
    while (peer_queued(peer) == 0)
        ck_assert_int_eq(hub_send(hub, peer, piece, sizeof piece, 1, NULL), SEND_OK);
    fake_take(&world.fake);
}

/* Everything that was sent, read away. */
static void drain(struct peer *peer)
{
    char data[1 << 14];
    while (hear(data, sizeof data) > 0 || peer_queued(peer) > 0)
        fake_board_turn(&world);
}

START_TEST(bytes_go_both_ways)
{
    char heard[10];
    struct peer *peer = make_peer("?framing=line");
    say("hel");
    say("lo\n");
    ck_assert_str_eq(fake_board_until(&world, "message"), "message #1 hello\\n\n");
    hub_send(hub, peer, "yo\n", 3, 1, NULL);
    ck_assert_uint_eq(hear(heard, sizeof heard), 3);
    ck_assert_uint_eq(peer->received, 6);
    ck_assert_uint_eq(peer_sent(peer), 3);
}
END_TEST

START_TEST(the_queue_is_bounded_and_counted)
{
    static const char text[1 << 20];
    struct peer *peer = make_peer("");
    fill(peer);
    ck_assert_uint_eq(hub->stats.queued, peer_queued(peer));
    ck_assert_uint_eq(hub->budget.held, peer_queued(peer));
    ck_assert_int_eq(peer->link->ops->send(peer->link, text, FAKE_MAX_QUEUE), ENOBUFS);
    size_t room = FAKE_MAX_QUEUE - peer_queued(peer);
    ck_assert_int_eq(peer->link->ops->send(peer->link, text, room), 0);
    ck_assert_int_eq(peer->link->ops->send(peer->link, text, 1), ENOBUFS);
    drain(peer);
    ck_assert_uint_eq(hub->stats.queued, 0);
    ck_assert_uint_eq(hub->budget.held, 0);
}
END_TEST

/* Whatever the bound, the longest reply fits an empty queue. */
START_TEST(the_longest_reply_fits)
{
    static const char text[HUB_REPLY_MAX + 1];
    struct peer *peer = make_peer("");
    hub->settings.max_queue = 10;
    ck_assert_int_eq(peer->link->ops->send(peer->link, text, HUB_REPLY_MAX), 0);
    drain(peer);
    ck_assert_int_eq(peer->link->ops->send(peer->link, text, HUB_REPLY_MAX + 1), ENOBUFS);
}
END_TEST

START_TEST(a_close_lets_the_queue_go_first)
{
    struct peer *peer = make_peer("");
    fill(peer);
    hub_close(hub, peer, CLOSE_OPERATOR);
    ck_assert_int_eq(peer->state, PEER_CLOSING);
    char data[1 << 14];
    const char *log;
    while (!strstr(log = fake_take(&world.fake), "close")) {
        while (hear(data, sizeof data) > 0)
            ;
        fake_board_turn(&world);
    }
    ck_assert_ptr_nonnull(strstr(log, "close #1 operator"));
    ck_assert_ptr_nonnull(strstr(log, "unsent 0"));
}
END_TEST

static enum feed_result more(struct feed *feed, struct hub *of, struct peer *peer)
{
    (void)feed, (void)of, (void)peer;
    return FEED_RESTS;
}

static void broken(struct feed *feed, struct hub *of, struct peer *peer, const char *error)
{
    (void)feed, (void)of, (void)peer;
    ck_abort_msg("%s", error);
}

static void close_it(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_close(hub, hub_find(hub, event->peer->number), CLOSE_OPERATOR);
}

/* Not said twice, which would be at once. */
START_TEST(a_close_at_the_far_ends_end_waits_for_a_file)
{
    static const struct feed_ops ops = {.alone = true, .more = more, .over = broken};
    struct observer observer = {.notice = close_it, .wants = OBSERVER_WANTS(HUB_HALF_CLOSE)};
    struct feed feed = {.ops = &ops};
    struct peer *peer = make_peer("?reply=echo");
    feed_start(hub, &feed, peer);
    audience_join(&hub->audience, &observer);
    shutdown(far, SHUT_WR);
    ck_assert_str_eq(fake_board_until(&world, "half-close"), "half-close #1\n");
    ck_assert_int_eq(peer->state, PEER_CLOSING);
    feed_stop(hub, &feed);
    ck_assert_str_eq(fake_board_until(&world, "close #1"),
                     "close #1 operator received 0 sent 0 unsent 0\n");
    audience_leave(&hub->audience, &observer);
}
END_TEST

START_TEST(an_end_closes_who_is_answered)
{
    make_peer("?reply=echo");
    say("hi");
    shutdown(far, SHUT_WR);
    ck_assert_str_eq(fake_board_until(&world, "close #1 eof"),
                     "message #1 hi\nsent #1 hi by auto\nhalf-close #1\n"
                     "close #1 eof received 2 sent 2 unsent 0\n");
}
END_TEST

/* The far end may go on reading. */
START_TEST(an_end_closes_only_once_the_queue_is_empty)
{
    struct peer *peer = make_peer("?half-close=0");
    fill(peer);
    shutdown(far, SHUT_WR);
    fake_board_until(&world, "half-close");
    ck_assert_int_eq(peer->state, PEER_HALF_CLOSED);
    char data[1 << 14];
    while (!strstr(fake_take(&world.fake), "close #1 eof")) {
        while (hear(data, sizeof data) > 0)
            ;
        fake_board_turn(&world);
    }
}
END_TEST

START_TEST(both_ends_make_an_end)
{
    struct peer *peer = make_peer("?half-close=100");
    char byte;
    hub_end_output(peer);
    fake_board_turn(&world);
    ck_assert_int_eq(recv(far, &byte, 1, 0), 0);
    say("still here");
    fake_board_until(&world, "message");
    shutdown(far, SHUT_WR);
    ck_assert_str_eq(fake_board_until(&world, "close #1 eof"),
                     "half-close #1\nclose #1 eof received 10 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_pause_stops_the_reading)
{
    struct peer *peer = make_peer("");
    hub_pause(peer, LINK_PAUSE_HOLD, true);
    say("hi");
    for (int i = 0; i < 10; i++)
        fake_board_turn(&world);
    ck_assert_str_eq(fake_take(&world.fake), "");
    hub_pause(peer, LINK_PAUSE_HOLD, false);
    ck_assert_str_eq(fake_board_until(&world, "message"), "message #1 hi\n");
}
END_TEST

START_TEST(who_is_not_admitted_is_turned_away)
{
    hub->limits.most.streams = 1;
    make_peer("");
    int other = unix_path_connect(name);
    char byte;
    fake_board_until(&world, "refused");
    ck_assert_int_eq(recv(other, &byte, 1, 0), 0);
    ck_assert_uint_eq(hub_living(hub), 1);
    close(other);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_go_both_ways,
                                  the_queue_is_bounded_and_counted,
                                  the_longest_reply_fits,
                                  a_close_lets_the_queue_go_first,
                                  a_close_at_the_far_ends_end_waits_for_a_file,
                                  an_end_closes_who_is_answered,
                                  an_end_closes_only_once_the_queue_is_empty,
                                  both_ends_make_an_end,
                                  a_pause_stops_the_reading,
                                  who_is_not_admitted_is_turned_away,
                                  NULL};
    return check_run_with("line", setup, teardown, tests);
}
