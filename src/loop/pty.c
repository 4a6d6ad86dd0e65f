/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/number.h"

bool pty_size_parse(const char *text, struct pty_size *size)
{
    const char *cross = strchr(text, 'x');
    uint64_t columns = 0, rows = 0;
    if (!cross)
        return false;
    char *first = mem_strndup(text, (size_t)(cross - text));
    const bool good = number_parse(first, UINT16_MAX, &columns) && columns > 0 &&
                      number_parse(cross + 1, UINT16_MAX, &rows) && rows > 0;
    free(first);
    *size = (struct pty_size){(unsigned short)columns, (unsigned short)rows};
    return good;
}

static bool prepare(int fd, struct pty_size size, char name[PTY_NAME])
{
    const struct winsize window = {.ws_col = size.columns, .ws_row = size.rows};
    return grantpt(fd) == 0 && unlockpt(fd) == 0 && ptsname_r(fd, name, PTY_NAME) == 0 &&
           ioctl(fd, TIOCSWINSZ, &window) == 0;
}

int pty_open(struct pty_size size, char name[PTY_NAME], char **error)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && prepare(fd, size, name))
        return fd;
    *error = mem_printf("cannot open a pseudo-terminal: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

char pty_end(int fd)
{
    struct termios termios;
    if (tcgetattr(fd, &termios) < 0 || !(termios.c_lflag & ICANON))
        return 0;
    return (char)termios.c_cc[VEOF];
}
