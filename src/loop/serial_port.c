/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "loop/serial_lock.h"

static int open_device(const char *path, char **error)
{
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        *error = errno == EBUSY ? serial_lock_holder(path) : mem_strdup(strerror(errno));
    return fd;
}

/* One that has no such line, as a pty, is as good without. */
static void set_level(int fd, int line, enum serial_level level)
{
    if (level != SERIAL_KEEP)
        ioctl(fd, level == SERIAL_ON ? TIOCMBIS : TIOCMBIC, &line);
}

static bool set_up(struct serial_port *port, const char *path, char **error)
{
    const struct serial_settings *settings = &port->settings;
    port->former = serial_mode_get(port->fd);
    if (!port->former) {
        *error = mem_strdup(errno == ENOTTY ? "not a serial line" : strerror(errno));
        return false;
    }
    if (!serial_lock_take(port->fd, path, error))
        return false;
    if (!serial_mode_set(port->fd, port->former, &settings->mode, error)) {
        serial_port_leave(port);
        return false;
    }
    set_level(port->fd, TIOCM_DTR, settings->dtr);
    if (settings->mode.flow != SERIAL_FLOW_RTSCTS)
        set_level(port->fd, TIOCM_RTS, settings->rts);
    return true;
}

bool serial_port_open(struct serial_port *port, const char *path,
                      const struct serial_settings *settings, char **error)
{
    *port = (struct serial_port){.fd = open_device(path, error), .settings = *settings};
    if (port->fd < 0)
        return false;
    if (set_up(port, path, error))
        return true;
    free(port->former);
    close(port->fd);
    *port = (struct serial_port){.fd = -1};
    return false;
}

void serial_port_leave(struct serial_port *port)
{
    serial_mode_restore(port->fd, port->former, &port->settings.mode);
    serial_lock_let_go(port->fd);
    free(port->former);
    port->former = NULL;
}
