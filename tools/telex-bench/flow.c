/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/flow.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "telex-bench/client.h"
#include "telex-bench/pattern.h"
#include "telex-bench/run.h"

void flow_init(struct flow *flow, uint64_t number)
{
    flow->out = flow->in = pattern_place(number);
    flow->sent = flow->received = 0;
}

static bool is_passing(int reason)
{
    return reason == EAGAIN || reason == EINTR;
}

ssize_t flow_send(struct flow *flow, struct client *client, uint64_t most)
{
    size_t size = most < PATTERN_PIECE ? (size_t)most : PATTERN_PIECE;
    ssize_t sent =
        send(client->source.fd, client->run->pattern + flow->out, size, MSG_NOSIGNAL);
    if (sent < 0)
        return is_passing(errno) ? 0 : -1;
    flow->out = pattern_after(flow->out, (uint32_t)sent);
    flow->sent += (uint64_t)sent;
    client->asked = true;
    return sent;
}

static ssize_t refuse(const struct flow *flow, struct client *client, size_t size)
{
    const uint8_t *came = client->run->buffer, *wanted = client->run->pattern + flow->in;
    size_t i = 0;
    while (i < size && came[i] == wanted[i])
        i++;
    if (flow->received + i >= flow->sent)
        tally_mismatch(&client->run->tally,
                       "client %u: more than the %" PRIu64 " bytes that were sent came back",
                       client->number, flow->sent);
    else
        tally_mismatch(&client->run->tally,
                       "client %u: byte %" PRIu64 " came back as 0x%02x, not as 0x%02x",
                       client->number, flow->received + i, came[i], wanted[i]);
    return FLOW_WRONG;
}

ssize_t flow_receive(struct flow *flow, struct client *client)
{
    uint8_t *buffer = client->run->buffer;
    ssize_t size = recv(client->source.fd, buffer, PATTERN_PIECE, 0);
    if (size < 0)
        return is_passing(errno) ? FLOW_NOTHING : FLOW_BROKEN;
    if (size == 0) {
        errno = 0;
        return FLOW_BROKEN;
    }
    if ((uint64_t)size > flow->sent - flow->received ||
        memcmp(buffer, client->run->pattern + flow->in, (size_t)size) != 0)
        return refuse(flow, client, (size_t)size);
    flow->in = pattern_after(flow->in, (uint32_t)size);
    flow->received += (uint64_t)size;
    client->answered = true;
    return size;
}
