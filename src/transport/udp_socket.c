/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/timeout.h"
#include "loop/watch.h"
#include "transport/transport.h"
#include "transport/udp_batch.h"
#include "transport/udp_inbox.h"
#include "transport/udp_link.h"

/* Holds what arrives during a long turn of the loop. */
enum { RECEIVE_BUFFER = 4 << 20 };
/* Together a share that streams cannot starve, and that leaves them theirs. */
enum { BATCHES_A_TURN = 4 };

static struct hub *hub_of(const struct udp_socket *socket)
{
    return socket->board->hub;
}

static int64_t now(const struct udp_socket *socket)
{
    return hub_now(hub_of(socket));
}

/* --- idle peers --- */

static void wake_at(struct udp_socket *socket, int64_t moment)
{
    int64_t left = moment - now(socket);
    left = left > 0 ? left : 0;
    timeout_set(socket->expiry, left);
}

/* The most that go in a turn; a burst of forged sources all goes silent at once. */
enum { EXPIRY_PIECE = 256 };

/* The list is in order of use, so that only its first peers have to be looked at. */
static void expiry_cb(void *context)
{
    struct udp_socket *socket = CAST(udp_socket, context);
    int64_t patience = socket->board->settings.udp_idle_timeout;
    int64_t horizon = now(socket) - patience;
    struct udp_link *link;
    unsigned gone = 0;
    DL_FOREACH(socket->idle, link) {
        if (link->link.peer->active > horizon || gone++ == EXPIRY_PIECE)
            break;
        hub_detach(hub_of(socket), link->link.peer, CLOSE_TIMEOUT, NULL);
    }
    if (link)
        wake_at(socket, link->link.peer->active + patience);
}

void udp_socket_watch(struct udp_socket *socket)
{
    int64_t patience = socket->board->settings.udp_idle_timeout;
    if (patience > 0 && !timeout_is_set(socket->expiry))
        wake_at(socket, now(socket) + patience);
}

void udp_socket_renew(struct udp_socket *socket)
{
    int64_t patience = socket->board->settings.udp_idle_timeout;
    timeout_stop(socket->expiry);
    if (patience > 0 && socket->idle)
        wake_at(socket, socket->idle->link.peer->active + patience);
}

void udp_socket_touch(struct udp_link *link)
{
    struct udp_socket *socket = link->socket;
    DL_DELETE(socket->idle, link);
    DL_APPEND(socket->idle, link);
}

/* --- datagrams in --- */

bool udp_socket_make_room(struct switchboard *board)
{
    const struct limits *limits = &board->hub->limits;
    bool full = limits->most.datagrams > 0 && limits->datagrams >= limits->most.datagrams;
    if (!full && !board->hub->budget.over)
        return true;
    struct udp_link *oldest = NULL;
    const struct udp_socket *each;
    DL_FOREACH(board->udp_sockets, each) {
        struct udp_link *link = udp_link_evictable(each);
        if (link && (!oldest || link->link.peer->active < oldest->link.peer->active))
            oldest = link;
    }
    if (!oldest)
        return !full;
    hub_detach(board->hub, oldest->link.peer, CLOSE_EVICTED, NULL);
    udp_link_unplace(oldest);
    return true;
}

static void refuse(struct udp_socket *socket, const struct udp_datagram *datagram,
                   enum refusal why)
{
    char remote[ADDRESS_TEXT];
    address_print(&datagram->remote, remote);
    hub_refused(hub_of(socket), socket->origin, remote, why, NULL);
}

static struct udp_link *add_sender(struct udp_socket *socket,
                                   const struct udp_datagram *datagram)
{
    struct udp_link *link = udp_link_create(socket, socket->origin);
    link->local = datagram->local;
    udp_link_place(link, socket, &datagram->remote);
    hub_open(hub_of(socket), link->link.peer);
    udp_socket_watch(socket);
    return link;
}

/* The peer that sent it, new or known; NULL where it is turned away. */
static struct udp_link *sender_of(struct udp_socket *socket,
                                  const struct udp_datagram *datagram)
{
    struct udp_link *link = udp_link_find(socket, &datagram->remote);
    if (link)
        return link->link.peer->state == PEER_DEAD ? NULL : link; /* closed in this very turn */
    if (socket->left)
        return NULL;
    if (udp_socket_make_room(socket->board))
        return add_sender(socket, datagram);
    refuse(socket, datagram, REFUSED_LIMIT);
    return NULL;
}

