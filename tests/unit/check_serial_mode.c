/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_mode.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "check_main.h"
#include "fake_tty.h"

static struct fake_tty tty;
static int fd;
static struct termios2 *former;

static void setup(void)
{
    fake_tty_init(&tty);
    fd = open(tty.path, O_RDWR | O_NOCTTY);
    former = serial_mode_get(fd);
    ck_assert_ptr_nonnull(former);
}

static void teardown(void)
{
    free(former);
    close(fd);
    fake_tty_finish(&tty);
}

static struct termios set(const struct serial_mode *mode)
{
    struct termios now;
    char *error = NULL;
    ck_assert_msg(serial_mode_set(fd, former, mode, &error), "%s", error);
    ck_assert_int_eq(tcgetattr(fd, &now), 0);
    return now;
}

START_TEST(bytes_are_passed_on_as_they_are)
{
    const struct termios now =
        set(&(struct serial_mode){.baud = 9600, .data = 8, .stop = 1, .parity = 'n'});
    ck_assert_uint_eq(now.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0);
    ck_assert_uint_eq(now.c_iflag & (ICRNL | INLCR | IXON | IXOFF | ISTRIP | PARMRK), 0);
    ck_assert_uint_eq(now.c_oflag & OPOST, 0);
    ck_assert_uint_eq(now.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS), CS8);
    ck_assert_uint_eq(now.c_cflag & (CLOCAL | CREAD | HUPCL), CLOCAL | CREAD | HUPCL);
    ck_assert_uint_eq(now.c_cc[VMIN], 1);
}
END_TEST

/* A pty has eight bits and no parity, whatever it is asked for. */
START_TEST(all_of_it_is_asked_for)
{
    struct termios now = set(&(struct serial_mode){.baud = 300,
                                                   .data = 7,
                                                   .stop = 2,
                                                   .parity = 'o',
                                                   .flow = SERIAL_FLOW_RTSCTS,
                                                   .keeps = true});
    ck_assert_uint_eq(now.c_cflag & (PARODD | CSTOPB | CRTSCTS | HUPCL),
                      PARODD | CSTOPB | CRTSCTS);
    now = set(&(struct serial_mode){
        .baud = 300, .data = 8, .stop = 1, .parity = 'n', .flow = SERIAL_FLOW_XONXOFF});
    ck_assert_uint_eq(now.c_iflag & (IXON | IXOFF | IXANY), IXON | IXOFF);
    ck_assert_uint_eq(now.c_cc[VSTART], 0x11);
    ck_assert_uint_eq(now.c_cc[VSTOP], 0x13);
}
END_TEST

START_TEST(any_rate_will_do)
{
    static const uint32_t rates[] = {50, 31250, 250000, 921600, 12000000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        set(&(struct serial_mode){.baud = rates[i], .data = 8, .stop = 1, .parity = 'n'});
}
END_TEST

START_TEST(others_see_the_rate)
{
    const struct termios now =
        set(&(struct serial_mode){.baud = 115200, .data = 8, .stop = 1, .parity = 'n'});
    ck_assert_uint_eq(cfgetospeed(&now), B115200);
    ck_assert_uint_eq(cfgetispeed(&now), B115200);
}
END_TEST

START_TEST(it_talks_as_before_when_it_is_left)
{
    struct termios before, after;
    struct serial_mode mode = {.baud = 9600, .data = 8, .stop = 1, .parity = 'n'};
    ck_assert_int_eq(tcgetattr(fd, &before), 0);
    set(&mode);
    serial_mode_restore(fd, former, &mode);
    ck_assert_int_eq(tcgetattr(fd, &after), 0);
    ck_assert_uint_eq(after.c_lflag, before.c_lflag);
    ck_assert_uint_eq(after.c_iflag, before.c_iflag);
    ck_assert_uint_eq(after.c_cflag, before.c_cflag);
    mode.keeps = true;
    serial_mode_restore(fd, former, &mode);
    ck_assert_int_eq(tcgetattr(fd, &after), 0);
    ck_assert_uint_eq(after.c_cflag & HUPCL, 0);
}
END_TEST

START_TEST(what_is_no_terminal_has_none)
{
    int other = open("/dev/null", O_RDWR);
    ck_assert_ptr_null(serial_mode_get(other));
    close(other);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bytes_are_passed_on_as_they_are,
                                  all_of_it_is_asked_for,
                                  any_rate_will_do,
                                  others_see_the_rate,
                                  it_talks_as_before_when_it_is_left,
                                  what_is_no_terminal_has_none,
                                  NULL};
    return check_run_with("serial_mode", setup, teardown, tests);
}
