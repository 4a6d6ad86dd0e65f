/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/outlet.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct outlet *outlet;
static int ends[2]; /* where it is read, where it is written */
static unsigned drained, broken, refused;
static int refusal;

static void drained_cb(void *context)
{
    (void)context;
    drained++;
}

static void broken_cb(void *context)
{
    (void)context;
    broken++;
}

static void refused_cb(void *context, int error)
{
    (void)context;
    refused++;
    refusal = error;
}

static const struct outlet_callbacks callbacks = {
    .drained = drained_cb, .broken = broken_cb, .refused = refused_cb};

static void open_on(int fd)
{
    outlet = outlet_create(&loop, fd, &callbacks, NULL);
}

static void setup(void)
{
    loop_init(&loop);
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    drained = broken = refused = 0;
    outlet = NULL;
}

static void teardown(void)
{
    outlet_destroy(outlet);
    close(ends[0]);
    close(ends[1]);
    loop_finish(&loop);
}

static void turn(void)
{
    event_base_loop(loop.base, EVLOOP_ONCE);
}

/* Turns the loop until the reader has got size bytes; they are appended to got. */
static void read_all(UT_string *got, size_t size)
{
    char data[65536];
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (utstring_len(got) < size) {
        ssize_t count = read(ends[0], data, sizeof data);
        if (count > 0)
            ut_append(got, data, (size_t)count);
        else
            turn();
    }
}

static void write_text(const char *text)
{
    outlet_write(outlet, text, strlen(text));
}

START_TEST(keeps_the_order)
{
    UT_string got;
    utstring_init(&got);
    open_on(ends[1]);
    write_text("one ");
    write_text("two ");
    ck_assert_uint_eq(outlet_backlog(outlet), 8);
    read_all(&got, 8);
    write_text("three");
    read_all(&got, 13);
    ck_assert_str_eq(utstring_body(&got), "one two three");
    ck_assert_uint_eq(outlet_backlog(outlet), 0);
    utstring_done(&got);
}
END_TEST

START_TEST(writes_at_once_when_told)
{
    char data[8] = "";
    open_on(ends[1]);
    write_text("now");
    outlet_flush(outlet);
    ck_assert_int_eq(read(ends[0], data, sizeof data), 3);
    ck_assert_str_eq(data, "now");
}
END_TEST

START_TEST(leaves_the_description_as_it_was)
{
    open_on(ends[1]);
    write_text("x");
    outlet_flush(outlet);
    ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
}
END_TEST

/* Numbered lines, many times what a pipe takes. */
static size_t write_numbers(unsigned count)
{
    char line[16];
    for (unsigned i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%010u\n", i);
        outlet_write(outlet, line, 11);
    }
    return 11 * (size_t)count;
}

static void check_numbers(const char *text, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (strtoul(text + (size_t)i * 11, NULL, 10) != i)
            ck_abort_msg("line %u is wrong", i);
}

START_TEST(keeps_what_the_reader_does_not_take)
{
    UT_string got;
    utstring_init(&got);
    open_on(ends[1]);
    size_t size = write_numbers(100000);
    turn();
    ck_assert_uint_gt(outlet_backlog(outlet), size - (1 << 17));
    ck_assert_uint_eq(drained, 0);
    read_all(&got, size);
    check_numbers(utstring_body(&got), 100000);
    while (outlet_backlog(outlet) > 0 || drained == 0)
        turn();
    ck_assert_uint_eq(drained, 1);
    utstring_done(&got);
}
END_TEST

START_TEST(says_once_that_nobody_reads)
{
    open_on(ends[1]);
    close(ends[0]);
    write_text("one");
    while (broken == 0)
        turn();
    write_text("two");
    ck_assert_uint_eq(outlet_backlog(outlet), 0);
    loop_poll(&loop);
    ck_assert_uint_eq(broken, 1);
    ends[0] = dup(STDERR_FILENO);
}
END_TEST

START_TEST(calls_nobody_from_within)
{
    open_on(ends[1]);
    close(ends[0]);
    write_numbers(10000);
    outlet_flush(outlet);
    ck_assert_uint_eq(broken, 0);
    while (broken == 0)
        turn();
    ends[0] = dup(STDERR_FILENO);
}
END_TEST

START_TEST(writes_to_a_socket)
{
    UT_string got;
    utstring_init(&got);
    close(ends[0]);
    close(ends[1]);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    open_on(ends[1]);
    size_t size = write_numbers(100000);
    read_all(&got, size);
    check_numbers(utstring_body(&got), 100000);
    ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    utstring_done(&got);
}
END_TEST

START_TEST(a_socket_without_a_reader_is_broken)
{
    close(ends[0]);
    close(ends[1]);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    open_on(ends[1]);
    close(ends[0]);
    write_text("one");
    while (broken == 0)
        turn();
    ends[0] = dup(STDERR_FILENO);
}
END_TEST

