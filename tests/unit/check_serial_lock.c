/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_lock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_tty.h"

static struct fake_tty tty;
static int one, other;

static void setup(void)
{
    fake_tty_init(&tty);
    one = open(tty.path, O_RDWR | O_NOCTTY);
    other = open(tty.path, O_RDWR | O_NOCTTY);
}

static void teardown(void)
{
    close(one);
    close(other);
    fake_tty_finish(&tty);
}

START_TEST(the_first_has_it)
{
    char *error = NULL;
    char *expected = mem_printf("in use by check_serial_lo (process %d)", (int)getpid());
    ck_assert(serial_lock_take(one, tty.path, &error));
    ck_assert(!serial_lock_take(other, tty.path, &error));
    check_error(error, expected);
    close(one);
    error = NULL;
    ck_assert(serial_lock_take(other, tty.path, &error));
    one = open("/dev/null", O_RDONLY);
    free(expected);
}
END_TEST

START_TEST(others_are_kept_out_until_it_is_let_go)
{
    char *error = NULL;
    int exclusive = -1;
    ck_assert(serial_lock_take(one, tty.path, &error));
    ck_assert_int_eq(ioctl(one, TIOCGEXCL, &exclusive), 0);
    ck_assert_int_ne(exclusive, 0);
    serial_lock_let_go(one);
    ck_assert_int_eq(ioctl(one, TIOCGEXCL, &exclusive), 0);
    ck_assert_int_eq(exclusive, 0);
}
END_TEST

START_TEST(who_cannot_be_found_is_another)
{
    char *text = serial_lock_holder(tty.path);
    ck_assert_str_eq(text, "in use by another program");
    free(text);
    text = serial_lock_holder("/nowhere");
    ck_assert_str_eq(text, "in use by another program");
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_has_it, others_are_kept_out_until_it_is_let_go,
                                  who_cannot_be_found_is_another, NULL};
    return check_run_with("serial_lock", setup, teardown, tests);
}
