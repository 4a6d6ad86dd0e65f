/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/flow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/ut.h"
#include "telex-bench/client.h"
#include "telex-bench/pattern.h"
#include "telex-bench/run.h"

void flow_init(struct flow *flow, const struct run *run, uint64_t number)
{
    flow->out = flow->in = run->out == run->in ? pattern_place(number) : 0;
    flow->sent = flow->received = 0;
}

static bool is_passing(int reason)
{
    return reason == EAGAIN || reason == EINTR;
}

ssize_t flow_send(struct flow *flow, struct client *client, uint64_t most)
{
    size_t size = most < PATTERN_PIECE ? (size_t)most : PATTERN_PIECE;
    ssize_t sent = client_send(client, client->run->out->bytes + flow->out, size);
    if (sent < 0)
        return is_passing(errno) ? 0 : -1;
    flow->out = pattern_after(client->run->out, flow->out, (uint32_t)sent);
    flow->sent += (uint64_t)sent;
    client->asked = true;
    return sent;
}

/* How many bytes may have come: what was sent, or an answer for each message that was begun. */
static uint64_t due(const struct flow *flow, const struct run *run)
{
    const struct settings *settings = run->settings;
    if (run->out == run->in)
        return flow->sent;
    return (flow->sent + settings->size - 1) / settings->size * settings->answer;
}

/* At most so much of a text stands in a sentence. */
static char *show(const void *bytes, uint64_t size)
{
    enum { SHOWN = 60 };
    UT_string text;
    utstring_init(&text);
    escape_bytes(&text, bytes, size < SHOWN ? (size_t)size : SHOWN);
    utstring_printf(&text, "%s", size > SHOWN ? "..." : "");
    return utstring_body(&text);
}

/* The bytes as they came are more telling than a place in them. */
static void refuse_answer(const struct flow *flow, const struct client *client, size_t size)
{
    struct run *run = client->run;
    const uint64_t whole = run->settings->answer, place = flow->received % whole;
    char *came = show(run->buffer, size);
    char *wanted = show(run->in->bytes + flow->in, whole - place);
    if (flow->received >= due(flow, run))
        tally_mismatch(&run->tally, "client %u: behind the last answer came '%s'",
                       client->number, came);
    else
        tally_mismatch(&run->tally,
                       "client %u: answer %" PRIu64 " is, from byte %" PRIu64
                       " on, '%s', not '%s'",
                       client->number, flow->received / whole + 1, place, came, wanted);
    free(came);
    free(wanted);
}

static ssize_t refuse(const struct flow *flow, struct client *client, size_t size)
{
    const uint8_t *came = client->run->buffer, *wanted = client->run->in->bytes + flow->in;
    size_t i = 0;
    if (client->run->out != client->run->in) {
        refuse_answer(flow, client, size);
        return FLOW_WRONG;
    }
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
    ssize_t size = client_receive(client, buffer, PATTERN_PIECE);
    if (size < 0)
        return is_passing(errno) ? FLOW_NOTHING : FLOW_BROKEN;
    if (size == 0) {
        errno = 0;
        return FLOW_BROKEN;
    }
    if ((uint64_t)size > due(flow, client->run) - flow->received ||
        memcmp(buffer, client->run->in->bytes + flow->in, (size_t)size) != 0)
        return refuse(flow, client, (size_t)size);
    flow->in = pattern_after(client->run->in, flow->in, (uint32_t)size);
    flow->received += (uint64_t)size;
    client->answered = true;
    return size;
}
