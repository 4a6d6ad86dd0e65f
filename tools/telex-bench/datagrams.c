/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/datagrams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "telex-bench/exchange.h"
#include "telex-bench/pattern.h"

struct header {
    uint32_t source;
    uint32_t sequence;
};

_Static_assert(sizeof(struct header) == DATAGRAMS_LEAST, "the smallest is a header alone");

struct datagrams {
    const uint8_t *pattern;
    const struct exchange *exchange; /* NULL: each has its numbers and a piece of the pattern */
    size_t size;
    size_t stride; /* of the places below; there is room for a byte too many */
    unsigned most; /* in a batch */
    unsigned count;
    struct iovec out_places[DATAGRAMS_BATCH];
    struct iovec in_places[DATAGRAMS_BATCH];
    struct mmsghdr out[DATAGRAMS_BATCH];
    struct mmsghdr in[DATAGRAMS_BATCH];
    uint8_t *memory;
};

/* For datagrams of at most so many bytes. */
static void make_room(struct datagrams *batch, size_t most)
{
    batch->stride = (most + 64) & ~(size_t)63;
    batch->memory = mem_alloc(2 * batch->stride * batch->most);
    for (size_t i = 0; i < batch->most; i++) {
        uint8_t *place = batch->memory + 2 * i * batch->stride;
        batch->out_places[i] = (struct iovec){place, batch->size};
        batch->in_places[i] = (struct iovec){place + batch->stride, batch->stride};
        batch->out[i].msg_hdr.msg_iov = &batch->out_places[i];
        batch->in[i].msg_hdr.msg_iov = &batch->in_places[i];
        batch->out[i].msg_hdr.msg_iovlen = batch->in[i].msg_hdr.msg_iovlen = 1;
    }
}

struct datagrams *datagrams_create(const uint8_t *pattern, size_t size, uint64_t most)
{
    struct datagrams *batch = mem_zalloc(sizeof *batch);
    batch->pattern = pattern;
    batch->size = size;
    batch->most = most < DATAGRAMS_BATCH ? (unsigned)most : DATAGRAMS_BATCH;
    make_room(batch, size);
    return batch;
}

void datagrams_exchange(struct datagrams *batch, const struct exchange *exchange)
{
    const size_t larger = exchange->expect.size > exchange->send.size ? exchange->expect.size
                                                                      : exchange->send.size;
    batch->exchange = exchange;
    free(batch->memory);
    make_room(batch, larger);
}

void datagrams_destroy(struct datagrams *batch)
{
    if (!batch)
        return;
    free(batch->memory);
    free(batch);
}

void datagrams_clear(struct datagrams *batch)
{
    batch->count = 0;
}

bool datagrams_full(const struct datagrams *batch)
{
    return batch->count == batch->most;
}

static const uint8_t *rest_of(const struct datagrams *batch, const struct header *header)
{
    return batch->pattern + pattern_place(header->source * UINT64_C(31) + header->sequence);
}

void datagrams_add(struct datagrams *batch, uint32_t source, uint32_t sequence)
{
    const struct header header = {source, sequence};
    uint8_t *place = batch->out_places[batch->count++].iov_base;
    if (batch->exchange) {
        memcpy(place, batch->exchange->send.data, batch->size);
        return;
    }
    memcpy(place, &header, sizeof header);
    memcpy(place + sizeof header, rest_of(batch, &header), batch->size - sizeof header);
}

static ssize_t failed(void)
{
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
}

/* One alone takes the cheaper call, here and below. */
ssize_t datagrams_send(struct datagrams *batch, int fd)
{
    ssize_t count = batch->count;
    if (batch->count > 1)
        count = sendmmsg(fd, batch->out, batch->count, MSG_NOSIGNAL);
    else if (send(fd, batch->out_places[0].iov_base, batch->size, MSG_NOSIGNAL) < 0)
        count = -1;
    return count < 0 ? failed() : count;
}

ssize_t datagrams_receive(struct datagrams *batch, int fd)
{
    ssize_t count = 1;
    if (batch->most > 1) {
        count = recvmmsg(fd, batch->in, batch->most, 0, NULL);
    } else {
        ssize_t size = recv(fd, batch->in_places[0].iov_base, batch->stride, 0);
        batch->in[0].msg_len = (unsigned)size;
        if (size < 0)
            count = -1;
    }
    return count < 0 ? failed() : count;
}

struct datagram datagrams_get(const struct datagrams *batch, size_t index)
{
    const uint8_t *data = batch->in_places[index].iov_base;
    struct header header = {0, 0};
    struct datagram datagram = {.size = batch->in[index].msg_len};
    if (batch->exchange) {
        const struct exchange_text *expect = &batch->exchange->expect;
        datagram.right =
            datagram.size == expect->size && memcmp(data, expect->data, expect->size) == 0;
        return datagram;
    }
    if (datagram.size != batch->size)
        return datagram;
    memcpy(&header, data, sizeof header);
    datagram.source = header.source;
    datagram.sequence = header.sequence;
    datagram.right = memcmp(data + sizeof header, rest_of(batch, &header),
                            datagram.size - sizeof header) == 0;
    return datagram;
}
