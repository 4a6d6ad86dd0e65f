/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "transport/udp_link.h"

enum { BUFFER = 65536, CONTROL = 128 };

/* One direction: a row of datagrams as recvmmsg and sendmmsg take them. */
struct row {
    struct mmsghdr headers[UDP_BATCH];
    struct iovec pieces[UDP_BATCH];
    union address names[UDP_BATCH];
    _Alignas(struct cmsghdr) char control[UDP_BATCH][CONTROL];
    char (*data)[BUFFER];
};

struct udp_batch {
    struct row in;
    struct row out;
    struct udp_link *links[UDP_BATCH]; /* to whom each of out goes */
    unsigned added;
    evutil_socket_t out_fd;
};

static void init_row(struct row *row)
{
    row->data = mem_alloc(UDP_BATCH * sizeof *row->data);
    for (int i = 0; i < UDP_BATCH; i++) {
        row->pieces[i].iov_base = row->data[i];
        row->headers[i].msg_hdr.msg_iov = &row->pieces[i];
        row->headers[i].msg_hdr.msg_iovlen = 1;
    }
}

struct udp_batch *udp_batch_create(void)
{
    struct udp_batch *batch = mem_zalloc(sizeof *batch);
    init_row(&batch->in);
    init_row(&batch->out);
    return batch;
}

void udp_batch_destroy(struct udp_batch *batch)
{
    if (!batch)
        return;
    free(batch->in.data);
    free(batch->out.data);
    free(batch);
}

void udp_batch_prepare(evutil_socket_t fd, int family)
{
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    /* On a dual-stack socket too: only IPv4's own information tells a broadcast. */
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

/* --- in --- */

int udp_batch_receive(struct udp_batch *batch, evutil_socket_t fd)
{
    struct row *in = &batch->in;
    for (int i = 0; i < UDP_BATCH; i++) {
        struct msghdr *header = &in->headers[i].msg_hdr;
        in->pieces[i].iov_len = BUFFER;
        header->msg_name = &in->names[i];
        header->msg_namelen = sizeof in->names[i];
        header->msg_control = in->control[i];
        header->msg_controllen = CONTROL;
    }
    return recvmmsg(fd, in->headers, UDP_BATCH, MSG_DONTWAIT, NULL);
}

static void read_v4(const struct cmsghdr *control, struct udp_datagram *datagram)
{
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(control), sizeof info);
    datagram->local = (struct udp_local){.family = AF_INET, .v4 = info.ipi_spec_dst};
    /* The kernel gives the address to answer from; a datagram to many went to another one. */
    datagram->to_many = info.ipi_addr.s_addr != info.ipi_spec_dst.s_addr;
}

static void read_v6(const struct cmsghdr *control, struct udp_datagram *datagram)
{
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(control), sizeof info);
    if (IN6_IS_ADDR_V4MAPPED(&info.ipi6_addr))
        return; /* the IPv4 information comes too, and says more */
    bool linked = IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr);
    bool many = IN6_IS_ADDR_MULTICAST(&info.ipi6_addr); /* which nothing can be sent from */
    datagram->local =
        (struct udp_local){.family = AF_INET6,
                           .interface = linked || many ? (unsigned)info.ipi6_ifindex : 0,
                           .v6 = many ? in6addr_any : info.ipi6_addr};
    datagram->to_many = many;
}

static void read_control(const struct cmsghdr *control, struct udp_datagram *datagram)
{
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
        read_v4(control, datagram);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
        read_v6(control, datagram);
    } else if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL) {
        datagram->has_drops = true;
        memcpy(&datagram->drops, CMSG_DATA(control), sizeof datagram->drops);
    }
}

void udp_batch_datagram(const struct udp_batch *batch, int i, struct udp_datagram *datagram)
{
    const struct row *in = &batch->in;
    struct msghdr header = in->headers[i].msg_hdr;
    *datagram = (struct udp_datagram){
        .data = in->data[i], .size = in->headers[i].msg_len, .remote = in->names[i]};
    address_unmap(&datagram->remote);
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&header); control;
         control = CMSG_NXTHDR(&header, control))
        read_control(control, datagram);
}

/* --- out --- */

static void put_control(struct msghdr *header, char *room, int level, int type,
                        const void *info, size_t size)
{
    header->msg_control = room;
    header->msg_controllen = CMSG_SPACE(size);
    memset(room, 0, CMSG_SPACE(size));
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), info, size);
}

/* Addresses one datagram: to remote, from local. */
static void address_header(struct msghdr *header, int socket_family,
                           const union address *remote, const struct udp_local *local,
                           union address *name, char *room)
{
    header->msg_name = NULL;
    header->msg_namelen = 0;
    header->msg_control = NULL;
    header->msg_controllen = 0;
    if (!remote)
        return;
    *name = *remote;
    if (socket_family == AF_INET6)
        address_map(name);
    header->msg_name = name;
    header->msg_namelen = address_length(name);
    if (local->family == AF_INET) {
        struct in_pktinfo info = {.ipi_spec_dst = local->v4};
        put_control(header, room, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    } else if (local->family == AF_INET6) {
        struct in6_pktinfo info = {.ipi6_addr = local->v6, .ipi6_ifindex = local->interface};
        put_control(header, room, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
}

int udp_batch_send(evutil_socket_t fd, int socket_family, const union address *remote,
                   const struct udp_local *local, const void *data, size_t size)
{
    union address name;
    _Alignas(struct cmsghdr) char room[CONTROL];
    struct iovec piece = {.iov_base = (void *)data, .iov_len = size};
    struct msghdr header = {.msg_iov = &piece, .msg_iovlen = 1};
    address_header(&header, socket_family, remote, local, &name, room);
    for (int tries = 2; tries > 0; tries--) {
        if (sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
            return 0;
        if (!remote || errno != ECONNREFUSED)
            break;
    }
    return errno;
}

void udp_batch_add(struct udp_batch *batch, struct udp_link *link, evutil_socket_t fd,
                   int socket_family, const union address *remote,
                   const struct udp_local *local, const void *data, size_t size)
{
    if (batch->added == UDP_BATCH || (batch->added > 0 && batch->out_fd != fd))
        udp_batch_flush(batch);
    unsigned i = batch->added++;
    struct row *out = &batch->out;
    batch->out_fd = fd;
    batch->links[i] = link;
    memcpy(out->data[i], data, size);
    out->pieces[i].iov_len = size;
    address_header(&out->headers[i].msg_hdr, socket_family, remote, local, &out->names[i],
                   out->control[i]);
}

void udp_batch_flush(struct udp_batch *batch)
{
    bool retried = false;
    for (unsigned done = 0; done < batch->added;) {
        int sent = sendmmsg(batch->out_fd, batch->out.headers + done, batch->added - done,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            done += (unsigned)sent;
            retried = false;
        } else if (errno == ECONNREFUSED && !retried) {
            retried = true; /* an error another peer has caused: it is gone once told */
        } else {
            udp_link_dropped(batch->links[done], batch->out.pieces[done].iov_len);
            done++;
            retried = false;
        }
    }
    batch->added = 0;
}
