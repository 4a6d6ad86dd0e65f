/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream on a terminal: one end of a pty is the stream's, the other the far end. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "check_main.h"
#include "fake_stream.h"

static struct fake_stream fake;
static int master, slave;

static void setup(void)
{
    struct termios raw = {0};
    cfmakeraw(&raw);
    ck_assert_int_eq(openpty(&master, &slave, NULL, &raw, NULL), 0);
    ck_assert_int_eq(fcntl(master, F_SETFL, O_NONBLOCK), 0);
    ck_assert_int_eq(fcntl(slave, F_SETFL, O_NONBLOCK), 0);
    fake_stream_init(&fake, "line");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

static void open_master(void)
{
    fake.far = slave;
    stream_open(&fake.stream, master, STREAM_TTY);
    TOLD(&fake, "opened\n");
}

static void open_slave(void)
{
    fake.far = master;
    stream_open(&fake.stream, slave, STREAM_TTY | STREAM_ENDLESS);
    TOLD(&fake, "opened\n");
}

/* The kernel passes bytes on from one end to the other in its own time. */
static void wait_for_input(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ck_assert_int_eq(poll(&ready, 1, 10000), 1);
}

static void say(const char *text)
{
    ck_assert_int_eq(write(fake.far, text, strlen(text)), (ssize_t)strlen(text));
    wait_for_input(fake.stream.fd);
    fake_stream_turn(&fake);
}

static size_t hear(size_t most)
{
    char data[1 << 17];
    size_t all = 0;
    ck_assert_uint_le(most, sizeof data);
    while (all < most) {
        wait_for_input(fake.far);
        ssize_t got = read(fake.far, data, most - all);
        ck_assert_int_gt(got, 0);
        all += (size_t)got;
        fake_stream_turn(&fake);
    }
    return all;
}

START_TEST(bytes_come_and_go)
{
    open_master();
    say("one\ntwo\n");
    TOLD(&fake, "message one\n\nmessage two\n\n");
    stream_send(&fake.stream, "hello", 5);
    ck_assert_uint_eq(hear(5), 5);
    ck_assert_uint_eq(stream_undelivered(&fake.stream), 0);
}
END_TEST

/* EIO, once nobody has the slave open any more. */
START_TEST(the_last_of_the_slave_is_an_end_of_file)
{
    open_master();
    say("a\nb");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\npiece b\nended\n");
    stream_close(&fake.stream, fake.now);
    TOLD(&fake, "over closed\n");
}
END_TEST

START_TEST(a_device_that_is_gone_is_lost)
{
    open_slave();
    say("a\nb");
    TOLD(&fake, "message a\n\n");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "piece b\nover broken: No such device\n");
}
END_TEST

START_TEST(so_is_one_that_is_written_to)
{
    open_slave();
    fake_stream_fill(&fake);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: No such device\n");
}
END_TEST

START_TEST(what_waits_goes_out_before_the_end)
{
    open_slave();
    const size_t size = fake_stream_fill(&fake);
    stream_close(&fake.stream, fake.now + 1000000);
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    ck_assert_uint_eq(hear(size), size);
    TOLD(&fake, "drained\nover closed\n");
}
END_TEST

START_TEST(but_not_for_ever)
{
    open_slave();
    fake_stream_fill(&fake);
    stream_close(&fake.stream, fake.now);
    fake_stream_turn(&fake);
    TOLD(&fake, "over closed\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_come_and_go,
                                  the_last_of_the_slave_is_an_end_of_file,
                                  a_device_that_is_gone_is_lost,
                                  so_is_one_that_is_written_to,
                                  what_waits_goes_out_before_the_end,
                                  but_not_for_ever,
                                  NULL};
    return check_run_with("stream_tty", setup, teardown, tests);
}
