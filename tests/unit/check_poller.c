/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/poller.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "loop/loop.h"

enum { MANY = 300 /* more than one batch */ };

static struct loop loop;
static struct poller *poller;

/* A source on a pipe that counts its turns. */
struct counter {
    struct poller_source source; /* first */
    int fds[2];
    int calls;
    int again;     /* so often it asks for one more turn */
    unsigned what; /* what was ready at the last */
    bool reads;    /* a byte, when called */
    int64_t takes; /* microseconds, when called */
    uint64_t turn; /* of the loop, in which it was called */
};

static void ready(struct poller_source *source, unsigned what)
{
    struct counter *counter = (struct counter *)source;
    char byte;
    counter->calls++;
    counter->what = what;
    counter->turn = loop.turns.count;
    for (const int64_t end = loop_clock() + counter->takes; loop_clock() < end;)
        continue;
    if (counter->reads && read(counter->fds[0], &byte, 1) < 0)
        ck_assert_int_eq(errno, EAGAIN);
    if (counter->again-- > 0)
        poller_again(poller, source);
}

/* One, which waits for nothing; loop_poll goes on for as long as something is ready. */
static void turn(void)
{
    event_base_loop(loop.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static void setup(void)
{
    loop_init(&loop);
    poller = poller_create(&loop);
}

static void teardown(void)
{
    poller_destroy(poller);
    loop_finish(&loop);
}

static void open_counter(struct counter *counter)
{
    *counter = (struct counter){.source.ready = ready, .reads = true};
    ck_assert_int_eq(pipe2(counter->fds, O_NONBLOCK), 0);
    poller_watch(poller, counter->fds[0], &counter->source, POLLER_IN);
}

static void close_counter(struct counter *counter)
{
    poller_forget(poller, &counter->source);
    close(counter->fds[0]);
    close(counter->fds[1]);
}

static void make_readable(const struct counter *counter)
{
    ck_assert_int_eq(write(counter->fds[1], "x", 1), 1);
}

START_TEST(who_can_be_read_is_called)
{
    struct counter one, other;
    open_counter(&one);
    open_counter(&other);
    turn();
    ck_assert_int_eq(one.calls, 0);
    make_readable(&one);
    turn();
    turn();
    ck_assert_int_eq(one.calls, 1);
    ck_assert_int_eq(other.calls, 0);
    close_counter(&one);
    close_counter(&other);
}
END_TEST

/* Whoever has always more to say does not keep the loop from its turn. */
START_TEST(who_is_never_done_has_its_share)
{
    struct counter one;
    open_counter(&one);
    one.reads = false;
    make_readable(&one);
    turn();
    ck_assert_int_gt(one.calls, 0);
    ck_assert_int_lt(one.calls, 10);
    int calls = one.calls;
    turn();
    ck_assert_int_eq(one.calls, 2 * calls);
    close_counter(&one);
}
END_TEST

START_TEST(who_is_not_watched_is_not)
{
    struct counter one;
    open_counter(&one);
    make_readable(&one);
    poller_watch(poller, one.fds[0], &one.source, 0);
    turn();
    ck_assert_int_eq(one.calls, 0);
    poller_watch(poller, one.fds[0], &one.source, POLLER_IN);
    turn();
    ck_assert_int_eq(one.calls, 1);
    close_counter(&one);
    turn();
    ck_assert_int_eq(one.calls, 1);
}
END_TEST

START_TEST(again_is_once_in_the_next_turn)
{
    struct counter one;
    open_counter(&one);
    one.again = 2;
    poller_again(poller, &one.source);
    poller_again(poller, &one.source); /* said twice is said once */
    for (int turns = 1; turns <= 5; turns++) {
        turn();
        ck_assert_int_eq(one.calls, turns < 3 ? turns : 3);
    }
    close_counter(&one);
}
END_TEST

START_TEST(forgotten_is_not_called)
{
    struct counter one;
    open_counter(&one);
    poller_again(poller, &one.source);
    close_counter(&one);
    turn();
    ck_assert_int_eq(one.calls, 0);
}
END_TEST

START_TEST(what_is_ready_is_told)
{
    struct counter one;
    int pair[2];
    open_counter(&one);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    poller_watch(poller, one.fds[0], &one.source, 0);
    poller_watch(poller, pair[0], &one.source, POLLER_OUT);
    turn();
    ck_assert_uint_eq(one.what, POLLER_OUT);
    poller_watch(poller, pair[0], &one.source, POLLER_IN);
    int calls = one.calls;
    turn();
    ck_assert_int_eq(one.calls, calls);
    ck_assert_int_eq(write(pair[1], "x", 1), 1);
    turn();
    ck_assert_uint_eq(one.what, POLLER_IN);
    poller_watch(poller, pair[0], &one.source, POLLER_IN | POLLER_OUT);
    turn();
    ck_assert_uint_eq(one.what, POLLER_IN | POLLER_OUT);
    poller_watch(poller, pair[0], &one.source, 0);
    close(pair[0]);
    close(pair[1]);
    close_counter(&one);
}
END_TEST

/* Whoever only writes would not learn of it otherwise. */
START_TEST(a_hang_up_is_told_to_who_waits)
{
    struct counter one;
    int pair[2];
    open_counter(&one);
    one.reads = false;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    poller_watch(poller, one.fds[0], &one.source, 0);
    close(pair[1]);
    turn();
    ck_assert_int_eq(one.calls, 0);
    poller_watch(poller, pair[0], &one.source, POLLER_OUT);
    turn();
    ck_assert_int_gt(one.calls, 0);
    ck_assert_uint_eq(one.what, POLLER_OUT);
    poller_watch(poller, pair[0], &one.source, POLLER_IN);
    turn();
    ck_assert_uint_eq(one.what, POLLER_IN);
    poller_watch(poller, pair[0], &one.source, 0);
    close(pair[0]);
    close_counter(&one);
}
END_TEST

START_TEST(who_waits_for_the_end_alone_is_told_of_nothing_else)
{
    int pair[2];
    struct counter one = {.source.ready = ready};
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    poller_watch(poller, pair[0], &one.source, POLLER_GONE);
    ck_assert_int_eq(write(pair[1], "x", 1), 1);
    shutdown(pair[1], SHUT_WR);
    turn();
    ck_assert_int_eq(one.calls, 0);
    close(pair[1]);
    turn();
    ck_assert_int_ge(one.calls, 1);
    ck_assert_uint_eq(one.what, POLLER_GONE);
    poller_forget(poller, &one.source);
    close(pair[0]);
}
END_TEST

START_TEST(again_tells_of_nothing)
{
    struct counter one;
    open_counter(&one);
    one.what = POLLER_OUT;
    poller_again(poller, &one.source);
    turn();
    ck_assert_uint_eq(one.what, 0);
    close_counter(&one);
}
END_TEST

/* No turn serves all of many, and none of them is left out. */
START_TEST(many_have_their_turns)
{
    static struct counter counters[MANY];
    for (int i = 0; i < MANY; i++) {
        open_counter(&counters[i]);
        make_readable(&counters[i]);
    }
    int served = 0, turns = 0;
    for (; served < MANY && turns < MANY; turns++) {
        turn();
        served = 0;
        for (int i = 0; i < MANY; i++)
            served += counters[i].calls > 0;
    }
    ck_assert_int_eq(served, MANY);
    ck_assert_int_gt(turns, 1);
    ck_assert_int_lt(turns, 10);
    for (int i = 0; i < MANY; i++)
        close_counter(&counters[i]);
}
END_TEST

/* A few, then 3 ms of them: the rest has another turn. */
START_TEST(many_that_are_slow_have_theirs_too)
{
    enum { SLOW = 40, FREE = 4, SLICE = 3 /* of 1 ms each */ };
    static struct counter counters[SLOW];
    for (int i = 0; i < SLOW; i++) {
        open_counter(&counters[i]);
        make_readable(&counters[i]);
        counters[i].takes = 1000;
    }
    turn();
    int first = 0;
    for (int i = 0; i < SLOW; i++)
        first += counters[i].calls > 0 && counters[i].turn == 0;
    ck_assert_int_ge(first, FREE);
    ck_assert_int_le(first, FREE + SLICE + FREE);
    for (int i = 0; i < SLOW; i++)
        close_counter(&counters[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_can_be_read_is_called,
                                  who_is_never_done_has_its_share,
                                  who_is_not_watched_is_not,
                                  again_is_once_in_the_next_turn,
                                  forgotten_is_not_called,
                                  what_is_ready_is_told,
                                  a_hang_up_is_told_to_who_waits,
                                  again_tells_of_nothing,
                                  who_waits_for_the_end_alone_is_told_of_nothing_else,
                                  many_have_their_turns,
                                  many_that_are_slow_have_theirs_too,
                                  NULL};
    return check_run_with("poller", setup, teardown, tests);
}
