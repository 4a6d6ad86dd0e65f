/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/serial_lines.h"

#include <errno.h>
#include <linux/serial.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "base/mem.h"
#include "core/modem.h"
#include "loop/timeout.h"

/* Microseconds. */
enum { LOOK_AGAIN = 100000, IDLE_AGAIN = 10000 };
/* Looks until the driver is asked though it has counted nothing: when RI comes on it does not,
 * and a ring is two seconds. */
enum { LOOKS_UNASKED = 10 };

static bool fail(char **error)
{
    const bool has_none = errno == ENOTTY || errno == EINVAL;
    *error = mem_strdup(has_none ? "it has no such lines" : strerror(errno));
    return false;
}

/* --- theirs --- */

/* A USB device is asked over the bus, which has us wait; what its driver counts is here. */
static bool may_have_moved(struct serial_lines *lines)
{
    struct serial_icounter_struct counts;
    if (ioctl(lines->fd, TIOCGICOUNT, &counts) < 0)
        return true;
    const unsigned moves = (unsigned)counts.cts + (unsigned)counts.dsr + (unsigned)counts.dcd +
                           (unsigned)counts.rng;
    const bool may = moves != lines->moves || ++lines->unasked >= LOOKS_UNASKED;
    lines->moves = moves;
    if (may)
        lines->unasked = 0;
    return may;
}

/* False where there are none, or none any more. */
static bool look(struct serial_lines *lines)
{
    int on;
    if (!may_have_moved(lines))
        return true;
    if (ioctl(lines->fd, TIOCMGET, &on) < 0)
        return false;
    const unsigned before = lines->on;
    lines->on = (unsigned)on & MODEM_THEIRS;
    if (lines->on != before)
        lines->changed(lines, lines->on);
    return true;
}

static void look_cb(void *context)
{
    struct serial_lines *lines = CAST(serial_lines, context);
    timeout_set(lines->look, LOOK_AGAIN);
    if (!look(lines))
        timeout_stop(lines->look);
}

/* --- ours --- */

bool serial_lines_read(struct serial_lines *lines, unsigned *on, char **error)
{
    int set;
    if (ioctl(lines->fd, TIOCMGET, &set) < 0)
        return fail(error);
    *on = (unsigned)set & (MODEM_OURS | MODEM_THEIRS);
    return true;
}

bool serial_lines_set(struct serial_lines *lines, unsigned on, unsigned off, char **error)
{
    const int up = (int)on, down = (int)off;
    if ((up && ioctl(lines->fd, TIOCMBIS, &up) < 0) ||
        (down && ioctl(lines->fd, TIOCMBIC, &down) < 0))
        return fail(error);
    return true;
}

/* --- breaks --- */

static void hold(struct serial_lines *lines)
{
    ioctl(lines->fd, TIOCSBRK);
    tcflow(lines->fd, TCOOFF);
    lines->holds = true;
    timeout_set(lines->pause, lines->length);
    lines->length = 0;
}

static void let_go(struct serial_lines *lines)
{
    ioctl(lines->fd, TIOCCBRK);
    tcflow(lines->fd, TCOON);
    lines->holds = false;
}

/* TIOCSBRK itself would wait for what is on its way, and the loop with it. */
static void pause_cb(void *context)
{
    struct serial_lines *lines = CAST(serial_lines, context);
    if (lines->holds)
        let_go(lines);
    if (lines->length > 0 && lines->is_idle(lines))
        hold(lines);
    else if (lines->length > 0)
        timeout_set(lines->pause, IDLE_AGAIN);
}

void serial_lines_break(struct serial_lines *lines, struct loop *loop, int64_t length)
{
    if (!lines->pause)
        lines->pause = timeout_create(loop, LOOP_OPERATOR, PART_PEERS, pause_cb, lines);
    lines->length = length;
    if (!lines->holds)
        timeout_set(lines->pause, 0);
}

/* --- life --- */

void serial_lines_begin(struct serial_lines *lines, struct loop *loop, int fd)
{
    CAST_INIT(serial_lines, lines);
    lines->fd = fd;
    int on;
    may_have_moved(lines);
    if (ioctl(fd, TIOCMGET, &on) < 0)
        return;
    lines->on = (unsigned)on & MODEM_THEIRS;
    lines->look = timeout_create(loop, LOOP_OPERATOR, PART_PEERS, look_cb, lines);
    timeout_set(lines->look, LOOK_AGAIN);
}

void serial_lines_end(struct serial_lines *lines)
{
    if (lines->holds)
        let_go(lines);
    timeout_destroy(lines->look);
    timeout_destroy(lines->pause);
}
