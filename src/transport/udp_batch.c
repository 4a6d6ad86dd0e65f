/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_batch.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/datagram.h"
#include "base/mem.h"
#include "transport/udp_inbox.h"
#include "transport/udp_link.h"
#include "transport/udp_socket.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18 */
#endif

enum {
    BUFFER = 65536,
    CONTROL = 128,
    TRAIN_MAX = 64,     /* datagrams: UDP_MAX_SEGMENTS of the first kernels that had it */
    TRAIN_PIECE = 1200, /* bytes: more might not pass the route whole, which a train has to */
};

/* One datagram of the batch. */
struct entry {
    struct udp_link *link;
    struct iovec piece;
    unsigned next; /* of the same train; UDP_BATCH: none */
};

/* Datagrams to one peer, in order, all as long as the first, but for a shorter last one. */
struct train {
    unsigned first, last; /* entries */
    unsigned count;
    size_t bytes;
};

struct udp_batch {
    const struct udp_inbox *inbox;
    struct entry entries[UDP_BATCH];
    struct train trains[UDP_BATCH];
    unsigned added; /* entries */
    unsigned count; /* trains */
    struct mmsghdr headers[UDP_BATCH];
    struct iovec pieces[UDP_BATCH];
    union address names[UDP_BATCH];
    _Alignas(struct cmsghdr) char control[UDP_BATCH][CONTROL];
    char (*copies)[BUFFER]; /* of what does not stay where it is */
};

struct udp_batch *udp_batch_create(const struct udp_inbox *inbox)
{
    struct udp_batch *batch = mem_zalloc(sizeof *batch);
    batch->inbox = inbox;
    batch->copies = mem_alloc(UDP_BATCH * sizeof *batch->copies);
    return batch;
}

void udp_batch_destroy(struct udp_batch *batch)
{
    if (!batch)
        return;
    free(batch->copies);
    free(batch);
}

bool udp_batch_has_trains(int fd)
{
    int size;
    socklen_t length = sizeof size;
    return getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, &length) == 0;
}

/* --- headers --- */

static void put_control(struct msghdr *header, int level, int type, const void *info,
                        size_t size)
{
    struct cmsghdr *control =
        (struct cmsghdr *)((char *)header->msg_control + header->msg_controllen);
    memset(control, 0, CMSG_SPACE(size));
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), info, size);
    header->msg_controllen += CMSG_SPACE(size);
}

