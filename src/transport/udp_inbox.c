/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_inbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "transport/udp_group.h"

enum {
    SHORT = 2048 + 64, /* no power of two: else all would meet in one set of the cache */
    LONG = 65536,
    CONTROL = 128,
    PIECES = 2
};

struct udp_inbox {
    struct mmsghdr headers[UDP_BATCH];
    struct iovec pieces[UDP_BATCH][PIECES]; /* the beginning, and the rest where it is long */
    union address names[UDP_BATCH];
    _Alignas(struct cmsghdr) char control[UDP_BATCH][CONTROL];
    char beginnings[UDP_BATCH][SHORT];
    char (*whole)[LONG]; /* long ones, with room for their beginning before the rest */
};

struct udp_inbox *udp_inbox_create(void)
{
    struct udp_inbox *inbox = mem_zalloc(sizeof *inbox);
    inbox->whole = mem_alloc(UDP_BATCH * sizeof *inbox->whole);
    for (int i = 0; i < UDP_BATCH; i++) {
        inbox->pieces[i][0] =
            (struct iovec){.iov_base = inbox->beginnings[i], .iov_len = SHORT};
        inbox->pieces[i][1] =
            (struct iovec){.iov_base = inbox->whole[i] + SHORT, .iov_len = LONG - SHORT};
        inbox->headers[i].msg_hdr.msg_iov = inbox->pieces[i];
        inbox->headers[i].msg_hdr.msg_iovlen = PIECES;
        inbox->headers[i].msg_hdr.msg_name = &inbox->names[i];
        inbox->headers[i].msg_hdr.msg_control = inbox->control[i];
    }
    return inbox;
}

void udp_inbox_destroy(struct udp_inbox *inbox)
{
    if (!inbox)
        return;
    free(inbox->whole);
    free(inbox);
}

void udp_inbox_prepare(int fd, int family)
{
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    /* On a dual-stack socket too: only IPv4's own information tells a broadcast. */
    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    udp_group_only_own(fd, family);
}

int udp_inbox_receive(struct udp_inbox *inbox, int fd)
{
    for (int i = 0; i < UDP_BATCH; i++) {
        struct msghdr *header = &inbox->headers[i].msg_hdr;
        header->msg_namelen = sizeof inbox->names[i];
        header->msg_controllen = CONTROL;
    }
    return recvmmsg(fd, inbox->headers, UDP_BATCH, MSG_DONTWAIT, NULL);
}

static void read_v4(const struct cmsghdr *control, struct udp_datagram *datagram)
{
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(control), sizeof info);
    datagram->local = (struct udp_local){.host = udp_local_map(info.ipi_spec_dst)};
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
        (struct udp_local){.interface = linked || many ? (unsigned)info.ipi6_ifindex : 0,
                           .host = many ? in6addr_any : info.ipi6_addr};
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

/* The bytes in one piece. */
static const char *join(struct udp_inbox *inbox, int i, size_t size)
{
    if (size <= SHORT)
        return inbox->beginnings[i];
    return memcpy(inbox->whole[i], inbox->beginnings[i], SHORT);
}

void udp_inbox_datagram(struct udp_inbox *inbox, int i, struct udp_datagram *datagram)
{
    struct msghdr *header = &inbox->headers[i].msg_hdr;
    size_t size = inbox->headers[i].msg_len;
    *datagram = (struct udp_datagram){
        .data = join(inbox, i, size), .size = size, .remote = inbox->names[i]};
    address_unmap(&datagram->remote);
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control;
         control = CMSG_NXTHDR(header, control))
        read_control(control, datagram);
}

bool udp_inbox_holds(const struct udp_inbox *inbox, const void *data)
{
    uintptr_t at = (uintptr_t)data, whole = (uintptr_t)inbox->whole;
    uintptr_t beginnings = (uintptr_t)inbox->beginnings;
    return (at >= beginnings && at < beginnings + sizeof inbox->beginnings) ||
           (at >= whole && at < whole + UDP_BATCH * sizeof *inbox->whole);
}
