/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /line, which moves the lines of a serial line. */
#include <string.h>

#include "check_main.h"
#include "core/hub_line.h"
#include "core/modem.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct fake_link *link;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    link = fake_call(&world, "serial:/dev/ttyUSB0");
    hub_open(&world.hub, link->link.peer);
    hub_name(&world.hub, link->link.peer, "boiler");
    link->lines = MODEM_DTR | MODEM_CTS;
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define THEIRS "CTS on, DSR off, DCD off, RI off"

START_TEST(it_tells_how_they_are)
{
    SAYS("/line boiler", "line: 1 22 'DTR on, RTS off, " THEIRS "'\n");
}
END_TEST

START_TEST(it_moves_ours)
{
    SAYS("/line 1 dtr=off rts=on", "line: 1 24 'DTR off, RTS on, " THEIRS "'\n");
    ck_assert_uint_eq(link->lines, MODEM_RTS | MODEM_CTS);
    SAYS("/line 1  dtr=on ", "line: 1 26 'DTR on, RTS on, " THEIRS "'\n");
}
END_TEST

START_TEST(it_breaks)
{
    SAYS("/line 1 break=250", "line: 1 22 'DTR on, RTS off, " THEIRS "'\n");
    ck_assert_int_eq(link->pause, 250000);
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
#define LIST "write dtr=, rts= or break=\n"
    SAYS("/line 1 dtr=off rts=high", "error line: unknown rts 'high': use on or off\n");
    SAYS("/line 1 dtr", "error line: 'dtr' is not to be set: " LIST);
    SAYS("/line 1 cts=on", "error line: 'cts=' is not to be set: " LIST);
    SAYS("/line 1 dtr=off dtr=on", "error line: a line is on or off, not both\n");
    SAYS("/line 1 dtr=off break=10001", "error line: break=10001: not a number of milliseconds "
                                        "from 1 to 10000, as in break=250\n");
    ck_assert_uint_eq(link->lines, MODEM_DTR | MODEM_CTS);
    ck_assert_int_eq(link->pause, 0);
}
END_TEST

START_TEST(others_have_none)
{
    fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    SAYS("/line 2", "error line: #2 is no serial line\n");
    SAYS("/line 2 dtr=on", "error line: #2 is no serial line\n");
    hub_close(&world.hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/line 1"), "error line: "));
}
END_TEST

START_TEST(nor_has_a_pty)
{
    link->no_lines = true;
    SAYS("/line 1", "error line: #1 boiler does not tell: it has no such lines\n");
    SAYS("/line 1 dtr=on", "error line: #1 boiler cannot be set: it has no such lines\n");
    SAYS("/line 1 break=1", "line: done\n");
}
END_TEST

START_TEST(who_looks_on_may_ask)
{
    console.session.read_only = true;
    SAYS("/line 1", "line: 1 22 'DTR on, RTS off, " THEIRS "'\n");
    SAYS("/line 1 dtr=off",
         "error line: this console is read-only: /line PEER alone is for it\n");
    ck_assert_uint_eq(link->lines, MODEM_DTR | MODEM_CTS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_tells_how_they_are,
                                  it_moves_ours,
                                  it_breaks,
                                  what_is_wrong_changes_nothing,
                                  others_have_none,
                                  nor_has_a_pty,
                                  who_looks_on_may_ask,
                                  NULL};
    return check_run_with("cmd_line", setup, teardown, tests);
}
