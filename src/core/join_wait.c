/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/join_wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "core/hub_line.h"

struct datagram {
    size_t size;
    struct datagram *prev, *next;
    char data[];
};

struct join_wait {
    struct datagram *all; /* utlist, the oldest first */
    unsigned count;
    size_t bytes;
};

bool join_wait_add(struct join_wait **waiting, const void *data, size_t size)
{
    struct join_wait *wait = *waiting;
    if (!wait)
        *waiting = wait = mem_zalloc(sizeof *wait);
    if (wait->count == JOIN_WAIT_MAX || size > JOIN_WAIT_BYTES - wait->bytes)
        return false;
    struct datagram *datagram = mem_alloc(sizeof *datagram + size);
    datagram->size = size;
    memcpy(datagram->data, data, size);
    DL_APPEND(wait->all, datagram);
    wait->count++;
    wait->bytes += size;
    return true;
}

void join_wait_deliver(struct join_wait *waiting, struct hub *hub, struct peer *peer)
{
    const struct datagram *datagram;
    if (!waiting)
        return;
    DL_FOREACH(waiting->all, datagram)
        hub_receive(hub, peer, datagram->data, datagram->size, false);
    join_wait_free(waiting);
}

void join_wait_free(struct join_wait *waiting)
{
    struct datagram *each, *next;
    if (!waiting)
        return;
    DL_FOREACH_SAFE(waiting->all, each, next)
        free(each);
    free(waiting);
}