/* What others write to the same file stays: the position is the description's. */
START_TEST(writes_to_a_file_after_what_is_there)
{
    char path[] = "/tmp/telex-outlet-XXXXXX", data[16] = "";
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, "one ", 4), 4);
    open_on(fd);
    write_text("two");
    outlet_destroy(outlet);
    outlet = NULL;
    ck_assert_int_eq(write(fd, " three", 6), 6);
    ck_assert_int_eq(pread(fd, data, sizeof data - 1, 0), 13);
    ck_assert_str_eq(data, "one two three");
    unlink(path);
    close(fd);
}
END_TEST

START_TEST(keeps_what_a_full_disk_refuses)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    open_on(fd);
    write_text("one");
    while (refused == 0)
        turn();
    turn(); /* tried again */
    ck_assert_uint_eq(outlet_backlog(outlet), 3);
    ck_assert_uint_eq(broken, 0);
    ck_assert_uint_eq(drained, 0);
    ck_assert_uint_eq(refused, 1);
    ck_assert_int_eq(refusal, ENOSPC);
    outlet_destroy(outlet);
    outlet = NULL;
    close(fd);
}
END_TEST

static void limit_files(rlim_t size)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(goes_on_where_the_disk_has_room_again)
{
    enum { LINES = 100000 };
    char path[] = "/tmp/telex-outlet-XXXXXX";
    int fd = mkstemp(path);
    open_on(fd);
    limit_files(500000);
    size_t size = write_numbers(LINES);
    while (refused == 0)
        turn();
    ck_assert_int_eq(refusal, EFBIG);
    ck_assert_uint_ge(outlet_backlog(outlet), size - 500000);
    limit_files(RLIM_INFINITY);
    while (drained == 0)
        turn();
    ck_assert_uint_eq(outlet_backlog(outlet), 0);
    ck_assert_uint_eq(refused, 1);
    char *text = mem_alloc(size);
    ck_assert_int_eq(pread(fd, text, size, 0), size);
    check_numbers(text, LINES);
    free(text);
    unlink(path);
    close(fd);
}
END_TEST

/* Where nobody can wait for room on the disk. */
START_TEST(a_full_disk_breaks_it_when_told)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    open_on(fd);
    outlet_set_strict(outlet);
    ck_assert_int_eq(outlet_error(outlet), 0);
    write_text("one");
    ck_assert_uint_eq(outlet_unwritten(outlet), 3);
    turn();
    ck_assert_uint_eq(broken, 1);
    ck_assert_int_eq(outlet_error(outlet), ENOSPC);
    ck_assert_uint_eq(outlet_backlog(outlet), 0);
    write_text("two");
    ck_assert_uint_eq(outlet_unwritten(outlet), 6);
    close(fd);
}
END_TEST

START_TEST(counts_what_nobody_reads)
{
    open_on(ends[1]);
    close(ends[0]);
    write_text("lost");
    turn();
    ck_assert_int_eq(outlet_error(outlet), EPIPE);
    ck_assert_uint_eq(outlet_unwritten(outlet), 4);
    ends[0] = dup(STDERR_FILENO);
}
END_TEST

START_TEST(writes_the_rest_before_it_goes)
{
    char data[8] = "";
    open_on(ends[1]);
    write_text("rest");
    outlet_destroy(outlet);
    outlet = NULL;
    ck_assert_int_eq(read(ends[0], data, sizeof data), 4);
    ck_assert_str_eq(data, "rest");
}
END_TEST

/* Returns, though nobody reads. */
START_TEST(does_not_wait_for_ever)
{
    open_on(ends[1]);
    write_numbers(100000);
    outlet_destroy(outlet);
    outlet = NULL;
}
END_TEST

START_TEST(says_when_the_last_is_written)
{
    UT_string got;
    utstring_init(&got);
    open_on(ends[1]);
    write_numbers(100000);
    outlet_close(outlet);
    while (drained == 0) {
        ck_assert_uint_gt(outlet_backlog(outlet), 0);
        read_all(&got, utstring_len(&got) + 1);
        turn();
    }
    ck_assert_uint_eq(outlet_backlog(outlet), 0);
    utstring_done(&got);
}
END_TEST

START_TEST(says_at_once_that_nothing_is_left)
{
    open_on(ends[1]);
    outlet_close(outlet);
    ck_assert_uint_eq(drained, 0);
    turn();
    ck_assert_uint_eq(drained, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {keeps_the_order,
                                  writes_at_once_when_told,
                                  leaves_the_description_as_it_was,
                                  keeps_what_the_reader_does_not_take,
                                  says_once_that_nobody_reads,
                                  calls_nobody_from_within,
                                  writes_to_a_socket,
                                  a_socket_without_a_reader_is_broken,
                                  writes_to_a_file_after_what_is_there,
                                  keeps_what_a_full_disk_refuses,
                                  goes_on_where_the_disk_has_room_again,
                                  a_full_disk_breaks_it_when_told,
                                  counts_what_nobody_reads,
                                  writes_the_rest_before_it_goes,
                                  does_not_wait_for_ever,
                                  says_when_the_last_is_written,
                                  says_at_once_that_nothing_is_left,
                                  NULL};
    return check_run_with("outlet", setup, teardown, tests);
}
