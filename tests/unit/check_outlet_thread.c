/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/outlet_thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check_main.h"

/* A pipe that nobody reads stands for a disk that stands still. */
static struct outlet_thread *thread;
static int ends[2]; /* where it is read, where it is written */
static char data[1 << 20];

enum { LIMIT = 1 << 20 }; /* more than the files of Check are long */

static void setup(void)
{
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    memset(data, 'x', sizeof data);
    thread = outlet_thread_create(ends[1]);
    ck_assert_ptr_nonnull(thread);
}

static void teardown(void)
{
    outlet_thread_destroy(thread);
    close(ends[0]);
    close(ends[1]);
}

static void use(int fd)
{
    outlet_thread_destroy(thread);
    thread = outlet_thread_create(fd);
}

static ssize_t put(size_t size)
{
    return outlet_thread_put(thread, &(struct iovec){data, size}, size > 0);
}

static void check_fails(ssize_t result, int error)
{
    ck_assert_int_eq(result, -1);
    ck_assert_int_eq(errno, error);
}

static bool may_go_on(int milliseconds)
{
    struct pollfd poller = {.fd = outlet_thread_fd(thread), .events = POLLIN};
    return poll(&poller, 1, milliseconds) > 0;
}

START_TEST(writes_a_piece)
{
    struct iovec parts[] = {{(char[]){"one "}, 4}, {(char[]){"two"}, 3}};
    ck_assert_uint_eq(outlet_thread_backlog(thread), 0);
    ck_assert_int_eq(outlet_thread_put(thread, parts, 2), 7);
    ck_assert_uint_eq(outlet_thread_backlog(thread), 7);
    ck_assert_int_eq(read(ends[0], data, sizeof data), 7);
    ck_assert_int_eq(memcmp(data, "one two", 7), 0);
    ck_assert(may_go_on(-1));
    ck_assert_int_eq(put(0), 0);
    ck_assert_uint_eq(outlet_thread_backlog(thread), 0);
    ck_assert(!may_go_on(0));
}
END_TEST

START_TEST(takes_no_more_while_it_writes)
{
    ssize_t size = put(sizeof data);
    ck_assert_int_gt(size, 1 << 16); /* more than the pipe takes */
    check_fails(put(1), EAGAIN);
    ck_assert(!may_go_on(0));
    for (ssize_t left = size; left > 0;)
        left -= read(ends[0], data, sizeof data);
    ck_assert(may_go_on(-1));
    ck_assert_int_eq(put(1), 1);
}
END_TEST

START_TEST(says_once_why_it_failed_and_tries_again)
{
    struct rlimit before;
    char file[] = "/tmp/check_outlet_thread.XXXXXX";
    int full = mkstemp(file);
    unlink(file);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = LIMIT, .rlim_max = before.rlim_max});
    ck_assert_int_eq(lseek(full, LIMIT, SEEK_SET), LIMIT);
    use(full);
    ck_assert_int_eq(put(3), 3);
    for (int i = 0; i < 3; i++) {
        ck_assert(may_go_on(-1));
        check_fails(put(1), EFBIG);
        check_fails(put(1), EAGAIN);
        ck_assert_uint_eq(outlet_thread_backlog(thread), 3);
    }
    setrlimit(RLIMIT_FSIZE, &before); /* there is room now */
    while (put(0) < 0)
        if (errno == EAGAIN)
            ck_assert(may_go_on(-1));
    ck_assert_int_eq(pread(full, data, sizeof data, LIMIT), 3);
    close(full);
}
END_TEST

START_TEST(its_descriptor_may_be_closed)
{
    int fd = dup(ends[1]);
    use(fd);
    close(fd);
    ck_assert_int_eq(put(3), 3);
    ck_assert_int_eq(read(ends[0], data, sizeof data), 3);
}
END_TEST

/* It returns, and what stands still comes to its end by itself. */
START_TEST(leaves_what_stands_still)
{
    ssize_t left = put(sizeof data);
    outlet_thread_destroy(thread);
    thread = NULL;
    while (left > 0)
        left -= read(ends[0], data, sizeof data);
}
END_TEST

START_TEST(ends_while_it_does_nothing)
{
    ck_assert_int_eq(put(1), 1);
    ck_assert(may_go_on(-1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {writes_a_piece,
                                  takes_no_more_while_it_writes,
                                  says_once_why_it_failed_and_tries_again,
                                  its_descriptor_may_be_closed,
                                  leaves_what_stands_still,
                                  ends_while_it_does_nothing,
                                  NULL};
    return check_run_with("outlet_thread", setup, teardown, tests);
}
