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

/* Those that have a code; all others go by number. */
static const struct {
    uint32_t baud;
    tcflag_t code;
} speeds[] = {
    {50, B50},           {75, B75},           {110, B110},         {150, B150},
    {200, B200},         {300, B300},         {600, B600},         {1200, B1200},
    {1800, B1800},       {2400, B2400},       {4800, B4800},       {9600, B9600},
    {19200, B19200},     {38400, B38400},     {57600, B57600},     {115200, B115200},
    {230400, B230400},   {460800, B460800},   {500000, B500000},   {576000, B576000},
    {921600, B921600},   {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000},
    {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000}, {3500000, B3500000},
    {4000000, B4000000}};

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

/* Whoever looks at the line with termios(3) sees no speed but by its code. */
static tcflag_t speed_code(uint32_t baud)
{
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i].baud == baud)
            return speeds[i].code;
    return BOTHER;
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
    raw.c_cflag |= characters(mode) | CLOCAL | CREAD | speed_code(mode->baud);
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
