/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/unix_address.h"
#include "core/hub.h"
#include "loop/dial.h"
#include "loop/unix_path.h"
#include "transport/line.h"
#include "transport/line_listener.h"
#include "transport/transport.h"

static void describe(const struct link *link, struct link_description *description)
{
    const struct line *line = CAST(line, link);
    const struct origin *origin = line->link.peer->origin;
    bool called = !origin->listener;
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    snprintf(description->remote, sizeof description->remote, "%s",
             called ? origin->text : "unix:");
    snprintf(description->local, sizeof description->local, "%s",
             called ? "unix:" : origin->text);
    description->has_credentials =
        line->stream.fd >= 0 &&
        getsockopt(line->stream.fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0;
    if (description->has_credentials) {
        description->pid = credentials.pid;
        description->uid = credentials.uid;
    }
}

static const struct line_kind kind = {.ops = {LINE_OPS, .describe = describe}};

/* --- keys --- */

struct unix_options {
    CAST_MARK;
    unsigned mode; /* of the socket's file; 0: not set */
};

static void *create_options(void)
{
    struct unix_options *options = mem_zalloc(sizeof *options);
    CAST_INIT(unix_options, options);
    return options;
}

static bool take_mode(void *context, const char *value, char **error)
{
    struct unix_options *options = CAST(unix_options, context);
    return (number_parse_mode(value, &options->mode) && options->mode != 0) ||
           fail_with(error, "mode=%s: not octal permissions, as in mode=0660", value);
}

static bool has_file(const struct endpoint *endpoint)
{
    return !unix_address_is_abstract(endpoint->path);
}

static const struct key keys[] = {
    {"mode", KEY_LISTEN, "OCTAL", take_mode, has_file, KEY_SETTLED}};
static const struct key_set key_set = {.keys = keys,
                                       .count = sizeof keys / sizeof *keys,
                                       .create = create_options,
                                       .destroy = free};

/* --- listening --- */

static void take(struct switchboard *board, struct listener *listener, int fd,
                 const union address *remote)
{
    (void)remote;
    line_accept(board, &kind, &listener->origin, fd, NULL);
}

static void closed(struct listener *listener, void *context)
{
    (void)listener;
    unix_path_remove(context);
}

static const struct line_listener_ops listener_ops = {.take = take, .closed = closed};

static bool unix_listen(struct switchboard *board, struct listener *listener,
                        const struct resolved *host, char **error)
{
    (void)host;
    const struct unix_options *options = CAST(unix_options, listener->origin.options);
    struct unix_path *file;
    int fd = unix_path_bind(listener->origin.endpoint.path, options->mode, &file, error);
    return fd >= 0 && line_listener_create(board, listener, &fd, 1, &listener_ops, file, error);
}

static bool unix_adopt(struct switchboard *board, struct listener *listener, int fd,
                       char **error)
{
    return line_listener_create(board, listener, &fd, 1, &listener_ops, NULL, error);
}

/* --- calling --- */

static void connected(void *context, int fd, const union address *remote)
{
    (void)remote;
    line_connected(CAST(line, context), fd, NULL);
}

static struct peer *unix_call(struct switchboard *board, struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected,
                                                    .failed = line_call_failed};
    (void)error;
    struct line *line = line_call(board, &kind, origin);
    line->dial = dial_create_unix(board->loop, origin->endpoint.path, &board->settings.dial,
                                  &callbacks, line);
    return line->link.peer;
}

const struct transport transport_unix = {
    .keys = &key_set, .listen = unix_listen, .adopt = unix_adopt, .call = unix_call};
