/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_mode.h"

#include <asm/termbits.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/mem.h"

/* Of admin-guide/devices.txt: the slaves of ptys. */
enum { MAJOR_PTY_FIRST = 136, MAJOR_PTY_LAST = 143 };
/* A receiver is wrong by half a bit in ten when speeds differ by a twentieth, of which each
 * side has its half. */
enum { SPEED_TOLERANCE = 40 };

static const tcflag_t character_bits = CSIZE | CSTOPB | PARENB | PARODD;

struct termios2 *serial_mode_get(int fd)
{
    struct termios2 now;
    if (ioctl(fd, TCGETS2, &now) < 0)
        return NULL;
    struct termios2 *copy = mem_alloc(sizeof *copy);
    *copy = now;
    return copy;
}

static tcflag_t characters(const struct serial_mode *mode)
{
    static const tcflag_t sizes[] = {[5] = CS5, [6] = CS6, [7] = CS7, [8] = CS8};
    const tcflag_t parity = mode->parity == 'n' ? 0u : PARENB;
    return sizes[mode->data] | (mode->stop == 2 ? CSTOPB : 0u) | parity |
           (mode->parity == 'o' ? PARODD : 0u);
}

/* As cfmakeraw(3), and all that the mode says. A break, or a byte whose parity is wrong, comes
 * as a NUL: nothing else would be left of it. */
static struct termios2 raw(const struct termios2 *former, const struct serial_mode *mode)
{
    struct termios2 raw = *former;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | IGNPAR | PARMRK | INPCK | ISTRIP | INLCR |
                               IGNCR | ICRNL | IUCLC | IXON | IXOFF | IXANY | IMAXBEL);
    raw.c_iflag |= mode->flow == SERIAL_FLOW_XONXOFF ? IXON | IXOFF : 0u;
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cflag &= ~(character_bits | CRTSCTS | CBAUD | (CBAUD << IBSHIFT) | HUPCL);
    raw.c_cflag |= characters(mode) | CLOCAL | CREAD | BOTHER;
    raw.c_cflag |=
        (mode->flow == SERIAL_FLOW_RTSCTS ? CRTSCTS : 0u) | (mode->keeps ? 0u : HUPCL);
    raw.c_ispeed = raw.c_ospeed = mode->baud;
    raw.c_cc[VMIN] = 1; /* with 0, nothing to read would look like an end */
    raw.c_cc[VTIME] = 0;
    raw.c_cc[VSTART] = 0x11; /* XON and XOFF, whatever they were */
    raw.c_cc[VSTOP] = 0x13;
    return raw;
}

static bool is_pty(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && major(status.st_rdev) >= MAJOR_PTY_FIRST &&
           major(status.st_rdev) <= MAJOR_PTY_LAST;
}

static bool is_near(uint32_t is, uint32_t wanted)
{
    const uint32_t off = is > wanted ? is - wanted : wanted - is;
    return off <= wanted / SPEED_TOLERANCE;
}

/* A driver takes what it can, and says what that is. */
static bool was_taken(int fd, const struct termios2 *wanted, char **error)
{
    struct termios2 is;
    if (ioctl(fd, TCGETS2, &is) < 0)
        *error = mem_strdup(strerror(errno));
    else if (!is_near(is.c_ospeed, wanted->c_ospeed))
        *error = mem_printf("the device does not take %u baud (it would be %u)",
                            wanted->c_ospeed, is.c_ospeed);
    else if ((is.c_cflag ^ wanted->c_cflag) & character_bits && !is_pty(fd))
        *error = mem_strdup("the device does not take characters of that mode");
    return !*error;
}

bool serial_mode_set(int fd, const struct termios2 *former, const struct serial_mode *mode,
                     char **error)
{
    const struct termios2 wanted = raw(former, mode);
    *error = NULL;
    if (ioctl(fd, TCSETS2, &wanted) == 0)
        return was_taken(fd, &wanted, error);
    *error = mem_strdup(strerror(errno));
    return false;
}

void serial_mode_restore(int fd, const struct termios2 *former, const struct serial_mode *mode)
{
    struct termios2 last = *former;
    if (mode->keeps)
        last.c_cflag &= ~(tcflag_t)HUPCL;
    ioctl(fd, TCSETS2, &last); /* one that is unplugged has none */
}
