/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accepts connections on a listener's stream sockets, a bounded number a turn. Out of
 * descriptors it pauses instead of spinning, says so once, and goes on by itself.
 */
#ifndef TELEX_TRANSPORT_ACCEPTOR_H
#define TELEX_TRANSPORT_ACCEPTOR_H

#include <event2/util.h>
#include <stdbool.h>
#include <stddef.h>

struct listener;
struct switchboard;
union address;

struct acceptor_ops {
    /* Options of a listening socket, which those that it accepts have too; may be NULL. */
    void (*prepare)(struct switchboard *board, evutil_socket_t fd);
    /* Takes fd, which is non-blocking and close-on-exec. remote is of no family for unix. */
    void (*take)(struct switchboard *board, struct listener *listener, evutil_socket_t fd,
                 const union address *remote);
    /* The listener closes: the last thing done. May be NULL. */
    void (*closed)(struct listener *listener, void *context);
};

/*
 * Listens on the bound sockets, takes them over and sets listener->binding. On failure the
 * sockets are closed, closed() is called and *error (malloc'ed) is the reason alone.
 */
bool acceptor_create(struct switchboard *board, struct listener *listener,
                     const evutil_socket_t *fds, size_t count, const struct acceptor_ops *ops,
                     void *context, char **error);

/* The settings have changed: prepares all listening sockets anew. */
void acceptors_renew(struct switchboard *board);

/* The hub's on_memory, of a switchboard: nobody is let in while its budget is over. */
void acceptors_heed_memory(void *board);

/* An accepted stream is gone: goes on accepting where that had to pause. */
void acceptor_stream_gone(struct switchboard *board);

#endif
