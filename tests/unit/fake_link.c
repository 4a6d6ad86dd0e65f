/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_link.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/datagram.h"
#include "base/escape.h"
#include "core/hub_line.h"
#include "core/modem.h"

static struct fake_link *fake_link_of(struct link *link)
{
    struct fake_link *fake = (struct fake_link *)link;
    ck_assert_msg(!fake->destroyed, "the link is used after its destruction");
    return fake;
}

static int send_all(struct link *link, const void *data, size_t size)
{
    struct fake_link *fake = fake_link_of(link);
    ck_assert_msg(!fake->finishing, "a send after finish");
    ck_assert_msg(!fake->ended, "a send after the end of the output");
    fake->tries++;
    if (fake->fail)
        return fake->fail;
    if (link->ops->datagram && size > DATAGRAM_MAX)
        return EMSGSIZE;
    if (size > fake->queue_max - fake->queued)
        return ENOBUFS;
    if (size)
        utstring_bincpy(&fake->sent, data, size);
    fake->sends++;
    fake->last = size;
    fake->from = data;
    if (fake->keep) {
        fake->queued += size;
        hub_queue_changed(fake->hub, link->peer, size, 0);
    }
    return 0;
}

static bool may_reply(struct link *link, size_t size)
{
    (void)size;
    return !fake_link_of(link)->mute;
}

static void finish(struct link *link, int64_t deadline)
{
    struct fake_link *fake = fake_link_of(link);
    ck_assert_msg(!fake->finishing, "finish is said once");
    fake->finishing = true;
    fake->deadline = deadline;
    if (!fake->finish_later)
        hub_detach(fake->hub, link->peer, link->peer->reason, NULL);
}

/* What passes on is taken, whatever waits. */
static int pass(struct link *link, const void *data, size_t size)
{
    struct fake_link *fake = fake_link_of(link);
    const size_t most = fake->queue_max;
    fake->queue_max = SIZE_MAX;
    const int cause = send_all(link, data, size);
    fake->queue_max = most;
    return cause;
}

static void reset(struct link *link, int64_t deadline)
{
    fake_link_of(link)->reset = true;
    finish(link, deadline);
}

static void end_output(struct link *link)
{
    struct fake_link *fake = fake_link_of(link);
    ck_assert_msg(!fake->ended, "the output ends once");
    fake->ended = true;
}

static void destroy(struct link *link)
{
    fake_link_of(link)->destroyed = true;
}

static void pause_reading(struct link *link, unsigned reasons)
{
    struct fake_link *fake = fake_link_of(link);
    fake->pauses = reasons;
    fake->pause_calls++;
}

static size_t queued(const struct link *link)
{
    return fake_link_of((struct link *)link)->queued;
}

static void describe(const struct link *link, struct link_description *description)
{
    *description = fake_link_of((struct link *)link)->description;
}

static union address remote(const struct link *link)
{
    return fake_link_of((struct link *)link)->remote;
}

#define FAKE_OPS(is_datagram)                                                           \
    .datagram = is_datagram, .send = send_all, .may_reply = may_reply, .close = finish, \
    .destroy = destroy, .pause = pause_reading, .queued = queued, .describe = describe, \
    .remote = remote

static void frame(struct link *link, const struct framing *framing)
{
    fake_link_of(link)->framing = framing;
}

static bool has_lines(struct link *link, char **error)
{
    if (fake_link_of(link)->no_lines)
        *error = mem_strdup("it has no such lines");
    return !fake_link_of(link)->no_lines;
}

static bool read_lines(struct link *link, unsigned *on, char **error)
{
    *on = fake_link_of(link)->lines;
    return has_lines(link, error);
}

static bool set_lines(struct link *link, unsigned on, unsigned off, char **error)
{
    struct fake_link *fake = fake_link_of(link);
    fake->lines = (fake->lines | on) & ~off;
    return has_lines(link, error);
}

static bool send_break(struct link *link, int64_t microseconds, char **error)
{
    (void)error;
    fake_link_of(link)->pause = microseconds;
    return true;
}

static const struct modem_ops modem = {
    .read = read_lines, .set = set_lines, .send_break = send_break};

static void ended_late(struct link *link)
{
    struct fake_link *fake = fake_link_of(link);
    fake->half_close = hub_half_close(fake->hub, link->peer);
}

static void abort_line(struct link *link)
{
    fake_link_of(link)->aborted = true;
}

#define STREAM_OPS .pass = pass, .reset = reset, .ended = ended_late, .abort = abort_line

static const struct link_ops fake_ops[SCHEME_COUNT] = {
    [SCHEME_TCP] = {.end_output = end_output, .frame = frame, STREAM_OPS, FAKE_OPS(false)},
    [SCHEME_UDP] = {FAKE_OPS(true)},
    [SCHEME_UNIX] = {.end_output = end_output, .frame = frame, STREAM_OPS, FAKE_OPS(false)},
    [SCHEME_EXEC] = {.end_output = end_output, .frame = frame, STREAM_OPS, FAKE_OPS(false)},
    [SCHEME_SERIAL] = {.frame = frame, .modem = &modem, STREAM_OPS, FAKE_OPS(false)},
};

struct fake_link *fake_link_create(struct hub *hub, enum scheme scheme)
{
    struct fake_link *fake = mem_zalloc(sizeof(*fake));
    fake->link.ops = &fake_ops[scheme];
    fake->hub = hub;
    fake->queue_max = SIZE_MAX;
    utstring_init(&fake->sent);
    utstring_init(&fake->taken);
    const bool is_unix = scheme == SCHEME_UNIX;
    snprintf(fake->description.remote, sizeof(fake->description.remote), "%s",
             is_unix ? "unix:" : "192.0.2.1:40000");
    snprintf(fake->description.local, sizeof(fake->description.local), "%s",
             is_unix ? "unix:/run/fake" : "192.0.2.2:9999");
    return fake;
}

void fake_link_free(struct fake_link *fake)
{
    ck_assert_msg(fake->destroyed, "the link was not destroyed");
    utstring_done(&fake->sent);
    utstring_done(&fake->taken);
    free(fake);
}

void fake_link_drain(struct fake_link *fake)
{
    hub_queue_changed(fake->hub, fake->link.peer, 0, fake->queued);
    fake->queued = 0;
    hub_drained(fake->hub, fake_link_of(&fake->link)->link.peer);
}

void fake_link_finish(struct fake_link *fake)
{
    ck_assert_msg(fake->finishing, "nobody asked it to finish");
    struct peer *peer = fake_link_of(&fake->link)->link.peer;
    hub_detach(fake->hub, peer, peer->reason, NULL);
}

const char *fake_link_take(struct fake_link *fake)
{
    utstring_clear(&fake->taken);
    escape_bytes(&fake->taken, utstring_body(&fake->sent), utstring_len(&fake->sent));
    utstring_clear(&fake->sent);
    return utstring_body(&fake->taken);
}
