/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_modes.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int modes_crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
enum { MODES_CRASHES = sizeof modes_crashes / sizeof *modes_crashes };

/* A signal handler and exit have no argument through which this could come. */
static struct {
    struct termios shell; /* as we found them */
    struct sigaction former[MODES_CRASHES];
    volatile sig_atomic_t entered;
    volatile sig_atomic_t marks_pastes;
    bool prepared;
} modes;

bool terminal_modes_foreground(void)
{
    pid_t group = tcgetpgrp(STDIN_FILENO);
    return group < 0 || group == getpgrp(); /* < 0: no job control on this terminal */
}

bool terminal_modes_gone(void)
{
    struct pollfd poller = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&poller, 1, 0) > 0 && (poller.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* Other programs would take the marks of a paste for text. */
static void modes_unmark_pastes(void)
{
    static const char end[] = "\033[?2004l";
    struct pollfd poller = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (poll(&poller, 1, 0) <= 0 || !(poller.revents & POLLOUT))
        return;
    ssize_t ignored = write(STDOUT_FILENO, end, sizeof end - 1);
    (void)ignored;
}

/* Also from a signal handler. */
void terminal_modes_leave(void)
{
    if (!modes.entered)
        return;
    if (terminal_modes_foreground()) {
        if (modes.marks_pastes)
            modes_unmark_pastes();
        tcsetattr(STDIN_FILENO, TCSANOW, &modes.shell);
    }
    modes.entered = false;
}

void terminal_modes_drop(void)
{
    if (modes.entered && terminal_modes_foreground())
        tcflush(STDIN_FILENO, TCIFLUSH);
}

/* The former action takes place on return: it is blocked meanwhile. */
static void modes_crash(int number)
{
    terminal_modes_leave();
    for (size_t i = 0; i < MODES_CRASHES; i++)
        if (modes_crashes[i] == number)
            sigaction(number, &modes.former[i], NULL);
    raise(number);
}

static void modes_prepare(void)
{
    struct sigaction action = {.sa_handler = modes_crash};
    if (modes.prepared)
        return;
    modes.prepared = true;
    for (size_t i = 0; i < MODES_CRASHES; i++)
        if (sigaction(modes_crashes[i], NULL, &modes.former[i]) == 0 &&
            modes.former[i].sa_handler != SIG_IGN)
            sigaction(modes_crashes[i], &action, NULL);
    atexit(terminal_modes_leave);
}

void terminal_modes_enter(bool marks_pastes)
{
    struct termios now;
    if (tcgetattr(STDIN_FILENO, &now) < 0)
        return;
    modes_prepare();
    /* after a stop that went past us the modes may be our own */
    if (!modes.entered || (now.c_lflag & ICANON))
        modes.shell = now;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_lflag |= ISIG | NOFLSH; /* Ctrl-C clears the line itself, it shall not lose keys */
    now.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | ISTRIP | INPCK | IXON); /* Ctrl-S is ours */
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    now.c_cc[VLNEXT] = _POSIX_VDISABLE;
    now.c_cc[VDISCARD] = _POSIX_VDISABLE;
    modes.marks_pastes = marks_pastes;
    modes.entered = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}
