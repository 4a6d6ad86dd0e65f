/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link is what a transport gives a peer: the way out to the far end, and the handle on the
 * way in. The transport allocates it and embeds struct link first; only the hub calls these.
 */
#ifndef TELEX_CORE_LINK_H
#define TELEX_CORE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/address.h"
#include "base/datagram.h"
#include "base/tls_facts.h"
#include "framing/framing.h"

struct link;
struct modem_ops;
struct peer;
struct shared_bytes;

/* Why a link is not read from; it is read again when no reason is left. */
enum link_pause {
    LINK_PAUSE_HOLD = 1,   /* somebody has no room for what it says: core/hold.h */
    LINK_PAUSE_OUTPUT = 2, /* the peer does not read the replies it is sent */
    LINK_PAUSE_FILE = 4,   /* a file is on its way, and a reply would land in its middle */
    LINK_PAUSE_MEMORY = 8, /* it holds more than its share of memory; what is here is taken */
    LINK_PAUSE_FAULT = 16  /* what its fault holds is all that may wait: core/faults.h */
};

/* Enough for the longest path of a Unix socket, percent-encoded. */
enum { LINK_TEXT = 352 };
/* And for all that is told of TLS. */
enum { LINK_TLS_TEXT = 1536 };

/* Both ends in words; remote of a unix peer is "unix:" and pid and uid tell who it is. */
struct link_description {
    char remote[LINK_TEXT];
    char local[LINK_TEXT];
    bool has_credentials;
    pid_t pid;
    uid_t uid;
    struct tls_facts tls;
    char tls_text[LINK_TLS_TEXT]; /* what those point to; left as it is where there are none */
};

struct link_ops {
    bool datagram;                 /* a send is one message, never queued */
    size_t most;                   /* bytes of a datagram; 0: DATAGRAM_MAX */
    const struct modem_ops *modem; /* of a serial line: core/modem.h; NULL: it is none */

    /*
     * Takes all of data, or nothing: copies what the kernel does not take at once. Returns 0 or
     * an errno: ENOBUFS where the queue would pass its bound, EMSGSIZE for a datagram too long,
     * EAGAIN where the kernel has no room for a datagram, or what the kernel said of a
     * datagram. Never calls the hub.
     */
    int (*send)(struct link *link, const void *data, size_t size);

    /* The same of bytes that other links get too: what has to wait waits in them, with a
     * reference. NULL: send will do. */
    int (*send_shared)(struct link *link, struct shared_bytes *shared);

    /*
     * The same of what another line has said: it is taken however much waits already, since
     * whoever says it is held back meanwhile. NULL: send will do.
     */
    int (*pass)(struct link *link, const void *data, size_t size);

    /*
     * Whether an automatic reply of that size may go out; counts in the hub's stats why not.
     * NULL: always. Asked right before it is sent.
     */
    bool (*may_reply)(struct link *link, size_t size);

    /*
     * Graceful end: the hub sends nothing more and wants no more data. The link drains, shuts
     * down its sending side, waits for the far end to have it all, at most until deadline
     * (now, a hub clock time), then calls hub_detach(peer, peer->reason, NULL); at once, from
     * within this call, where nothing is outstanding. NULL: nothing ever is.
     */
    void (*close)(struct link *link, int64_t deadline);

    /* The same, but the far end is to see that the line broke. NULL: it cannot; close. */
    void (*reset)(struct link *link, int64_t deadline);

    /*
     * Ends our sending side once the queue is empty; the far end may go on sending. NULL for
     * datagrams, which have no end.
     */
    void (*end_output)(struct link *link);

    /* The end of its input, which hub_end_waits has kept back, is due, or what follows from it
     * has changed since: goes on with it, as hub_half_close says. NULL for datagrams. */
    void (*ended)(struct link *link);

    /* The far end is to see its line reset, whatever is queued, when the link is destroyed,
     * which is next. NULL: it knows no resets. */
    void (*abort)(struct link *link);

    /* Stops all callbacks and frees the link, whatever is queued. The peer is freed next. */
    void (*destroy)(struct link *link);

    /* Stops reading (reasons != 0, a set of enum link_pause) or goes on (0). NULL for
     * datagrams: they are read for all peers at once, and a flood is dropped by the kernel, and
     * counted. */
    void (*pause)(struct link *link, unsigned reasons);

    /* Bytes taken by send that the kernel has not taken yet. NULL: there are none. */
    size_t (*queued)(const struct link *link);

    /* What comes is cut so from here on, with what is here and no message yet. NULL for
     * datagrams, which are whole messages. */
    void (*frame)(struct link *link, const struct framing *framing);

    /*
     * Bytes that the kernel has taken and the far end has not acknowledged; known after its
     * reset, too. NULL where there is no such thing.
     */
    uint64_t (*undelivered)(const struct link *link);

    void (*describe)(const struct link *link, struct link_description *description);

    /* Where the far end is; of no family where that is not known, or no address of IP. NULL:
     * it never has one. */
    union address (*remote)(const struct link *link);

    /*
     * Options have changed: counts itself with limits_count, and where idle times have changed
     * its timer follows. Called for the dead too. NULL: there is nothing to do.
     */
    void (*renew)(struct link *link, bool idle_times);

    /*
     * Asks the kernel whether the far end still answers; else the peer closes soon. Returns
     * whether bytes are on their way, so that it is worth to ask again. NULL: nobody can tell.
     */
    bool (*check_line)(struct link *link);
};

struct link {
    const struct link_ops *ops;
    struct peer *peer; /* set by hub_attach */
};

/* The most bytes that one of its datagrams holds. */
static inline size_t link_most(const struct link *link)
{
    return link->ops->most > 0 ? link->ops->most : DATAGRAM_MAX;
}

#endif
