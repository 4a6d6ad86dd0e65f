/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "base/cast.h"
#include "core/hub.h"
#include "loop/dial.h"
#include "transport/line.h"
#include "transport/serial_options.h"
#include "transport/transport.h"

struct serial {
    struct line line; /* first */
    CAST_MARK;
    struct serial_port port; /* once it is open */
};

static struct serial *serial_of(struct line *line)
{
    struct serial *serial = container_of(line, struct serial, line);
    return CAST(serial, serial);
}

static void describe(const struct link *link, struct link_description *description)
{
    snprintf(description->remote, sizeof description->remote, "%s", link->peer->origin->place);
    snprintf(description->local, sizeof description->local, "serial:");
}

static void finish(struct line *line)
{
    struct serial *serial = serial_of(line);
    if (serial->port.former)
        serial_port_leave(&serial->port);
}

static const struct line_kind kind = {
    .ops = {LINE_OPS_ENDLESS, .describe = describe},
    .socket = STREAM_TTY | STREAM_ENDLESS,
    .size = sizeof(struct serial),
    .finish = finish,
};

static int open_port(void *context, char **error)
{
    struct serial *serial = serial_of(CAST(line, context));
    const struct origin *origin = serial->line.link.peer->origin;
    const bool opened = serial_port_open(&serial->port, origin->endpoint.path,
                                         serial_options_of(origin), error);
    return opened ? serial->port.fd : -1;
}

static void connected(void *context, int fd, const union address *remote)
{
    line_connected(CAST(line, context), fd, remote);
}

static struct peer *serial_call(struct switchboard *board, struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected,
                                                    .failed = line_call_failed};
    (void)error;
    struct line *line = line_call(board, &kind, origin);
    struct serial *serial = container_of(line, struct serial, line);
    CAST_INIT(serial, serial);
    line->dial = dial_create_open(board->loop, open_port, &callbacks, line);
    return line->link.peer;
}

/* It has been plugged in, and whoever hands out rights has done so. */
static bool serial_is_there(const struct origin *origin)
{
    return eaccess(origin->endpoint.path, R_OK | W_OK) == 0;
}

const struct transport transport_serial = {
    .keys = &serial_options_keys, .call = serial_call, .is_there = serial_is_there};
