/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes to a descriptor without ever blocking the loop and without changing the description
 * that other processes share (base/writer); to a file in a thread (outlet_thread). What the
 * reader, or the disk, does not take waits here.
 */
#ifndef TELEX_LOOP_OUTLET_H
#define TELEX_LOOP_OUTLET_H

#include <stddef.h>
#include <stdint.h>

struct loop;
struct outlet;

struct outlet_callbacks {
    void (*drained)(void *context); /* the backlog has become small (see outlet_set_small) */
    void (*broken)(void *context);  /* EPIPE and its like: nothing is written any more */
    /*
     * The disk takes nothing for now (errno: it is full, broken, or the file too large). That
     * is tried again once a second, and drained called when all that waits is written. May be
     * NULL.
     */
    void (*refused)(void *context, int error);
    /* So many bytes wait now; called at each change, from within these functions too. May be
     * NULL. */
    void (*waiting)(void *context, size_t bytes);
};

/*
 * fd stays the caller's. But for waiting, the callbacks come from the loop, never from within a
 * call of these functions. On a terminal SIGTTOU is ignored from here on: a background job
 * writes too.
 */
struct outlet *outlet_create(struct loop *loop, int fd,
                             const struct outlet_callbacks *callbacks, void *context);
/* The backlog that counts as small, instead of a quarter of a MiB. */
void outlet_set_small(struct outlet *outlet, size_t bytes);
/*
 * How long outlet_destroy gives the reader to take what waits: microseconds, a second if never
 * said; negative: for as long as there is a reader. A signal ends the wait. A file gets a tenth
 * of a second at least, and nothing where the disk refuses.
 */
void outlet_set_patience(struct outlet *outlet, int64_t microseconds);
/* What the disk refuses breaks it, too: nobody waits for room there. */
void outlet_set_strict(struct outlet *outlet);
/* Once it is broken: the errno that broke it; before, 0. */
int outlet_error(const struct outlet *outlet);
/* Waits, and frees. Returns how many bytes a reader that is still there did not take. */
size_t outlet_destroy(struct outlet *outlet);
void outlet_write(struct outlet *outlet, const void *data, size_t size);
/* Writes now what the reader takes at once; outlet_write otherwise waits for the turn's end. */
void outlet_flush(struct outlet *outlet);
/* Nothing more will be written: drained is called once, when nothing waits any more. */
void outlet_close(struct outlet *outlet);
size_t outlet_backlog(const struct outlet *outlet);
/* The backlog, or what had to be dropped when it broke and since. */
size_t outlet_unwritten(const struct outlet *outlet);

#endif
