/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include "check_main.h"

START_TEST(sizes)
{
    struct pty_size size;
    static const char *const bad[] = {"80",      "80x",      "x24",   "0x24", "80x0",
                                      "80x24x2", "80x65536", "-1x24", ""};
    ck_assert(pty_size_parse("132x43", &size));
    ck_assert_uint_eq(size.columns, 132);
    ck_assert_uint_eq(size.rows, 43);
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(!pty_size_parse(bad[i], &size), "%s", bad[i]);
}
END_TEST

START_TEST(the_other_end_is_a_terminal_of_that_size)
{
    char name[PTY_NAME], *error = NULL;
    struct winsize window;
    struct termios termios;
    const int fd = pty_open((struct pty_size){.columns = 100, .rows = 30}, name, &error);
    ck_assert_msg(fd >= 0, "%s", error);
    ck_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
    ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    const int other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_eq(ioctl(other, TIOCGWINSZ, &window), 0);
    ck_assert_uint_eq(window.ws_col, 100);
    ck_assert_uint_eq(window.ws_row, 30);
    ck_assert_int_eq(pty_end(fd), 4);
    ck_assert_int_eq(tcgetattr(other, &termios), 0);
    cfmakeraw(&termios);
    ck_assert_int_eq(tcsetattr(other, TCSANOW, &termios), 0);
    ck_assert_int_eq(pty_end(fd), 0);
    close(other);
    close(fd);
}
END_TEST

START_TEST(what_cannot_be_opened_is_said)
{
    char name[PTY_NAME], *error = NULL;
    struct rlimit limit, none;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
    ck_assert_int_lt(pty_open((struct pty_size){80, 24}, name, &error), 0);
    setrlimit(RLIMIT_NOFILE, &limit);
    check_error(error, "cannot open a pseudo-terminal: Too many open files");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sizes, the_other_end_is_a_terminal_of_that_size,
                                  what_cannot_be_opened_is_said, NULL};
    return check_run("pty", tests);
}
