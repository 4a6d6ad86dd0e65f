/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/ut.h"
#include "core/hub_line.h"
#include "core/join.h"
#include "core/modem.h"
#include "loop/dial.h"
#include "transport/line.h"
#include "transport/serial_lines.h"
#include "transport/serial_options.h"
#include "transport/transport.h"

struct serial {
    struct line line; /* first */
    CAST_MARK;
    struct serial_port port; /* once it is open, and so its lines */
    struct serial_lines lines;
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
    if (!serial->port.former)
        return;
    serial_lines_end(&serial->lines);
    serial_port_leave(&serial->port);
}

/* --- beside the data --- */

static struct serial_lines *lines_of(struct link *link)
{
    return &serial_of(CAST(line, link))->lines;
}

static bool read_lines(struct link *link, unsigned *on, char **error)
{
    return serial_lines_read(lines_of(link), on, error);
}

static bool set_lines(struct link *link, unsigned on, unsigned off, char **error)
{
    return serial_lines_set(lines_of(link), on, off, error);
}

static bool send_break(struct link *link, int64_t microseconds, char **error)
{
    (void)error;
    serial_lines_break(lines_of(link), line_board(CAST(line, link))->loop, microseconds);
    return true;
}

static const struct modem_ops modem = {
    .read = read_lines, .set = set_lines, .send_break = send_break};

static void changed(struct serial_lines *lines, unsigned on)
{
    struct line *line = &container_of(lines, struct serial, lines)->line;
    if (peer_is_up(line->link.peer))
        hub_lines_changed(line_board(line)->hub, line->link.peer, on);
}

static bool is_idle(struct serial_lines *lines)
{
    const struct stream *stream = &container_of(lines, struct serial, lines)->line.stream;
    return stream_queued(stream) == 0 && stream_undelivered(stream) == 0;
}

/* --- a line that takes one caller --- */

/* Its callers have all ended their side, and it is not one that stays without them. */
static bool is_left(const struct peer *peer)
{
    const struct join *join;
    DL_FOREACH(join_first(peer), join)
        if (join->device || join_other(join)->state != PEER_HALF_CLOSED)
            return false;
    return peer->joined && peer_is_up(peer) && peer_queued(peer) == 0;
}

/*
 * Whoever has hung up looks like one that still listens, until its half-close time is over. It
 * gives way to who comes. Returns whether somebody has; the line is free in the next turn.
 */
static bool gave_way(struct hub *hub, const char *path)
{
    bool any = false;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer)) {
        const struct endpoint *endpoint = &peer->origin->endpoint;
        if (endpoint->scheme != SCHEME_SERIAL || strcmp(endpoint->path, path) != 0 ||
            !is_left(peer))
            continue;
        hub_close(hub, peer, CLOSE_EOF);
        any = true;
    }
    return any;
}

/* --- calling --- */

static const struct line_kind kind = {
    .ops = {LINE_OPS_ENDLESS, .describe = describe, .modem = &modem},
    .socket = STREAM_TTY | STREAM_ENDLESS,
    .size = sizeof(struct serial),
    .finish = finish,
};

static int open_port(void *context, char **error)
{
    struct serial *serial = serial_of(CAST(line, context));
    const struct origin *origin = serial->line.link.peer->origin;
    if (gave_way(line_board(&serial->line)->hub, origin->endpoint.path))
        return -1;
    if (!serial_port_open(&serial->port, origin->endpoint.path, serial_options_of(origin),
                          error))
        return -1;
    serial->lines.changed = changed;
    serial->lines.is_idle = is_idle;
    serial_lines_begin(&serial->lines, line_board(&serial->line)->loop, serial->port.fd);
    return serial->port.fd;
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
