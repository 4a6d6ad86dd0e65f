/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream's life goes on: does what stream_step says is to be done. */
#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "loop/timeout.h"
#include "stream/lane.h"
#include "stream/stream_parts.h"

/* How often the kernel is asked whether it still holds bytes. */
enum { ASK_AGAIN = 20000 /* microseconds */ };
/* A far end has so long to read why its lane has failed, and to hang up. */
enum { FAREWELL = 2000000 /* microseconds */ };
/* Reads that are given to input that nobody wants any more. */
enum { DISCARD_READS = 64 };

/* Made when first somebody waits for its end. */
struct stream_closing {
    struct timeout *timer; /* made when first needed */
    int64_t deadline;      /* of the host's clock; INT64_MAX: none */
    char *error;           /* of the lane that has failed; NULL: none has */
};

static int64_t now(const struct stream *stream)
{
    const struct host *host = &stream->streams->host;
    return host->now(host->context);
}

/* --- the timer --- */

static void timer_cb(void *context);

static struct stream_closing *closing_of(struct stream *stream)
{
    if (!stream->closing) {
        stream->closing = mem_zalloc(sizeof *stream->closing);
        stream->closing->deadline = INT64_MAX;
    }
    return stream->closing;
}

static void set_timer(struct stream *stream, int64_t microseconds)
{
    struct stream_closing *closing = closing_of(stream);
    if (!closing->timer) {
        closing->timer =
            timeout_create_of_many(stream->streams->loop, PART_PEERS, timer_cb, stream);
    }
    timeout_set(closing->timer, microseconds);
}

void stream_closing_free(struct stream *stream)
{
    if (stream->closing && stream->closing->timer)
        timeout_destroy(stream->closing->timer);
    if (stream->closing)
        free(stream->closing->error);
    free(stream->closing);
    stream->closing = NULL;
}

/* --- the kernel --- */

/* The last bytes of a serial line, which stand in its chip; where the driver tells. */
static bool is_shifting(int fd)
{
    unsigned status;
    return ioctl(fd, TIOCSERGETLSR, &status) == 0 && !(status & TIOCSER_TEMT);
}

/* Bytes of the wire. */
static size_t undelivered(const struct stream *stream)
{
    int bytes = 0;
    /* The same number as TIOCOUTQ, of a terminal. */
    if (stream->fd < 0 || ioctl(stream->fd, SIOCOUTQ, &bytes) < 0 || bytes < 0)
        return 0;
    if (bytes == 0)
        return stream->kind & STREAM_TTY && is_shifting(stream->fd);
    return (size_t)(stream->end_counts ? bytes - 1 : bytes);
}

size_t stream_undelivered(const struct stream *stream)
{
    const size_t wire = undelivered(stream);
    return stream->lane ? ledger_plain(&stream->lane->ledger, wire) : wire;
}

/* After the far end's end nothing is read any more, so that a refusal has to be asked for. */
static int refusal(const struct stream *stream)
{
    int cause = 0;
    socklen_t size = sizeof cause;
    getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &cause, &size);
    return cause;
}

static void send_end(struct stream *stream)
{
    stream->end_counts =
        shutdown(stream->fd, SHUT_WR) == 0 && (stream->kind & STREAM_END_NUMBERED);
}

/* Input left unread would make the kernel reset the connection, and the tail would be lost. */
static void discard_input(const struct stream *stream)
{
    char unwanted[1 << 14]; /* the common buffer may hold a message that somebody looks at */
    for (int i = 0; i < DISCARD_READS; i++)
        if (recv(stream->fd, unwanted, sizeof unwanted, MSG_DONTWAIT) <= 0)
            break;
}

/* --- the steps --- */

/* Ours is sent once the far end's lane has said its own: what is on its way is awaited so. */
static bool awaits_farewell(const struct stream *stream)
{
    return stream->lane && !stream->failed && stream->state.in == STREAM_IN_OPEN &&
           lane_awaits_end(stream->lane);
}

static struct stream_facts facts_of(const struct stream *stream)
{
    const struct stream_closing *closing = stream->closing;
    return (struct stream_facts){.accepted = stream->kind & STREAM_ACCEPTED,
                                 .queued = stream->queue || awaits_farewell(stream),
                                 .late = closing && closing->deadline <= now(stream),
                                 .failed = stream->failed};
}

static void ask(struct stream *stream);

static void tell(struct stream *stream, unsigned acts)
{
    const struct stream_user *user = stream->user;
    if ((acts & STREAM_TELL_OPENED) && user->opened)
        user->opened(stream);
    if ((acts & STREAM_TELL_ENDED) && user->ended)
        user->ended(stream);
    if ((acts & STREAM_TELL_OVER) && user->over)
        user->over(stream, stream->failed ? STREAM_BROKEN : STREAM_CLOSED,
                   stream->failed ? stream->closing->error : NULL);
}

