/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On a pty, which has no lines, and takes a break without a word; test_serial.py has the rest.
 */
#include "transport/serial_lines.h"

#include <event2/event.h>
#include <fcntl.h>
#include <unistd.h>

#include "check_main.h"
#include "core/modem.h"
#include "fake_tty.h"
#include "loop/loop.h"

static struct fake_tty tty;
static struct loop loop;
static struct serial_lines lines;
static bool idle;

static bool is_idle(struct serial_lines *self)
{
    (void)self;
    return idle;
}

static void setup(void)
{
    fake_tty_init(&tty);
    loop_init(&loop);
    idle = true;
    lines = (struct serial_lines){.is_idle = is_idle};
    serial_lines_begin(&lines, &loop, open(tty.path, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

static void teardown(void)
{
    serial_lines_end(&lines);
    close(lines.fd);
    loop_finish(&loop);
    fake_tty_finish(&tty);
}

START_TEST(what_has_none_is_not_asked_again)
{
    unsigned on;
    char *error = NULL;
    ck_assert_ptr_null(lines.look);
    ck_assert(!serial_lines_read(&lines, &on, &error));
    check_error(error, "it has no such lines");
    error = NULL;
    ck_assert(!serial_lines_set(&lines, MODEM_DTR, 0, &error));
    check_error(error, "it has no such lines");
}
END_TEST

static void turn_until(const bool *what, bool wanted)
{
    while (*what != wanted)
        event_base_loop(loop.base, EVLOOP_ONCE);
}

START_TEST(a_break_ends_by_itself)
{
    serial_lines_break(&lines, &loop, 10000);
    turn_until(&lines.holds, true);
    ck_assert_int_eq(write(lines.fd, "x", 1), -1); /* it waits */
    turn_until(&lines.holds, false);
    ck_assert_int_eq(write(lines.fd, "x", 1), 1);
}
END_TEST

START_TEST(it_waits_for_what_was_sent)
{
    idle = false;
    serial_lines_break(&lines, &loop, 1000);
    for (int i = 0; i < 3; i++)
        event_base_loop(loop.base, EVLOOP_ONCE);
    ck_assert(!lines.holds);
    idle = true;
    turn_until(&lines.holds, true);
    serial_lines_break(&lines, &loop, 1000); /* one more, behind it */
    turn_until(&lines.holds, false);
}
END_TEST

START_TEST(it_ends_with_the_line)
{
    serial_lines_break(&lines, &loop, 10000000);
    turn_until(&lines.holds, true);
    serial_lines_end(&lines);
    ck_assert_int_eq(write(lines.fd, "x", 1), 1);
    lines.look = lines.pause = NULL;
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_has_none_is_not_asked_again, a_break_ends_by_itself,
                                  it_waits_for_what_was_sent, it_ends_with_the_line, NULL};
    return check_run_with("serial_lines", setup, teardown, tests);
}
