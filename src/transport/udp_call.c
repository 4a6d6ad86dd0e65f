/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/datagram.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/bind.h"
#include "loop/resolve.h"
#include "loop/timeout.h"
#include "loop/watch.h"
#include "transport/transport.h"
#include "transport/udp_connected.h"
#include "transport/udp_group.h"
#include "transport/udp_inbox.h"
#include "transport/udp_options.h"
#include "transport/udp_socket.h"

enum {
    DATAGRAMS_A_TURN = 32,
    UNANSWERED_MAX = 16 /* datagrams kept for another address */
};

struct datagram {
    size_t size;
    struct datagram *next;
    char data[];
};

struct udp_call {
    struct link link; /* first: links are UDP calls */
    CAST_MARK;
    struct switchboard *board;
    struct resolve *resolve;
    struct watch *ready;        /* NULL while resolving, and for a group */
    struct udp_socket *answers; /* of a group or a broadcast address, from all its members */
    struct timeout *idle;
    struct resolved far; /* empty until then */
    size_t present;      /* the address in use */
    struct datagram *unanswered;
    unsigned unanswered_count;
};

static struct udp_call *of(const struct link *link)
{
    return CAST(udp_call, link);
}

static struct hub *hub_of(const struct udp_call *call)
{
    return call->board->hub;
}

/* --- what may have to be sent again --- */

static void forget_unanswered(struct udp_call *call)
{
    struct datagram *each, *next;
    LL_FOREACH_SAFE(call->unanswered, each, next)
        free(each);
    call->unanswered = NULL;
    call->unanswered_count = 0;
}

static void keep_unanswered(struct udp_call *call, const void *data, size_t size)
{
    bool another = call->ready && call->present + 1 < call->far.count;
    if (!another || call->link.peer->received > 0 || call->unanswered_count == UNANSWERED_MAX)
        return;
    struct datagram *datagram = mem_alloc(sizeof *datagram + size);
    datagram->size = size;
    memcpy(datagram->data, data, size);
    LL_APPEND(call->unanswered, datagram);
    call->unanswered_count++;
}

/* --- the socket --- */

static void ready_cb(void *context);

static void close_socket(struct udp_call *call)
{
    if (!call->ready)
        return;
    int fd = watch_fd(call->ready);
    watch_destroy(call->ready);
    call->ready = NULL;
    close(fd);
}

/* Not connected yet. Returns -1 with errno. */
static int make_socket(const struct udp_call *call, const union address *remote)
{
    sa_family_t family = remote->any.sa_family;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int cause = udp_group_prepare(fd, remote, udp_options_of(call->link.peer->origin));
    if (cause == 0 && bind_local(call->board->settings.dial.bind_address, fd, family))
        return fd;
    cause = cause != 0 ? cause : errno;
    close(fd);
    errno = cause;
    return -1;
}

static void watch(struct udp_call *call, int fd)
{
    call->ready =
        watch_create(call->board->loop, fd, WATCH_READ, LOOP_PEERS, PART_PEERS, ready_cb, call);
    watch_start(call->ready);
}

/* What is sent to many, others answer: on a socket that is not connected, as peers of their
 * own. */
static int open_answers(struct udp_call *call, const union address *remote)
{
    union address any = {.any.sa_family = remote->any.sa_family};
    bool bound = call->board->settings.dial.bind_address != NULL;
    int fd = make_socket(call, remote);
    if (fd < 0)
        return errno;
    if (!bound && bind(fd, &any.any, address_length(&any)) < 0) {
        int cause = errno;
        close(fd);
        return cause;
    }
    call->answers = udp_socket_create(call->board, call->link.peer->origin, fd);
    return 0;
}

/* Returns 0 or an errno. */
static int open_socket(struct udp_call *call, const union address *remote)
{
    bool many;
    int fd = make_socket(call, remote);
    if (fd < 0)
        return errno;
    int cause = udp_group_connect(fd, remote, &many);
    if (cause == 0 && !many) {
        watch(call, fd);
        return 0;
    }
    close(fd);
    return cause == 0 ? open_answers(call, remote) : cause;
}

/* Opens the first address from first on that will. Returns 0 or the last errno. */
static int open_from(struct udp_call *call, size_t first)
{
    int cause = EADDRNOTAVAIL;
    for (size_t i = first; i < call->far.count; i++) {
        cause = open_socket(call, &call->far.addresses[i]);
        if (cause == 0) {
            call->present = i;
            break;
        }
    }
    return cause;
}

static int send_to_many(struct udp_call *call, const void *data, size_t size)
{
    const union address *remote = &call->far.addresses[call->present];
    int fd = call->answers->fd;
    bool broadcast = !address_is_multicast(remote);
    if (broadcast)
        udp_group_permit(fd, true);
    ssize_t sent = sendto(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, &remote->any,
                          address_length(remote));
    int cause = sent < 0 ? errno : 0;
    if (broadcast)
        udp_group_permit(fd, false);
    return cause;
}

