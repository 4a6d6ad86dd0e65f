/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/inlet.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"
#include "loop/watch.h"

static struct loop loop;
static struct inlet *inlet;
static int ends[2];
static UT_string got;
static unsigned pieces, ended, enough;
static size_t longest;
static bool destroy_at_data;

static void data_cb(void *context, const char *data, size_t size)
{
    ck_assert_ptr_eq(context, &loop);
    ut_append(&got, data, size);
    if (++pieces == enough)
        loop_stop(&loop);
    if (size > longest)
        longest = size;
    if (destroy_at_data) {
        inlet_destroy(inlet);
        inlet = NULL;
    }
}

static void end_cb(void *context)
{
    ck_assert_ptr_eq(context, &loop);
    ended++;
}

static const struct inlet_callbacks callbacks = {.data = data_cb, .end = end_cb};

static void open_on(int fd)
{
    inlet = inlet_create(&loop, fd, &callbacks, &loop);
}

static void setup(void)
{
    loop_init(&loop);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    utstring_init(&got);
    inlet = NULL;
    pieces = ended = enough = 0;
    longest = 0;
    destroy_at_data = false;
}

static void teardown(void)
{
    inlet_destroy(inlet);
    utstring_done(&got);
    close(ends[0]);
    close(ends[1]);
    loop_finish(&loop);
}

static void turn(void)
{
    event_base_loop(loop.base, EVLOOP_ONCE);
}

static void until_end(void)
{
    while (ended == 0)
        turn();
}

static void put(const char *text)
{
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
}

START_TEST(reads_a_pipe_to_its_end)
{
    open_on(ends[0]);
    put("one ");
    while (pieces == 0)
        turn();
    put("two");
    close(ends[1]);
    until_end();
    ck_assert_str_eq(utstring_body(&got), "one two");
    loop_poll(&loop);
    loop_poll(&loop);
    ck_assert_uint_eq(ended, 1);
    ends[1] = dup(STDERR_FILENO);
}
END_TEST

START_TEST(reads_a_socket)
{
    close(ends[0]);
    close(ends[1]);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    open_on(ends[0]);
    put("one");
    shutdown(ends[1], SHUT_WR);
    until_end();
    ck_assert_str_eq(utstring_body(&got), "one");
}
END_TEST

START_TEST(reads_a_file_in_pieces)
{
    char path[] = "/tmp/telex-inlet-XXXXXX";
    int fd = mkstemp(path);
    for (int i = 0; i < 10000; i++)
        ck_assert_int_eq(write(fd, "0123456789", 10), 10);
    lseek(fd, 0, SEEK_SET);
    open_on(fd);
    until_end();
    ck_assert_uint_eq(utstring_len(&got), 100000);
    ck_assert_uint_le(longest, 4096);
    unlink(path);
    close(fd);
}
END_TEST

START_TEST(nothing_ends_at_once)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    open_on(fd);
    until_end();
    ck_assert_uint_eq(pieces, 0);
    close(fd);
}
END_TEST

START_TEST(an_end_of_file_is_no_error)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    open_on(fd);
    until_end();
    ck_assert_int_eq(inlet_error(inlet), 0);
    close(fd);
}
END_TEST

START_TEST(a_failed_read_is_an_error)
{
    int fd = open("/", O_RDONLY | O_CLOEXEC);
    open_on(fd);
    until_end();
    ck_assert_int_eq(inlet_error(inlet), EISDIR);
    ck_assert_uint_eq(inlet_unread(inlet), 0);
    close(fd);
}
END_TEST

START_TEST(knows_what_is_unread_in_a_pipe)
{
    open_on(ends[0]);
    inlet_hold(inlet, true);
    ck_assert_uint_eq(inlet_unread(inlet), 0);
    put("seven..");
    ck_assert_uint_eq(inlet_unread(inlet), 7);
    inlet_hold(inlet, false);
    while (pieces == 0)
        turn();
    ck_assert_uint_eq(inlet_unread(inlet), 0);
}
END_TEST

START_TEST(knows_what_is_unread_of_a_file)
{
    char path[] = "/tmp/telex-inlet-XXXXXX";
    int fd = mkstemp(path);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(write(fd, "0123456789", 10), 10);
    lseek(fd, 10, SEEK_SET);
    open_on(fd);
    ck_assert_uint_eq(inlet_unread(inlet), 9990);
    while (pieces == 0)
        turn();
    ck_assert_uint_eq(inlet_unread(inlet), 9990 - utstring_len(&got));
    unlink(path);
    close(fd);
}
END_TEST

START_TEST(holds)
{
    open_on(ends[0]);
    put("one");
    inlet_hold(inlet, true);
    loop_poll(&loop);
    loop_poll(&loop);
    ck_assert_uint_eq(pieces, 0);
    inlet_hold(inlet, false);
    while (pieces == 0)
        turn();
    ck_assert_str_eq(utstring_body(&got), "one");
}
END_TEST

START_TEST(may_be_destroyed_by_what_it_calls)
{
    open_on(ends[0]);
    destroy_at_data = true;
    put("one");
    while (inlet)
        turn();
    ck_assert_uint_eq(pieces, 1);
}
END_TEST

/* --- input without end: the peers get their turns --- */

static unsigned peer_turns;
static struct watch *peer;

static void peer_cb(void *context)
{
    char byte;
    (void)context;
    ck_assert_int_eq(read(watch_fd(peer), &byte, 1), 1);
    peer_turns++;
}

/* A peer that has always something to say; an inlet that has always something to read. */
static void check_share(int fd, unsigned count)
{
    static const char much[4096];
    int pair[2];
    ck_assert_int_eq(pipe2(pair, O_CLOEXEC), 0);
    ck_assert_int_eq(write(pair[1], much, sizeof much), sizeof much);
    peer = watch_create(&loop, pair[0], WATCH_READ, LOOP_PEERS, PART_PEERS, peer_cb, NULL);
    watch_start(peer);
    peer_turns = 0;
    open_on(fd);
    enough = count;
    loop_run(&loop);
    ck_assert_uint_ge(peer_turns, count / 2);
    watch_destroy(peer);
    close(pair[0]);
    close(pair[1]);
}

START_TEST(a_file_without_end_starves_nobody)
{
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    check_share(fd, 100);
    close(fd);
}
END_TEST

START_TEST(a_pipe_without_end_starves_nobody)
{
    static const char zeros[65536];
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], zeros, sizeof zeros) > 0)
        continue;
    check_share(ends[0], 40); /* the megabyte is 64 pieces */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_a_pipe_to_its_end,
                                  reads_a_socket,
                                  reads_a_file_in_pieces,
                                  nothing_ends_at_once,
                                  an_end_of_file_is_no_error,
                                  a_failed_read_is_an_error,
                                  knows_what_is_unread_in_a_pipe,
                                  knows_what_is_unread_of_a_file,
                                  holds,
                                  may_be_destroyed_by_what_it_calls,
                                  a_file_without_end_starves_nobody,
                                  a_pipe_without_end_starves_nobody,
                                  NULL};
    return check_run_with("inlet", setup, teardown, tests);
}
