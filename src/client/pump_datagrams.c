/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/pump_datagrams.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/datagram.h"
#include "base/mem.h"
#include "client/pump_state.h"
#include "core/link.h"
#include "core/peer.h"
#include "loop/inlet.h"
#include "loop/timeout.h"

/* How long a datagram waits that the kernel has no room for. */
enum { RETRY_AFTER = 4000 /* microseconds */ };

/* --- what cannot be sent --- */

/* The first one is told at once: whoever types lines for hours wants to know. */
static void fail(struct pump *pump, const char *what)
{
    if (pump->failed++ > 0)
        return;
    char *text = pump->settings.whole ? mem_printf("the input %s", what)
                                      : mem_printf("line %" PRIu64 " %s", pump->line, what);
    pump->hooks.error(pump->hooks.context, text);
    free(text);
}

/* Of a line, or of what a queue takes at once. */
enum { MESSAGE_MAX = 1 << 20 };

static void fail_long(struct pump *pump)
{
    const struct peer *peer = pump_peer(pump);
    if (!pump->settings.datagrams) {
        fail(pump, "is too long: a message holds at most 1 MiB");
        return;
    }
    char *what = mem_printf("is too long: a datagram holds at most %zu bytes",
                            peer ? link_most(peer->link) : DATAGRAM_MAX);
    fail(pump, what);
    free(what);
}

static void fail_because(struct pump *pump, int cause)
{
    char *what = mem_printf("was not sent: %s", strerror(cause));
    fail(pump, what);
    free(what);
}

/* --- one datagram --- */

static bool is_full(enum send_status status, int cause)
{
    return status == SEND_QUEUE_FULL ||
           (status == SEND_FAILED && (cause == EAGAIN || cause == ENOBUFS));
}

/* Says what became of a send; where there is no line any more, its close does. */
static void judge(struct pump *pump, enum send_status status, int cause)
{
    if (status == SEND_TOO_LONG)
        fail_long(pump);
    else if (status == SEND_FAILED && cause != ECONNREFUSED) /* that closes the line */
        fail_because(pump, cause);
    else if (status != SEND_OK)
        pump->lost += utstring_len(&pump->text);
}

/* Sends pump->text. Returns false where it has to wait for room. */
static bool send_datagram(struct pump *pump)
{
    struct peer *peer = pump_peer(pump);
    int cause = 0;
    enum send_status status =
        peer ? hub_send(pump->settings.hub, peer, utstring_body(&pump->text),
                        utstring_len(&pump->text), 1, &cause)
             : SEND_CLOSING;
    pump->waiting = is_full(status, cause);
    inlet_hold(pump->inlet, pump->waiting || pump->held);
    if (pump->waiting)
        timeout_set(pump->retry, RETRY_AFTER);
    else
        judge(pump, status, cause);
    return !pump->waiting;
}

/* --- lines --- */

/* Loads the next line into pump->text; false where there is none. */
static bool next_line(struct pump *pump)
{
    const char *line;
    size_t size, eol_size;
    enum lines_result result = lines_next(&pump->lines, &line, &size);
    if (result == LINES_NONE && pump->input_ended)
        result = lines_last(&pump->lines, &line, &size);
    if (result == LINES_NONE)
        return false;
    pump->line++;
    if (result == LINES_TOO_LONG) {
        fail_long(pump);
        return next_line(pump);
    }
    const char *eol = eol_bytes(pump->settings.eol, &eol_size);
    utstring_clear(&pump->text);
    ut_append(&pump->text, line, size);
    ut_append(&pump->text, eol, eol_size);
    return true;
}

static void send_lines(struct pump *pump)
{
    while (!pump->waiting && next_line(pump))
        send_datagram(pump);
    if (pump->input_ended && !pump->waiting)
        pump_tell_end(pump);
}

/* --- all of stdin --- */

/* What is more than a datagram holds need not be kept to be refused. */
static void collect(struct pump *pump, const char *data, size_t size)
{
    const size_t most = pump->settings.datagrams ? (size_t)DATAGRAM_MAX : (size_t)MESSAGE_MAX;
    const size_t room = most + 1 - utstring_len(&pump->text);
    ut_append(&pump->text, data, size < room ? size : room);
}

static void send_whole(struct pump *pump)
{
    if (!pump->settings.datagrams && utstring_len(&pump->text) > MESSAGE_MAX)
        fail_long(pump);
    else if (!send_datagram(pump))
        return;
    pump_tell_end(pump);
}

static void retry_cb(void *context)
{
    struct pump *pump = CAST(pump, context);
    if (pump->settings.whole)
        send_whole(pump);
    else if (send_datagram(pump))
        send_lines(pump);
}

/* --- what the pump calls --- */

void pump_datagrams_init(struct pump *pump)
{
    lines_init(&pump->lines);
    pump->retry = timeout_create(pump->loop, LOOP_OPERATOR, PART_CONSOLE, retry_cb, pump);
}

void pump_datagrams_finish(struct pump *pump)
{
    lines_finish(&pump->lines);
    timeout_destroy(pump->retry);
}

void pump_datagrams_add(struct pump *pump, const char *data, size_t size)
{
    if (pump->settings.whole) {
        collect(pump, data, size);
    } else {
        lines_add(&pump->lines, data, size);
        send_lines(pump);
    }
}

void pump_datagrams_end(struct pump *pump)
{
    if (pump->settings.whole)
        send_whole(pump);
    else
        send_lines(pump);
}

uint64_t pump_datagrams_left(const struct pump *pump)
{
    bool unsent = pump->waiting || (pump->settings.whole && !pump->end_told);
    return lines_size(&pump->lines) + (unsent ? utstring_len(&pump->text) : 0);
}