/* Returns 0 or an errno. A socket is open. */
static int transmit(struct udp_call *call, const void *data, size_t size)
{
    return call->answers ? send_to_many(call, data, size)
                         : udp_connected_send(watch_fd(call->ready), data, size);
}

/* Nobody listens there. Whoever was never heard may be at the next address. */
static void refused(struct udp_call *call, int cause)
{
    struct peer *peer = call->link.peer;
    close_socket(call);
    if (peer->received == 0 && peer_is_up(peer) && open_from(call, call->present + 1) == 0) {
        const struct datagram *each;
        LL_FOREACH(call->unanswered, each)
            transmit(call, each->data, each->size);
    } else {
        hub_detach(hub_of(call), peer, CLOSE_ERROR, strerror(cause));
    }
}

/* --- idle time --- */

static void set_idle(struct udp_call *call)
{
    udp_connected_set_idle(hub_of(call), call->link.peer, call->idle,
                           call->board->settings.udp_idle_timeout);
}

static void idle_cb(void *context)
{
    set_idle(CAST(udp_call, context));
}

/* --- datagrams --- */

static void ready_cb(void *context)
{
    struct udp_call *call = CAST(udp_call, context);
    struct peer *peer = call->link.peer;
    for (int i = 0; i < DATAGRAMS_A_TURN && peer->state != PEER_DEAD; i++) {
        ssize_t size = recv(watch_fd(call->ready), call->board->streams.buffer,
                            FRAMING_MESSAGE_MAX, MSG_DONTWAIT);
        if (size >= 0) {
            forget_unanswered(call);
            hub_receive(hub_of(call), peer, call->board->streams.buffer, (size_t)size, false);
        } else if (errno == EAGAIN || errno == EINTR) {
            return;
        } else {
            refused(call, errno);
            return;
        }
    }
}

static int udp_call_send(struct link *link, const void *data, size_t size)
{
    struct udp_call *call = of(link);
    if (size > DATAGRAM_MAX)
        return EMSGSIZE;
    if (!call->ready && !call->answers)
        return ENOTCONN;
    int cause = transmit(call, data, size);
    if (cause == 0)
        keep_unanswered(call, data, size);
    return cause;
}

static void udp_call_renew(struct link *link, bool idle_times)
{
    struct udp_call *call = of(link);
    if (!idle_times || !peer_is_up(link->peer))
        return;
    timeout_stop(call->idle);
    set_idle(call);
}

static void udp_call_destroy(struct link *link)
{
    struct udp_call *call = of(link);
    resolve_destroy(call->resolve);
    forget_unanswered(call);
    close_socket(call);
    if (call->answers)
        udp_socket_leave(call->answers);
    resolved_finish(&call->far);
    timeout_destroy(call->idle);
    hub_of(call)->limits.datagrams--;
    free(call);
}

static void udp_call_describe(const struct link *link, struct link_description *description)
{
    const struct udp_call *call = of(link);
    udp_connected_describe(&call->far, call->present, call->ready ? watch_fd(call->ready) : -1,
                           link->peer->origin, description);
    if (call->answers)
        address_print(&call->answers->bound, description->local);
}

static union address udp_call_remote(const struct link *link)
{
    const struct udp_call *call = of(link);
    return udp_connected_remote(&call->far, call->present);
}

static const struct link_ops ops = {
    .datagram = true,
    .send = udp_call_send,
    .destroy = udp_call_destroy,
    .describe = udp_call_describe,
    .remote = udp_call_remote,
    .renew = udp_call_renew,
};

static void resolved(void *context, const struct resolved *found, int cause, const char *error)
{
    struct udp_call *call = CAST(udp_call, context);
    struct peer *peer = call->link.peer;
    call->resolve = NULL;
    if (!found) {
        hub_detach(hub_of(call), peer, cause == ETIMEDOUT ? CLOSE_TIMEOUT : CLOSE_ERROR, error);
        return;
    }
    call->far = resolved_copy(found);
    cause = open_from(call, 0);
    if (cause != 0) {
        hub_detach(hub_of(call), peer, CLOSE_ERROR, strerror(cause));
        return;
    }
    hub_open(hub_of(call), peer);
    set_idle(call);
}

struct peer *udp_call_create(struct switchboard *board, struct origin *origin)
{
    struct udp_call *call = mem_zalloc(sizeof *call);
    CAST_INIT(udp_call, call);
    call->link.ops = &ops;
    call->board = board;
    call->idle = timeout_create_of_many(board->loop, PART_PEERS, idle_cb, call);
    board->hub->limits.datagrams++;
    hub_attach(board->hub, &call->link, origin);
    call->resolve = resolve_create(board->loop, origin->endpoint.host, origin->endpoint.port,
                                   board->settings.dial.timeout, resolved, call);
    return call->link.peer;
}
