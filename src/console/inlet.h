/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads bytes from a descriptor of any kind (pipe, socket, terminal, regular file, /dev/null)
 * on the loop: epoll refuses the last two, so those are read a piece a turn.
 */
#ifndef TELEX_CONSOLE_INLET_H
#define TELEX_CONSOLE_INLET_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
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
struct inlet *inlet_create(struct event_base *base, int fd,
                           const struct inlet_callbacks *callbacks, void *context);
void inlet_destroy(struct inlet *inlet);
void inlet_hold(struct inlet *inlet, bool on);

#endif
