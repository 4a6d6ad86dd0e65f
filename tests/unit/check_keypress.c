/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/keypress.h"

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "check_main.h"

static struct keypress keypress;
static UT_string out;

static void setup(void)
{
    keypress = (struct keypress){0};
    utstring_init(&out);
}

static void teardown(void)
{
    utstring_done(&out);
}

/* How much of the text is taken, what goes to the far end, and what is wished. */
static void takes(const char *text, size_t size, const char *sent, enum keypress_wish wanted)
{
    enum keypress_wish wish;
    utstring_clear(&out);
    ck_assert_uint_eq(keypress_take(&keypress, text, strlen(text), &out, &wish), size);
    ck_assert_str_eq(utstring_body(&out), sent);
    ck_assert_int_eq(wish, wanted);
}

START_TEST(keys_go_as_they_are)
{
    takes("a\t\x03\r\x1b[A", 7, "a\t\x03\r\x1b[A", KEYPRESS_NOTHING);
    takes("", 0, "", KEYPRESS_NOTHING);
}
END_TEST

START_TEST(the_prefix_said_twice_is_one)
{
    takes("\x14\x14q", 3, "\x14q", KEYPRESS_NOTHING);
    takes("\x14", 1, "", KEYPRESS_NOTHING);
    takes("\x14q", 2, "\x14q", KEYPRESS_NOTHING);
}
END_TEST

START_TEST(behind_it_stands_what_is_for_us)
{
    takes("ab\x14qrest", 4, "ab", KEYPRESS_QUIT);
    takes("\x14", 1, "", KEYPRESS_NOTHING);
    takes("b\x14q", 1, "", KEYPRESS_BREAK);
    takes("\x14"
          "d",
          2, "", KEYPRESS_DTR);
    takes("\x14r", 2, "", KEYPRESS_RTS);
    takes("\x14x", 2, "", KEYPRESS_HELP);
    takes("q", 1, "q", KEYPRESS_NOTHING);
}
END_TEST

START_TEST(help_names_each)
{
    char *help = keypress_help();
    ck_assert_ptr_nonnull(strstr(help, "Ctrl-T and q: quit, b: send a break, d: "));
    ck_assert_ptr_nonnull(strstr(help, " Ctrl-T: send Ctrl-T"));
    free(help);
}
END_TEST

START_TEST(the_terminal_is_as_it_was)
{
    int master, slave;
    struct termios before, during, after;
    ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
    ck_assert_int_eq(dup2(slave, STDIN_FILENO), STDIN_FILENO);
    tcgetattr(slave, &before);
    keypress_set(&keypress, true);
    tcgetattr(slave, &during);
    ck_assert_int_eq((int)(during.c_lflag & (ICANON | ECHO | ISIG)), 0);
    ck_assert_int_eq((int)during.c_oflag, (int)before.c_oflag);
    keypress_set(&keypress, true);
    keypress_set(&keypress, false);
    tcgetattr(slave, &after);
    ck_assert_int_eq((int)after.c_lflag, (int)before.c_lflag);
    ck_assert_int_eq((int)after.c_iflag, (int)before.c_iflag);
    close(slave);
    close(master);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        keys_go_as_they_are, the_prefix_said_twice_is_one, behind_it_stands_what_is_for_us,
        help_names_each,     the_terminal_is_as_it_was,    NULL};
    return check_run_with("keypress", setup, teardown, tests);
}