static void count_drops(struct udp_socket *socket, const struct udp_datagram *datagram)
{
    if (!datagram->has_drops)
        return;
    hub_of(socket)->stats.dropped_kernel += datagram->drops - socket->drops;
    socket->drops = datagram->drops;
}

static void take_message(struct udp_socket *socket, const struct udp_datagram *datagram)
{
    struct udp_link *link = sender_of(socket, datagram);
    if (!link)
        return;
    /* What is collected leaves from where its own datagram was sent to. */
    if (link->train != 0 && memcmp(&link->local, &datagram->local, sizeof link->local) != 0)
        udp_batch_flush(socket->board->batch);
    link->local = datagram->local;
    link->to_many = datagram->to_many;
    udp_socket_touch(link);
    hub_receive(hub_of(socket), link->link.peer, datagram->data, datagram->size, false);
}

static void take(struct udp_socket *socket, const struct udp_datagram *datagram)
{
    count_drops(socket, datagram);
    if (!access_allows(&hub_of(socket)->limits.access, &datagram->remote))
        refuse(socket, datagram, REFUSED_ACCESS);
    else if (socket->layer)
        socket->layer->in(socket->layer, datagram);
    else
        take_message(socket, datagram);
}

/* Returns whether there may be more. */
static bool take_batch(struct udp_socket *socket)
{
    struct udp_inbox *inbox = socket->board->inbox;
    int count = udp_inbox_receive(inbox, socket->fd);
    socket->batching = true;
    for (int i = 0; i < count; i++) {
        struct udp_datagram datagram;
        udp_inbox_datagram(inbox, i, &datagram);
        take(socket, &datagram);
    }
    udp_batch_flush(socket->board->batch);
    socket->batching = false;
    return count == UDP_BATCH;
}

static void ready_cb(void *context)
{
    struct udp_socket *socket = CAST(udp_socket, context);
    for (int i = 0; i < BATCHES_A_TURN; i++)
        if (!take_batch(socket))
            break;
}

/* --- life --- */

static void enlarge_receive_buffer(int fd)
{
    int bytes = RECEIVE_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

struct udp_socket *udp_socket_create(struct switchboard *board, struct origin *origin, int fd)
{
    struct udp_socket *udp = mem_zalloc(sizeof *udp);
    socklen_t length = sizeof udp->bound;
    *udp = (struct udp_socket){.board = board, .origin = origin, .fd = fd, .references = 1};
    CAST_INIT(udp_socket, udp);
    getsockname(fd, &udp->bound.any, &length);
    udp->family = udp->bound.any.sa_family;
    DL_APPEND(board->udp_sockets, udp);
    udp_table_init(&udp->peers);
    if (!board->inbox) {
        board->inbox = udp_inbox_create();
        board->batch = udp_batch_create(board->inbox);
    }
    enlarge_receive_buffer(fd);
    udp_inbox_prepare(fd, udp->family);
    udp->no_trains = !udp_batch_has_trains(fd);
    udp->ready =
        watch_create(board->loop, fd, WATCH_READ, LOOP_PEERS, PART_PEERS, ready_cb, udp);
    udp->expiry = timeout_create(board->loop, LOOP_PEERS, PART_PEERS, expiry_cb, udp);
    watch_start(udp->ready);
    return udp;
}

static void shut(struct udp_socket *socket)
{
    DL_DELETE(socket->board->udp_sockets, socket);
    watch_destroy(socket->ready);
    timeout_destroy(socket->expiry);
    socket->ready = NULL;
    socket->expiry = NULL;
    close(socket->fd);
}

void udp_socket_close(struct udp_socket *socket)
{
    struct udp_link *link;
    DL_FOREACH(socket->idle, link)
        hub_detach(hub_of(socket), link->link.peer, CLOSE_OPERATOR, NULL);
    if (socket->layer)
        socket->layer->close(socket->layer);
    shut(socket);
    udp_socket_release(socket);
}

void udp_socket_leave(struct udp_socket *socket)
{
    socket->left = true;
    udp_socket_release(socket);
}

void udp_socket_release(struct udp_socket *socket)
{
    if (--socket->references > 0)
        return;
    if (socket->ready)
        shut(socket);
    if (socket->layer)
        socket->layer->destroy(socket->layer);
    udp_table_finish(&socket->peers);
    free(socket);
}
