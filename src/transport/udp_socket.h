/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A UDP socket and the peers on it, which are the remote addresses that were heard from. Its
 * owner is a listener, or the call of a group, whose answers it gets.
 */
#ifndef TELEX_TRANSPORT_UDP_SOCKET_H
#define TELEX_TRANSPORT_UDP_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/cast.h"
#include "transport/udp_table.h"

struct timeout;
struct watch;
struct origin;
struct switchboard;
struct udp_link;
struct udp_datagram;

/* What stands between a socket and its peers; begins a struct of its owner's. */
struct udp_layer {
    /* Takes each datagram that the access list lets in. */
    void (*in)(struct udp_layer *layer, const struct udp_datagram *datagram);
    /* The socket is about to be closed; what stands on it has been detached. */
    void (*close)(struct udp_layer *layer);
    /* The last that is told. */
    void (*destroy)(struct udp_layer *layer);
};

struct udp_socket {
    struct switchboard *board;
    CAST_MARK;
    struct origin *origin;   /* whose peers they are */
    struct udp_layer *layer; /* its own; NULL: what comes is what its peers say */
    struct watch *ready;     /* NULL once closed */
    struct timeout *expiry;  /* when the peer least recently used is to be forgotten */
    int fd;
    int family;
    bool batching;             /* within the read callback: answers are collected */
    bool no_trains;            /* the kernel knows none */
    bool left;                 /* its owner has: no new peers, and it ends with the last one */
    uint32_t drops;            /* the kernel's count, as last told */
    unsigned references;       /* its owner, and each link */
    struct udp_table peers;    /* by remote address */
    struct udp_link *idle;     /* utlist, the least recently used first */
    struct udp_link *answered; /* what goes to it next is an answer */
    union address bound;
    struct udp_socket *prev, *next; /* the switchboard's list */
    struct udp_socket *sibling;     /* the listener's next one */
};

/* Takes over fd, which is bound, and reads from it. One reference, for the owner. */
struct udp_socket *udp_socket_create(struct switchboard *board, struct origin *origin, int fd);
/*
 * Closes, and with it its peers (reason operator); the struct lives until its last link has let
 * go. Drops the owner's reference.
 */
void udp_socket_close(struct udp_socket *socket);
/* Drops the owner's reference, and leaves the socket to the peers that are on it. */
void udp_socket_leave(struct udp_socket *socket);
/* Drops a link's reference. */
void udp_socket_release(struct udp_socket *socket);

/* A peer has opened: its idle time runs. */
void udp_socket_watch(struct udp_socket *socket);
/* udp_idle_timeout has changed. */
void udp_socket_renew(struct udp_socket *socket);
/*
 * Whether there is room for one more UDP peer, after the one least recently used has been
 * evicted where the table was full, or memory is short.
 */
bool udp_socket_make_room(struct switchboard *board);

/* Moves a link that was used to the end of the idle list. */
void udp_socket_touch(struct udp_link *link);

#endif
