/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accepts connections on listening sockets, a bounded number a turn. Out of descriptors it
 * rests instead of spinning, and goes on by itself.
 */
#ifndef TELEX_LOOP_ACCEPTOR_H
#define TELEX_LOOP_ACCEPTOR_H

#include <stdbool.h>
#include <stddef.h>

struct acceptor;
struct loop;
union address;

struct acceptor_ops {
    /*
     * Takes a connection, which is non-blocking and close-on-exec, and from here on its own.
     * remote is of no family where it has no address. May pause the acceptor, but not destroy
     * it.
     */
    void (*take)(void *context, int fd, const union address *remote);
    /*
     * Whether another may be taken, asked before each; where not, it has paused the acceptor,
     * or let it rest. May be NULL.
     */
    bool (*has_room)(void *context);
    /* There are no descriptors, or no memory (an errno): it rests. May be NULL. */
    void (*starved)(void *context, int cause);
    /* The rest is over: resumes it, or what else there is to resume. NULL: it goes on. */
    void (*rested)(void *context);
    /* Nobody waits any more. May be NULL. */
    void (*all_taken)(void *context);
};

/*
 * Listens on the bound sockets and takes them over; accepts from acceptor_resume on. NULL with
 * errno where it cannot listen: then they are closed.
 */
struct acceptor *acceptor_create(struct loop *loop, const int *fds, size_t count,
                                 const struct acceptor_ops *ops, void *context);
/* Closes the sockets. NULL is fine. */
void acceptor_destroy(struct acceptor *acceptor);

/* Until acceptor_resume: callers wait in the backlog. */
void acceptor_pause(struct acceptor *acceptor);
/* The same, but for a tenth of a second at most. */
void acceptor_rest(struct acceptor *acceptor);
void acceptor_resume(struct acceptor *acceptor);

/* One of its sockets; -1 past the last. */
int acceptor_fd(const struct acceptor *acceptor, size_t index);

#endif
