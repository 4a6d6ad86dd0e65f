/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A toy relay: an agent that calls out for each peer of a listener and passes on what the two
 * say to each other. It shows that agents, holds and the calls from within both suffice for
 * one.
 */
#include <string.h>

#include "core/agent.h"
#include "fake_hub.h"

enum { QUEUE_HIGH = 10 /* bytes to one side from which on the other is not read */ };

static struct listener *listener;
static struct fake_link *near, *far;

/* --- the relay --- */

struct relay {
    uint64_t other;   /* the number of the other side */
    struct hold hold; /* of it, while this side does not read */
};

static const struct agent relay_agent;

static struct relay *relay_of(const struct peer *peer)
{
    return agent_state(peer);
}

static struct peer *other_of(const struct peer *peer)
{
    return hub_find(hub, relay_of(peer)->other);
}

/* A caller waits for the far end; the far end, when it stands, is there for its caller. */
static void relay_open(struct hub *of, struct peer *peer)
{
    if (peer->origin->listener) {
        far = fake_call_by(&world, "tcp://127.0.0.1:9", &relay_agent);
        relay_of(far->link.peer)->other = peer->number;
        relay_of(peer)->other = far->link.peer->number;
        hold_peer(of, &relay_of(far->link.peer)->hold, peer);
    } else {
        hold_release(of, &relay_of(peer)->hold);
    }
}

static void relay_message(struct hub *of, struct peer *peer, const struct message *message)
{
    struct peer *other = other_of(peer);
    ck_assert(other && hub_answer(of, other, message->data, message->size));
    if (peer_queued(other) >= QUEUE_HIGH)
        hold_peer(of, &relay_of(other)->hold, peer);
}

static void relay_drained(struct hub *of, struct peer *peer)
{
    hold_release(of, &relay_of(peer)->hold);
}

static void relay_ended(struct hub *of, struct peer *peer)
{
    (void)of;
    if (other_of(peer))
        hub_end_output(other_of(peer));
}

static void relay_close(struct hub *of, struct peer *peer)
{
    hold_release(of, &relay_of(peer)->hold);
    if (other_of(peer))
        hub_close(of, other_of(peer), CLOSE_EOF);
}

static const struct agent relay_agent = {
    .name = "relay",
    .state = sizeof(struct relay),
    .half_close = PROFILE_HALF_CLOSE_NEVER,
    .open = relay_open,
    .message = relay_message,
    .ended = relay_ended,
    .drained = relay_drained,
    .close = relay_close,
};

/* --- what it does --- */

static void setup(void)
{
    fake_init(&world);
    listener = fake_listen(&world, "tcp://127.0.0.1:1");
    agent_choose(hub, listener, &relay_agent);
    near = fake_peer(&world, listener);
    fake_take(&world);
}

static void teardown(void)
{
    fake_finish(&world);
}

static void answer_the_call(void)
{
    hub_open(hub, far->link.peer);
    ck_assert_uint_eq(near->pauses, 0);
    fake_take(&world);
}

static void say(struct fake_link *link, const char *text)
{
    hub_receive(hub, link->link.peer, text, strlen(text), false);
}

START_TEST(a_caller_waits_for_the_far_end)
{
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    hub_open(hub, far->link.peer);
    ck_assert_uint_eq(near->pauses, 0);
    TOLD("open #2\n");
}
END_TEST

START_TEST(bytes_pass_both_ways)
{
    answer_the_call();
    say(near, "ping");
    say(far, "pong");
    TOLD("message #1 ping\nsent #2 ping by auto\nmessage #2 pong\nsent #1 pong by auto\n");
    TOOK(far, "ping");
    TOOK(near, "pong");
}
END_TEST

START_TEST(a_side_that_does_not_read_holds_the_other)
{
    answer_the_call();
    far->keep = true;
    say(near, "12345");
    ck_assert_uint_eq(near->pauses, 0);
    say(near, "67890");
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    ck_assert_uint_eq(far->pauses, 0); /* which may go on talking */
    say(far, "wait");
    TOOK(near, "wait");
    fake_link_drain(far);
    ck_assert_uint_eq(near->pauses, 0);
}
END_TEST

/* Two relays, or a relay and a console: the slower one decides. */
START_TEST(it_lets_go_only_of_what_it_holds)
{
    struct hold console = {0};
    answer_the_call();
    far->keep = true;
    say(near, "1234567890");
    hold_all(hub, &console);
    fake_link_drain(far);
    ck_assert_uint_eq(near->pauses, LINK_PAUSE_HOLD);
    hold_release(hub, &console);
    ck_assert_uint_eq(near->pauses, 0);
}
END_TEST

START_TEST(half_close_passes)
{
    answer_the_call();
    ck_assert_int_eq(hub_half_close(hub, near->link.peer), PROFILE_HALF_CLOSE_NEVER);
    ck_assert(far->ended && !near->ended);
    TOLD("half-close #1\n");
    say(far, "late");
    TOOK(near, "late");
    hub_half_close(hub, far->link.peer);
    ck_assert(near->ended);
}
END_TEST

START_TEST(a_close_passes)
{
    answer_the_call();
    hub_detach(hub, far->link.peer, CLOSE_RESET, NULL);
    TOLD("close #2 reset received 0 sent 0 unsent 0\n"
         "close #1 eof received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(a_call_that_fails_closes_its_caller)
{
    hub_detach(hub, far->link.peer, CLOSE_ERROR, "Connection refused");
    TOLD("close #2 error received 0 sent 0 unsent 0 error Connection refused\n"
         "close #1 eof received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_caller_that_goes_ends_the_call)
{
    hub_close(hub, near->link.peer, CLOSE_OPERATOR);
    TOLD("close #1 operator received 0 sent 0 unsent 0\n"
         "close #2 eof received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_shutdown_closes_both_once)
{
    answer_the_call();
    hub_shutdown(hub);
    TOLD("close #1 shutdown received 0 sent 0 unsent 0\n"
         "close #2 eof received 0 sent 0 unsent 0\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_caller_waits_for_the_far_end,
                                  bytes_pass_both_ways,
                                  a_side_that_does_not_read_holds_the_other,
                                  it_lets_go_only_of_what_it_holds,
                                  half_close_passes,
                                  a_close_passes,
                                  a_call_that_fails_closes_its_caller,
                                  a_caller_that_goes_ends_the_call,
                                  a_shutdown_closes_both_once,
                                  NULL};
    return check_run_with("agent_relay", setup, teardown, tests);
}
