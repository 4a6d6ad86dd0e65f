/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"

static struct writer writer;
static int ends[2]; /* where it is read, where it is written */
static char data[1 << 20];

static void setup(void)
{
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
}

static void teardown(void)
{
    close(ends[0]);
    close(ends[1]);
}

static ssize_t put(size_t size)
{
    return writer_put(&writer, &(struct iovec){data, size}, 1);
}

/* Writes until nothing more is taken, and says so; the description is as it was. */
static size_t fill(void)
{
    size_t all = 0;
    ssize_t size;
    while ((size = put(sizeof data)) > 0)
        all += (size_t)size;
    ck_assert_int_eq(size, -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    return all;
}

START_TEST(does_not_wait_for_a_pipe)
{
    writer_open(&writer, ends[1]);
    ck_assert_int_eq(writer.kind, WRITER_OWN);
    ck_assert(writer_is_pollable(&writer));
    size_t all = fill();
    ck_assert_uint_ge(all, PIPE_BUF);
    ck_assert_int_eq(read(ends[0], data, sizeof data), all);
    ck_assert_int_eq(put(10), 10);
    writer_close(&writer);
    ck_assert_int_ne(fcntl(ends[1], F_GETFD), -1);
}
END_TEST

START_TEST(does_not_wait_for_one_that_it_shares)
{
    writer = (struct writer){.fd = ends[1], .kind = WRITER_SHARED};
    ck_assert(writer_is_pollable(&writer));
    ck_assert_int_eq(put(PIPE_BUF + 1), PIPE_BUF);
    fill();
    ck_assert_int_gt(read(ends[0], data, sizeof data), PIPE_BUF);
    ck_assert_int_eq(put(10), 10);
    writer_close(&writer);
    ck_assert_int_ne(fcntl(ends[1], F_GETFD), -1);
}
END_TEST

START_TEST(does_not_wait_for_a_socket)
{
    teardown();
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    writer_open(&writer, ends[1]);
    ck_assert_int_eq(writer.kind, WRITER_SOCKET);
    ck_assert(writer_is_pollable(&writer));
    fill();
    close(ends[0]);
    ck_assert_int_eq(put(10), -1);
    ck_assert_int_eq(errno, EPIPE);
    ends[0] = dup(ends[1]);
    writer_close(&writer);
}
END_TEST

START_TEST(takes_all_pieces)
{
    struct iovec parts[] = {{(char[]){"one "}, 4}, {(char[]){"two"}, 3}};
    writer_open(&writer, ends[1]);
    ck_assert_int_eq(writer_put(&writer, parts, 2), 7);
    ck_assert_int_eq(read(ends[0], data, sizeof data - 1), 7);
    ck_assert_str_eq(data, "one two");
    writer_close(&writer);
}
END_TEST

START_TEST(knows_what_epoll_refuses)
{
    FILE *file = tmpfile();
    writer_open(&writer, fileno(file));
    ck_assert_int_eq(writer.kind, WRITER_FILE);
    ck_assert(!writer_is_pollable(&writer));
    ck_assert_int_eq(put(10), 10);
    fclose(file);
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    writer_open(&writer, full);
    ck_assert_int_eq(writer.kind, WRITER_DEVICE);
    ck_assert(!writer_is_pollable(&writer));
    ck_assert_int_eq(put(10), -1);
    ck_assert_int_eq(errno, ENOSPC);
    close(full);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        does_not_wait_for_a_pipe,   does_not_wait_for_one_that_it_shares,
        does_not_wait_for_a_socket, takes_all_pieces,
        knows_what_epoll_refuses,   NULL};
    return check_run_with("writer", setup, teardown, tests);
}
