/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a listener of streams is bound to: an acceptor that pauses where limits, memory or
 * descriptors leave no room, which is said once.
 */
#ifndef TELEX_TRANSPORT_LINE_LISTENER_H
#define TELEX_TRANSPORT_LINE_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

struct listener;
struct switchboard;
union address;

struct line_listener_ops {
    /* Options of a listening socket, which those that it accepts have too; may be NULL. */
    void (*prepare)(struct switchboard *board, int fd);
    /* Takes fd, which is non-blocking and close-on-exec. remote is of no family for unix. */
    void (*take)(struct switchboard *board, struct listener *listener, int fd,
                 const union address *remote);
    /* The listener closes: the last thing done. May be NULL. */
    void (*closed)(struct listener *listener, void *context);
};

/*
 * Listens on the bound sockets, takes them over and sets listener->binding. On failure the
 * sockets are closed, closed() is called and *error (malloc'ed) is the reason alone.
 */
bool line_listener_create(struct switchboard *board, struct listener *listener, const int *fds,
                          size_t count, const struct line_listener_ops *ops, void *context,
                          char **error);

/* The settings have changed: prepares all listening sockets anew. */
void line_listeners_renew(struct switchboard *board);

/* The hub's on_memory, of a switchboard: nobody is let in while its budget is over. */
void line_listeners_heed_memory(void *board);

/* An accepted stream is gone: goes on accepting where that had to pause. */
void line_listeners_make_room(struct switchboard *board);

#endif
