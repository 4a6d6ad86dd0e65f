/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/exit_status.h"

#include <string.h>
#include <sys/wait.h>

enum { SIGNALLED = 128, CODES = 256 };

struct exit_status exit_status_of_wait(int status)
{
    if (WIFSIGNALED(status))
        return (struct exit_status){EXIT_SIGNAL, (unsigned char)WTERMSIG(status)};
    return (struct exit_status){EXIT_CODE, (unsigned char)WEXITSTATUS(status)};
}

int exit_status_code(struct exit_status status)
{
    return status.how == EXIT_SIGNAL ? SIGNALLED + status.number : status.number;
}

const char *exit_status_signal(struct exit_status status)
{
    if (status.how != EXIT_SIGNAL)
        return NULL;
    const char *name = sigabbrev_np(status.number);
    return name ? name : "RT";
}

bool exit_status_read(struct exit_status *status, int code, const char *signal)
{
    const int number = signal ? code - SIGNALLED : code;
    if (number < 0 || number >= CODES || (signal && number == 0))
        return false;
    *status = (struct exit_status){signal ? EXIT_SIGNAL : EXIT_CODE, (unsigned char)number};
    return true;
}

void exit_status_print(UT_string *out, struct exit_status status)
{
    if (status.how == EXIT_SIGNAL)
        utstring_printf(out, "killed by SIG%s", exit_status_signal(status));
    else
        utstring_printf(out, "exit status %d", status.number);
}
