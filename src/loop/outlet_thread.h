/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread in which an outlet's file is written, a piece at a time: where the disk is slow or
 * stands still, write(2) waits, whatever the descriptor's flags. It knows no loop: the end of a
 * piece makes a descriptor readable. All calls are for the thread that made it.
 */
#ifndef TELEX_LOOP_OUTLET_THREAD_H
#define TELEX_LOOP_OUTLET_THREAD_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct outlet_thread;

/* fd stays the caller's: what is written goes by a duplicate of it. NULL with errno where there
 * can be no thread. */
struct outlet_thread *outlet_thread_create(int fd);
/* The end, now: a write under way is left to the thread, which then ends by itself. */
void outlet_thread_destroy(struct outlet_thread *thread);

/* Readable when outlet_thread_put may go on. */
int outlet_thread_fd(const struct outlet_thread *thread);
/* Bytes taken that are not known to be written. */
size_t outlet_thread_backlog(const struct outlet_thread *thread);
/*
 * Returns how many bytes were taken, which is none where there are no parts; or -1 and errno:
 * EAGAIN while a piece is under way, else why the last one could not be written, said once.
 * What is left of that is tried again by the next call, before anything else is taken.
 */
ssize_t outlet_thread_put(struct outlet_thread *thread, const struct iovec *parts, int count);

#endif
