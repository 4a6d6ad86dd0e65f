/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_port.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_tty.h"

static struct fake_tty tty;
static struct serial_port port;
static const struct serial_settings settings = {
    .mode = {.baud = 9600, .data = 8, .stop = 1, .parity = 'n'}};

static void setup(void)
{
    fake_tty_init(&tty);
}

static void teardown(void)
{
    fake_tty_finish(&tty);
}

static void open_it(void)
{
    char *error = NULL;
    ck_assert_msg(serial_port_open(&port, tty.path, &settings, &error), "%s", error);
}

static void leave_it(void)
{
    serial_port_leave(&port);
    close(port.fd);
}

static void refuses(const char *path, const char *expected)
{
    struct serial_port other;
    char *error = NULL;
    ck_assert(!serial_port_open(&other, path, &settings, &error));
    check_error(error, expected);
    ck_assert_int_eq(other.fd, -1);
    ck_assert_ptr_null(other.former);
}

START_TEST(it_waits_for_nothing)
{
    char data[8];
    open_it();
    ck_assert_int_eq(read(port.fd, data, sizeof data), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_int_eq(fcntl(port.fd, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(write(port.fd, "a\n", 2), 2);
    ck_assert_str_eq(fake_tty_hear(&tty, data, 2), "a\n");
    leave_it();
}
END_TEST

START_TEST(it_is_one_user_s)
{
    char *expected = mem_printf("in use by check_serial_po (process %d)", (int)getpid());
    open_it();
    refuses(tty.path, expected);
    leave_it();
    open_it();
    leave_it();
    free(expected);
}
END_TEST

START_TEST(it_is_left_as_it_was)
{
    struct termios before, meanwhile, after;
    int other = open(tty.path, O_RDWR | O_NOCTTY);
    ck_assert_int_eq(tcgetattr(other, &before), 0);
    open_it();
    ck_assert_int_eq(tcgetattr(other, &meanwhile), 0);
    ck_assert_uint_ne(meanwhile.c_lflag, before.c_lflag);
    leave_it();
    ck_assert_int_eq(tcgetattr(other, &after), 0);
    ck_assert_uint_eq(after.c_lflag, before.c_lflag);
    ck_assert_int_eq(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
}
END_TEST

START_TEST(what_cannot_be_had_says_why)
{
    refuses("/dev/null", "not a serial line");
    refuses("/nowhere/ttyUSB0", strerror(ENOENT));
    refuses("/tmp", strerror(EISDIR));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_waits_for_nothing, it_is_one_user_s, it_is_left_as_it_was,
                                  what_cannot_be_had_says_why, NULL};
    return check_run_with("serial_port", setup, teardown, tests);
}
