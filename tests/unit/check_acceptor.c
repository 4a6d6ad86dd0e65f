/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/acceptor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "check_main.h"
#include "loop/loop.h"

enum { SOCKETS = 2, CALLERS = 5, MANY = 100 /* more than a turn takes */ };

static struct loop loop;
static struct acceptor *acceptor;
static struct sockaddr_in addresses[SOCKETS];
static int callers[MANY], taken[MANY];
static int calls, count, room, all, rests;
static int cause;

static void take(void *context, int fd, const union address *remote)
{
    ck_assert_ptr_eq(context, &count);
    ck_assert_int_eq(remote->any.sa_family, AF_INET);
    ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    taken[count++] = fd;
}

static bool has_room(void *context)
{
    (void)context;
    if (count < room)
        return true;
    acceptor_pause(acceptor);
    return false;
}

static void starved(void *context, int why)
{
    (void)context;
    cause = why;
}

static void rested(void *context)
{
    (void)context;
    rests++;
}

static void all_taken(void *context)
{
    (void)context;
    all++;
}

static const struct acceptor_ops bare = {.take = take};
static const struct acceptor_ops full = {
    .take = take, .has_room = has_room, .starved = starved, .all_taken = all_taken};
static const struct acceptor_ops resting = {.take = take, .starved = starved, .rested = rested};

static void open_with(const struct acceptor_ops *ops)
{
    int fds[SOCKETS];
    for (int i = 0; i < SOCKETS; i++) {
        socklen_t length = sizeof addresses[i];
        addresses[i] = (struct sockaddr_in){.sin_family = AF_INET,
                                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        ck_assert_int_eq(bind(fds[i], (struct sockaddr *)&addresses[i], length), 0);
        ck_assert_int_eq(getsockname(fds[i], (struct sockaddr *)&addresses[i], &length), 0);
    }
    acceptor = acceptor_create(&loop, fds, SOCKETS, ops, &count);
    ck_assert_ptr_nonnull(acceptor);
}

static void setup(void)
{
    loop_init(&loop);
    calls = count = all = rests = cause = 0;
    room = MANY;
    acceptor = NULL;
}

static void teardown(void)
{
    acceptor_destroy(acceptor);
    for (int i = 0; i < calls; i++)
        close(callers[i]);
    for (int i = 0; i < count; i++)
        close(taken[i]);
    loop_finish(&loop);
}

static void call(int socket_index, int times)
{
    const struct sockaddr_in *address = &addresses[socket_index];
    for (int i = 0; i < times; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        ck_assert_int_eq(connect(fd, (const struct sockaddr *)address, sizeof *address), 0);
        callers[calls++] = fd;
    }
}

START_TEST(takes_nobody_before_it_is_told_to)
{
    open_with(&bare);
    call(0, CALLERS);
    loop_poll(&loop);
    ck_assert_int_eq(count, 0);
    acceptor_resume(acceptor);
    loop_poll(&loop);
    ck_assert_int_eq(count, CALLERS);
}
END_TEST

START_TEST(takes_from_all_its_sockets)
{
    open_with(&full);
    acceptor_resume(acceptor);
    call(0, 2);
    call(1, 3);
    loop_poll(&loop);
    ck_assert_int_eq(count, 5);
    ck_assert_int_ge(all, SOCKETS);
    ck_assert_int_ne(acceptor_fd(acceptor, 0), acceptor_fd(acceptor, 1));
    ck_assert_int_eq(acceptor_fd(acceptor, SOCKETS), -1);
}
END_TEST

static bool seen_half; /* when others had their turn */

static void look(struct job *job)
{
    seen_half |= count == 64;
    if (count < MANY)
        loop_later(&loop, job);
}

START_TEST(leaves_some_for_the_next_turn)
{
    struct job others = {.run = look};
    open_with(&bare);
    call(0, MANY);
    loop_later(&loop, &others);
    acceptor_resume(acceptor);
    while (count < MANY)
        loop_poll(&loop);
    ck_assert(seen_half);
    jobs_forget(&others);
}
END_TEST

START_TEST(stops_where_there_is_no_room)
{
    open_with(&full);
    room = 2;
    acceptor_resume(acceptor);
    call(0, CALLERS);
    loop_poll(&loop);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(all, 0);
    room = CALLERS;
    loop_poll(&loop); /* it was paused, and stays so */
    ck_assert_int_eq(count, 2);
    acceptor_resume(acceptor);
    loop_poll(&loop);
    ck_assert_int_eq(count, CALLERS);
}
END_TEST

/* The lowest free descriptor is the first that there may not be. */
static struct rlimit leave_no_descriptors(void)
{
    struct rlimit before, none;
    getrlimit(RLIMIT_NOFILE, &before);
    int next = dup(0);
    close(next);
    none = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    return before;
}

START_TEST(rests_without_descriptors_and_goes_on_by_itself)
{
    open_with(&full);
    acceptor_resume(acceptor);
    call(0, 1);
    struct rlimit before = leave_no_descriptors();
    loop_poll(&loop);
    ck_assert_int_eq(cause, EMFILE);
    ck_assert_int_eq(count, 0);
    setrlimit(RLIMIT_NOFILE, &before);
    loop_poll(&loop); /* it does not spin meanwhile */
    ck_assert_int_eq(count, 0);
    while (count == 0)
        loop_poll(&loop);
}
END_TEST

START_TEST(what_the_end_of_a_rest_means_may_be_said)
{
    open_with(&resting);
    acceptor_resume(acceptor);
    call(0, 1);
    struct rlimit before = leave_no_descriptors();
    loop_poll(&loop);
    setrlimit(RLIMIT_NOFILE, &before);
    while (rests == 0)
        loop_poll(&loop);
    loop_poll(&loop);
    ck_assert_int_eq(count, 0);
    acceptor_resume(acceptor);
    loop_poll(&loop);
    ck_assert_int_eq(count, 1);
}
END_TEST

START_TEST(a_pause_ends_a_rest)
{
    open_with(&resting);
    call(0, 1);
    acceptor_rest(acceptor);
    acceptor_pause(acceptor);
    for (int64_t end = loop_clock() + 200000; loop_clock() < end;)
        loop_poll(&loop);
    ck_assert_int_eq(rests, 0);
    ck_assert_int_eq(count, 0);
}
END_TEST

START_TEST(closes_what_it_cannot_listen_on)
{
    int fd = open("/dev/null", O_RDONLY);
    ck_assert_ptr_null(acceptor_create(&loop, &fd, 1, &bare, NULL));
    ck_assert_int_eq(errno, ENOTSOCK);
    ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {takes_nobody_before_it_is_told_to,
                                  takes_from_all_its_sockets,
                                  leaves_some_for_the_next_turn,
                                  stops_where_there_is_no_room,
                                  rests_without_descriptors_and_goes_on_by_itself,
                                  what_the_end_of_a_rest_means_may_be_said,
                                  a_pause_ends_a_rest,
                                  closes_what_it_cannot_listen_on,
                                  NULL};
    return check_run_with("acceptor", setup, teardown, tests);
}
