/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stream peer's link: tcp, unix, calls out. It waits for the poller, both ways: a bufferevent
 * of libevent 2.1 reads at most 4 KiB at a time, and would cost each idle peer a kilobyte.
 */
#ifndef TELEX_TRANSPORT_STREAM_H
#define TELEX_TRANSPORT_STREAM_H

#include <event2/util.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "core/link.h"
#include "loop/poller.h"
#include "transport/lifeline.h"

struct dial;
struct evbuffer;
struct origin;
struct pending;
struct switchboard;

/* What a kind of stream adds; one const struct a transport. */
struct stream_kind {
    struct link_ops ops; /* first: STREAM_OPS with the transport's name and describe */
    /* Options of the socket, for a call, which has none from a listener, and when settings
     * have changed; may be NULL. */
    void (*prepare)(struct switchboard *board, evutil_socket_t fd);
};

enum stream_end {
    STREAM_STANDS,
    STREAM_DRAINS,  /* closing: waits for the queue to become empty */
    STREAM_LINGERS, /* closing: its end is sent, waits for the kernel to deliver the rest */
};

/* What each message needs stands first, close together. */
struct stream {
    struct link link; /* first: links are streams */
    struct poller_source source;
    struct switchboard *board;
    evutil_socket_t fd;      /* -1 while connecting */
    unsigned short budget;   /* messages it may still give in this turn */
    bool paused;             /* nothing is taken from it */
    bool full;               /* nothing new is read: it holds too much memory */
    bool eof;                /* the peer has ended its sending side */
    bool served;             /* now, by the poller: what it waits for is said at the end */
    struct pending *pending; /* input that framing has not taken */
    struct evbuffer *queue;  /* output that waits for the kernel; NULL: none does */
    struct dial *dial;       /* NULL once connected */
    struct timeout *timer;   /* made when first needed */
    int64_t deadline;        /* hub clock: of a half-close or of a close */
    size_t idle_queued;      /* the queue at the last look whether the peer is idle */
    size_t lent;             /* of the queue, what stands in shared bytes */
    size_t own;              /* all else that the budget knows of: input, queue */
    union address remote;    /* tcp */
    struct lifeline line;    /* the same */
    unsigned char end;       /* enum stream_end */
    bool admitted;           /* counted in the hub's limits */
    bool eof_told;           /* the hub knows of eof */
    unsigned char broken;    /* why the far end takes no more, an errno; 0: it may */
    bool end_sent;           /* of our sending side */
    bool end_counts;         /* the kernel counts it as a byte: in TCP it has a number */
    bool ends_when_empty;    /* our sending side, once the queue is empty */
    bool closes_when_empty;  /* half-closed, and closed once the queue is empty */
};

/* The link_ops of all streams; transport and describe are to be filled in. */
#define STREAM_OPS                                                                   \
    .send = stream_send, .send_shared = stream_send_shared, .finish = stream_finish, \
    .destroy = stream_destroy, .pause = stream_pause, .queued = stream_queued,       \
    .undelivered = stream_undelivered, .end_output = stream_end_output,              \
    .renew = stream_end_renew

int stream_send(struct link *link, const void *data, size_t size);
int stream_send_shared(struct link *link, struct shared *shared);
void stream_finish(struct link *link, int64_t deadline);
void stream_end_output(struct link *link);
void stream_end_renew(struct link *link, bool idle_times);
void stream_destroy(struct link *link);
void stream_pause(struct link *link, unsigned reasons);
size_t stream_queued(const struct link *link);
uint64_t stream_undelivered(const struct link *link);

/*
 * An accepted connection: attaches and opens a peer, or turns it away. Owns fd from here on.
 * remote may be NULL.
 */
void stream_accept(struct switchboard *board, const struct stream_kind *kind,
                   struct origin *origin, evutil_socket_t fd, const union address *remote);

/* A call: attaches a peer in state connecting. The caller sets stream->dial. */
struct stream *stream_call(struct switchboard *board, const struct stream_kind *kind,
                           struct origin *origin);
/* What it waits for has changed. */
void stream_watch(struct stream *stream);
/* What it holds has changed. */
void stream_charge(struct stream *stream);
/* The queue can go on. */
void stream_write(struct stream *stream);
/* The far end takes no more, by an errno: the peer closes once what it said before is read. */
void stream_break(struct stream *stream, int cause);
/* A dial's failed callback for streams: the peer closes with the reason. */
void stream_call_failed(void *stream, int cause, const char *text);
/* The call is answered: fd is the line. Owns fd from here on. */
void stream_connected(struct stream *stream, evutil_socket_t fd, const union address *remote);

#endif
