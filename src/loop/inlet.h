/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads bytes from a descriptor of any kind (pipe, socket, terminal, regular file, /dev/null)
 * on the loop: epoll refuses the last two, so those are read a piece a turn.
 */
#ifndef TELEX_LOOP_INLET_H
#define TELEX_LOOP_INLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct inlet;

struct inlet_callbacks {
    void (*data)(void *context, const char *data, size_t size); /* may destroy the inlet */
    void (*end)(void *context);                                 /* end of file, or an error */
    /*
     * Where given, the inlet reads nothing itself: this is called when fd can be read, and data
     * and end never are.
     */
    void (*ready)(void *context);
};

/*
 * fd stays the caller's. Starts reading at once. However much there is to read, peers get their
 * turn after every piece. A terminal is read only while this process is in the foreground
 * (SIGTTIN is ignored from here on) and tried again twice a second.
 */
struct inlet *inlet_create(struct loop *loop, int fd, const struct inlet_callbacks *callbacks,
                           void *context);
void inlet_destroy(struct inlet *inlet);
void inlet_hold(struct inlet *inlet, bool on);
/* After the end: the errno of the read that failed, 0 where it was the end of file. */
int inlet_error(const struct inlet *inlet);
/*
 * Bytes that stand there unread, as far as can be seen: 0 after the end, and where the
 * descriptor cannot say.
 */
uint64_t inlet_unread(const struct inlet *inlet);

#endif