static void put_local(struct msghdr *header, const struct udp_local *local)
{
    sa_family_t family = udp_local_family(local);
    if (family == AF_INET) {
        struct in_pktinfo info = {.ipi_spec_dst = udp_local_unmap(local)};
        put_control(header, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    } else if (family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_addr = local->host, .ipi6_ifindex = local->interface};
        put_control(header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
}

/* Addresses a message to link's remote from its local address. room: CONTROL bytes. */
static void put_addresses(struct msghdr *header, const struct udp_link *link,
                          union address *name, char *room)
{
    *name = link->remote;
    if (link->socket->family == AF_INET6)
        address_map(name);
    header->msg_name = name;
    header->msg_namelen = address_length(name);
    header->msg_control = room;
    header->msg_controllen = 0;
    put_local(header, &link->local);
}

int udp_batch_send(const struct udp_link *link, const void *data, size_t size)
{
    union address name;
    _Alignas(struct cmsghdr) char room[CONTROL];
    struct iovec piece = {.iov_base = (void *)data, .iov_len = size};
    struct msghdr header = {.msg_iov = &piece, .msg_iovlen = 1};
    put_addresses(&header, link, &name, room);
    for (int tries = 2; tries > 0; tries--) {
        if (sendmsg(link->socket->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
            return 0;
        if (errno != ECONNREFUSED)
            break;
    }
    return errno;
}

/* --- collecting --- */

/* The train that a datagram to link can join as its last, or NULL. */
static struct train *train_of(struct udp_batch *batch, const struct udp_link *link, size_t size)
{
    if (link->train == 0 || link->no_trains || link->socket->no_trains)
        return NULL;
    struct train *train = &batch->trains[link->train - 1];
    size_t piece = batch->entries[train->first].piece.iov_len;
    bool fits = size > 0 && size <= piece && piece <= TRAIN_PIECE &&
                train->bytes == train->count * piece && train->count < TRAIN_MAX &&
                train->bytes + size <= DATAGRAM_MAX;
    return fits ? train : NULL;
}

static void couple(struct udp_batch *batch, unsigned i)
{
    struct entry *entry = &batch->entries[i];
    struct train *train = train_of(batch, entry->link, entry->piece.iov_len);
    entry->next = UDP_BATCH;
    if (train) {
        batch->entries[train->last].next = i;
    } else {
        train = &batch->trains[batch->count++];
        *train = (struct train){.first = i};
        entry->link->train = (unsigned char)batch->count;
    }
    train->last = i;
    train->count++;
    train->bytes += entry->piece.iov_len;
}

void udp_batch_add(struct udp_batch *batch, struct udp_link *link, const void *data,
                   size_t size)
{
    const struct udp_link *first = batch->added > 0 ? batch->entries[0].link : link;
    if (batch->added == UDP_BATCH || first->socket != link->socket)
        udp_batch_flush(batch);
    unsigned i = batch->added++;
    const void *stays = udp_inbox_holds(batch->inbox, data)
                            ? data
                            : memcpy(batch->copies[i], size > 0 ? data : "", size);
    batch->entries[i] =
        (struct entry){.link = link, .piece = {.iov_base = (void *)stays, .iov_len = size}};
    couple(batch, i);
}

/* --- sending --- */

/* One message of each train. */
static void make_messages(struct udp_batch *batch)
{
    unsigned used = 0;
    for (unsigned i = 0; i < batch->count; i++) {
        const struct train *train = &batch->trains[i];
        struct msghdr *header = &batch->headers[i].msg_hdr;
        struct udp_link *link = batch->entries[train->first].link;
        put_addresses(header, link, &batch->names[i], batch->control[i]);
        link->train = 0;
        header->msg_iov = &batch->pieces[used];
        header->msg_iovlen = train->count;
        for (unsigned e = train->first; e < UDP_BATCH; e = batch->entries[e].next)
            batch->pieces[used++] = batch->entries[e].piece;
        if (train->count > 1) {
            uint16_t piece = (uint16_t)batch->entries[train->first].piece.iov_len;
            put_control(header, IPPROTO_UDP, UDP_SEGMENT, &piece, sizeof piece);
        }
    }
}

/* What a route does not take as a train, because it is too narrow or its device cannot. */
static bool refuses_trains(int cause)
{
    return cause == EIO || cause == EINVAL || cause == EMSGSIZE;
}

/* What the kernel refused: one by one, if it was a train. Where that works, trains do not. */
static void send_apart(struct udp_batch *batch, const struct train *train, int cause)
{
    bool crowded = cause == EAGAIN || cause == ENOBUFS;
    for (unsigned e = train->first; e < UDP_BATCH; e = batch->entries[e].next) {
        const struct entry *entry = &batch->entries[e];
        struct udp_link *link = entry->link;
        if (train->count == 1 || crowded ||
            udp_batch_send(link, entry->piece.iov_base, entry->piece.iov_len) != 0)
            udp_link_dropped(link, entry->piece.iov_len);
        else
            link->no_trains |= refuses_trains(cause);
    }
}

void udp_batch_flush(struct udp_batch *batch)
{
    if (batch->count == 0)
        return;
    bool retried = false;
    int fd = batch->entries[0].link->socket->fd;
    make_messages(batch);
    for (unsigned done = 0; done < batch->count;) {
        int sent = sendmmsg(fd, batch->headers + done, batch->count - done,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            done += (unsigned)sent;
            retried = false;
        } else if (errno == ECONNREFUSED && !retried) {
            retried = true; /* an error another peer has caused: it is gone once told */
        } else {
            send_apart(batch, &batch->trains[done], errno);
            done++;
            retried = false;
        }
    }
    batch->added = batch->count = 0;
}
