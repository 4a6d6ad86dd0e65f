/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/window.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { WINDOW_COLUMNS = 80 };

unsigned window_columns(int fd)
{
    struct winsize size;
    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return WINDOW_COLUMNS;
}
