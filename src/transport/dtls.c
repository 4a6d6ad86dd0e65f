/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP under DTLS. Its options are those of TLS, but for what a stream alone has. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/origin.h"
#include "loop/bind.h"
#include "transport/dtls_call.h"
#include "transport/dtls_port.h"
#include "transport/tls_options.h"
#include "transport/transport.h"
#include "transport/udp_binding.h"
#include "transport/udp_socket.h"

/* What has been loaded was, with the settings that will count. */
static bool load(struct switchboard *board, struct origin *origin, char **error)
{
    return origin->loaded || transport_load(origin, &board->settings, NULL, error);
}

static void serve(struct switchboard *board, struct listener *listener, const int *fds,
                  size_t count)
{
    struct udp_socket *socket;
    LL_FOREACH2(udp_binding_create(board, listener, fds, count)->sockets, socket, sibling)
        dtls_port_serve(socket);
}

static bool dtls_listen(struct switchboard *board, struct listener *listener,
                        const struct resolved *host, char **error)
{
    struct bound bound;
    if (!load(board, &listener->origin, error) ||
        !bind_endpoint(&listener->origin.endpoint, host, SOCK_DGRAM, &bound, error))
        return false;
    origin_set_port(&listener->origin, bound.port);
    serve(board, listener, bound.fds, bound.count);
    return true;
}

static bool dtls_adopt(struct switchboard *board, struct listener *listener, int fd,
                       char **error)
{
    if (!load(board, &listener->origin, error)) {
        close(fd);
        return false;
    }
    serve(board, listener, &fd, 1);
    return true;
}

static struct peer *dtls_call(struct switchboard *board, struct origin *origin, char **error)
{
    /* They may have changed; those of a far end are read with its listener's. */
    const bool known = origin->near && origin->loaded;
    if (!known && !transport_load(origin, &board->settings, NULL, error))
        return NULL;
    if (udp_socket_make_room(board))
        return dtls_call_create(board, origin);
    *error = mem_strdup("as many UDP peers as --max-udp-peers allows are on the line, and none "
                        "of them may go");
    return NULL;
}

/* --- keys --- */

static void *create(void)
{
    struct tls_options *options = tls_options_keys.create();
    options->settings.datagrams = true;
    return options;
}

static void destroy(void *options)
{
    tls_options_keys.destroy(options);
}

static const struct key keys[] = {DTLS_KEYS};

static const struct key_set key_set = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = destroy};

const struct transport transport_dtls = {.keys = &key_set,
                                         .load = tls_options_load,
                                         .listen = dtls_listen,
                                         .adopt = dtls_adopt,
                                         .call = dtls_call};
