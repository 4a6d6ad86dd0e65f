/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives every terminal the lines of a modem, which no pty has, for LD_PRELOAD. MODEM names a
 * file of one struct modem; the test has it mapped as well, moves the far end's lines and reads
 * ours (test_serial.py).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

struct modem {
    int32_t lines;  /* a set of TIOCM_... */
    int32_t holds;  /* a break is on */
    int32_t breaks; /* ever */
};

static struct modem *modem;

static void __attribute__((constructor)) map_modem(void)
{
    const char *path = getenv("MODEM");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *map = mmap(NULL, sizeof *modem, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    modem = map == MAP_FAILED ? NULL : map;
    close(fd);
}

static void hold(int on)
{
    modem->breaks += on && !modem->holds;
    modem->holds = on;
}

int ioctl(int fd, unsigned long request, ...)
{
    static int (*real)(int, unsigned long, ...);
    va_list arguments;
    va_start(arguments, request);
    int *lines = va_arg(arguments, int *);
    va_end(arguments);
    if (!real)
        real = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    if (request == TIOCMGET && modem)
        *lines = modem->lines;
    else if (request == TIOCMBIS && modem)
        modem->lines |= *lines;
    else if (request == TIOCMBIC && modem)
        modem->lines &= ~*lines;
    else if ((request == TIOCSBRK || request == TIOCCBRK) && modem)
        hold(request == TIOCSBRK);
    else
        return real(fd, request, lines);
    return 0;
}