/* The user may have moved its life meanwhile, which is looked at anew by whoever asks. */
static void act(struct stream *stream, unsigned acts)
{
    if ((acts & STREAM_SHUT) && !(stream->kind & STREAM_RESETS))
        send_end(stream);
    if (acts & STREAM_DISCARD)
        discard_input(stream);
    tell(stream, acts);
    if (acts & STREAM_WAIT_DEADLINE)
        set_timer(stream, closing_of(stream)->deadline - now(stream));
    if (acts & STREAM_WAIT)
        set_timer(stream, ASK_AGAIN);
    if (acts & STREAM_ASK)
        ask(stream);
}

void stream_happens(struct stream *stream, enum stream_event event)
{
    const struct stream_facts facts = facts_of(stream);
    act(stream, stream_step(&stream->state, event, &facts));
}

static void ask(struct stream *stream)
{
    struct stream_facts facts = facts_of(stream);
    if (stream->state.life == STREAM_OVER)
        return;
    facts.undelivered = undelivered(stream) > 0;
    int cause = refusal(stream); /* asked last: what is refused meanwhile shows */
    if (cause != 0)
        stream_fail(stream, cause);
    else
        act(stream, stream_step(&stream->state, STREAM_LOOK, &facts));
}

static void timer_cb(void *context)
{
    struct stream *stream = CAST(stream, context);
    if (stream->state.life == STREAM_BEGINS)
        stream_give_up(stream, STREAM_TIMED_OUT, lane_late(stream->lane));
    else if (stream->state.life == STREAM_DRAINS)
        stream_happens(stream, STREAM_LOOK);
    else
        ask(stream);
}

/* --- opening --- */

void stream_open_by(struct stream *stream, int64_t deadline)
{
    closing_of(stream)->deadline = deadline;
}

void stream_await_lanes(struct stream *stream)
{
    if (stream->closing && stream->closing->deadline != INT64_MAX)
        set_timer(stream, stream->closing->deadline - now(stream));
    lane_start(stream->lane);
}

void stream_opened(struct stream *stream)
{
    if (stream->state.life == STREAM_BEGINS)
        stream_closing_free(stream);
    stream_happens(stream, STREAM_OPENED);
}

/* --- ending --- */

/* What the lanes have to say goes first. */
static void end_lanes(struct stream *stream)
{
    const struct stream_state *state = &stream->state;
    if (stream->lane && state->out == STREAM_OUT_OPEN && state->life == STREAM_STANDS &&
        !stream->failed)
        lane_out_end(stream->lane);
}

void stream_end(struct stream *stream)
{
    end_lanes(stream);
    stream_happens(stream, STREAM_END);
}

void stream_close(struct stream *stream, int64_t deadline)
{
    closing_of(stream)->deadline = deadline;
    end_lanes(stream);
    stream_happens(stream, STREAM_CLOSE);
}

void stream_reset(struct stream *stream, int64_t deadline)
{
    const struct linger none = {.l_onoff = 1};
    if (stream->fd >= 0)
        setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    stream->kind |= STREAM_RESETS;
    closing_of(stream)->deadline = deadline;
    stream_happens(stream, STREAM_CLOSE);
}

void stream_stay(struct stream *stream)
{
    stream->kind |= STREAM_STAYS;
    stream_watch(stream);
}

/* The end of a Unix socket is as good as the end of its side, which was told. */
void stream_gone(struct stream *stream)
{
    const int cause = stream->broken ? stream->broken : refusal(stream);
    if (cause != 0)
        stream_fail(stream, cause);
    else
        stream_give_up(stream, STREAM_CLOSED, NULL);
}

/* Closing throws away what is queued, and says so to the far end. */
void stream_abort(struct stream *stream)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (stream->fd >= 0)
        setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void stream_give_up(struct stream *stream, enum stream_how how, const char *error)
{
    if (stream->state.life == STREAM_OVER)
        return;
    stream_happens(stream, STREAM_LOST);
    if (stream->user->over)
        stream->user->over(stream, how, error);
}

void stream_say_farewell(struct stream *stream)
{
    struct stream_closing *closing = closing_of(stream);
    closing->deadline = now(stream) + FAREWELL;
    if (stream->user->failed)
        stream->user->failed(stream, closing->error);
    stream_happens(stream, STREAM_FAILED);
}

void stream_fail_lane(struct stream *stream, const char *why)
{
    if (stream->failed || stream_is_closing(stream))
        return;
    stream->failed = true;
    closing_of(stream)->error = mem_strdup(why);
    if (stream_has_pending(stream)) /* which is told first */
        poller_again(stream->streams->poller, &stream->source);
    else
        stream_say_farewell(stream);
}

/* Where a lane has failed before, that is why: the far end may not have waited to be told. Of
 * one that has said farewell, has heard ours and is gone before those of the lanes below,
 * nothing is missing. */
void stream_fail(struct stream *stream, int cause)
{
    if (stream->failed)
        stream_give_up(stream, STREAM_BROKEN, stream->closing->error);
    else if (cause == ECONNRESET || cause == EPIPE)
        stream_give_up(stream, lane_has_parted(stream->lane) ? STREAM_CLOSED : STREAM_RESET,
                       NULL);
    else
        stream_give_up(stream, cause == ETIMEDOUT ? STREAM_TIMED_OUT : STREAM_BROKEN,
                       strerror(cause));
}
