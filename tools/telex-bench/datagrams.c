/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/datagrams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "telex-bench/pattern.h"

struct header {
    uint32_t source;
    uint32_t sequence;
};

_Static_assert(sizeof(struct header) == DATAGRAMS_LEAST, "the smallest is a header alone");

struct datagrams {
    const uint8_t *pattern;
    size_t size;
    size_t stride; /* of a place for one that comes; there is room for a byte too many */
    unsigned count;
    struct header headers[DATAGRAMS_BATCH];
    struct iovec parts[DATAGRAMS_BATCH][2];
    struct mmsghdr out[DATAGRAMS_BATCH];
    struct iovec places[DATAGRAMS_BATCH];
    struct mmsghdr in[DATAGRAMS_BATCH];
    uint8_t *received;
};

struct datagrams *datagrams_create(const uint8_t *pattern, size_t size)
{
    struct datagrams *batch = mem_zalloc(sizeof *batch);
    batch->pattern = pattern;
    batch->size = size;
    batch->stride = (size + 64) & ~(size_t)63;
    batch->received = mem_alloc(batch->stride * DATAGRAMS_BATCH);
    for (size_t i = 0; i < DATAGRAMS_BATCH; i++) {
        batch->parts[i][0] = (struct iovec){&batch->headers[i], sizeof(struct header)};
        batch->out[i].msg_hdr.msg_iov = batch->parts[i];
        batch->out[i].msg_hdr.msg_iovlen = size > sizeof(struct header) ? 2 : 1;
        batch->places[i] = (struct iovec){batch->received + i * batch->stride, batch->stride};
        batch->in[i].msg_hdr.msg_iov = &batch->places[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
    }
    return batch;
}

void datagrams_destroy(struct datagrams *batch)
{
    if (!batch)
        return;
    free(batch->received);
    free(batch);
}

void datagrams_clear(struct datagrams *batch)
{
    batch->count = 0;
}

bool datagrams_full(const struct datagrams *batch)
{
    return batch->count == DATAGRAMS_BATCH;
}

static const uint8_t *rest_of(const struct datagrams *batch, const struct header *header)
{
    return batch->pattern + pattern_place(header->source * UINT64_C(31) + header->sequence);
}

void datagrams_add(struct datagrams *batch, uint32_t source, uint32_t sequence)
{
    struct header *header = &batch->headers[batch->count];
    *header = (struct header){source, sequence};
    /* sendmsg(2) does not write there. */
    batch->parts[batch->count][1] =
        (struct iovec){(void *)(uintptr_t)rest_of(batch, header), batch->size - sizeof *header};
    batch->count++;
}

static ssize_t result_of(int count)
{
    if (count >= 0)
        return count;
    return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
}

ssize_t datagrams_send(struct datagrams *batch, int fd)
{
    return result_of(sendmmsg(fd, batch->out, batch->count, MSG_NOSIGNAL));
}

ssize_t datagrams_receive(struct datagrams *batch, int fd)
{
    return result_of(recvmmsg(fd, batch->in, DATAGRAMS_BATCH, 0, NULL));
}

struct datagram datagrams_get(const struct datagrams *batch, size_t index)
{
    const uint8_t *data = batch->places[index].iov_base;
    struct header header = {0, 0};
    struct datagram datagram = {.size = batch->in[index].msg_len};
    if (datagram.size != batch->size)
        return datagram;
    memcpy(&header, data, sizeof header);
    datagram.source = header.source;
    datagram.sequence = header.sequence;
    datagram.right = memcmp(data + sizeof header, rest_of(batch, &header),
                            datagram.size - sizeof header) == 0;
    return datagram;
}
