/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/watch.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "check_main.h"

static struct loop loop;
static int fds[2];
static struct watch *watch;
static unsigned calls;

/* Takes what is there, so that it is not ready for ever. */
static void ready_cb(void *context)
{
    char byte;
    calls++;
    if (context)
        ck_assert_int_eq(read(watch_fd(context), &byte, 1), 1);
}

static void setup(void)
{
    loop_init(&loop);
    ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
    watch = NULL;
    calls = 0;
}

static void teardown(void)
{
    watch_destroy(watch);
    close(fds[0]);
    close(fds[1]);
    loop_finish(&loop);
}

static void read_cb(void *context)
{
    (void)context;
    ready_cb(watch);
}

static void watch_input(void)
{
    watch = watch_create(&loop, fds[0], WATCH_READ, LOOP_PEERS, PART_PEERS, read_cb, NULL);
}

static void send_byte(void)
{
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
}

START_TEST(tells_nothing_until_it_is_on)
{
    watch_input();
    send_byte();
    loop_poll(&loop);
    ck_assert_uint_eq(calls, 0);
    ck_assert(!watch_is_on(watch));
    ck_assert_int_eq(watch_fd(watch), fds[0]);
    watch_start(watch);
    ck_assert(watch_is_on(watch));
    loop_poll(&loop);
    ck_assert_uint_eq(calls, 1);
}
END_TEST

START_TEST(tells_each_time)
{
    watch_input();
    watch_start(watch);
    for (unsigned i = 1; i <= 3; i++) {
        send_byte();
        loop_poll(&loop);
        ck_assert_uint_eq(calls, i);
    }
    ck_assert(watch_is_on(watch));
}
END_TEST

START_TEST(tells_nothing_once_it_is_off)
{
    watch_input();
    watch_start(watch);
    send_byte();
    watch_stop(watch);
    loop_poll(&loop);
    ck_assert_uint_eq(calls, 0);
    ck_assert(!watch_is_on(watch));
}
END_TEST

static void stop_cb(void *context)
{
    ready_cb(NULL);
    watch_stop(*(struct watch **)context);
}

START_TEST(tells_of_room_to_write)
{
    watch = watch_create(&loop, fds[1], WATCH_WRITE, LOOP_PEERS, PART_PEERS, stop_cb, &watch);
    watch_start(watch);
    loop_poll(&loop);
    ck_assert_uint_eq(calls, 1);
}
END_TEST

START_TEST(tells_of_a_signal)
{
    watch =
        watch_create(&loop, SIGUSR1, WATCH_SIGNAL, LOOP_OPERATOR, PART_SIGNALS, ready_cb, NULL);
    watch_start(watch);
    for (unsigned i = 1; i <= 2; i++) {
        raise(SIGUSR1);
        while (calls < i)
            loop_poll(&loop);
    }
    ck_assert_uint_eq(calls, 2);
}
END_TEST

static void destroy_cb(void *context)
{
    (void)context;
    ready_cb(NULL);
    watch_destroy(watch);
    watch = NULL;
}

START_TEST(may_be_destroyed_by_what_it_calls)
{
    watch = watch_create(&loop, fds[1], WATCH_WRITE, LOOP_PEERS, PART_PEERS, destroy_cb, NULL);
    watch_start(watch);
    loop_poll(&loop);
    ck_assert_uint_eq(calls, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tells_nothing_until_it_is_on,
                                  tells_each_time,
                                  tells_nothing_once_it_is_off,
                                  tells_of_room_to_write,
                                  tells_of_a_signal,
                                  may_be_destroyed_by_what_it_calls,
                                  NULL};
    return check_run_with("watch", setup, teardown, tests);
}
