/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_tty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"

void fake_tty_init(struct fake_tty *tty)
{
    *tty = (struct fake_tty){.far = -1, .folder = "/tmp/check-tty-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(tty->folder));
    snprintf(tty->path, sizeof tty->path, "%s/ttyUSB0", tty->folder);
    fake_tty_plug_in(tty);
}

void fake_tty_finish(struct fake_tty *tty)
{
    if (tty->far >= 0)
        fake_tty_unplug(tty);
    rmdir(tty->folder);
}

void fake_tty_plug_in(struct fake_tty *tty)
{
    tty->far = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(tty->far, 0);
    ck_assert_int_eq(grantpt(tty->far), 0);
    ck_assert_int_eq(unlockpt(tty->far), 0);
    ck_assert_int_eq(symlink(ptsname(tty->far), tty->path), 0);
}

void fake_tty_unplug(struct fake_tty *tty)
{
    unlink(tty->path);
    close(tty->far);
    tty->far = -1;
}

void fake_tty_say(struct fake_tty *tty, const char *text)
{
    ck_assert_int_eq(write(tty->far, text, strlen(text)), (ssize_t)strlen(text));
}

const char *fake_tty_hear(struct fake_tty *tty, char *data, int size)
{
    struct pollfd ready = {.fd = tty->far, .events = POLLIN};
    for (ssize_t got, all = 0; all < size; all += got) {
        ck_assert_int_eq(poll(&ready, 1, 10000), 1);
        got = read(tty->far, data + all, (size_t)(size - all));
        ck_assert_int_gt(got, 0);
        data[all + got] = '\0';
    }
    return data;
}
