/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/line.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/shared_bytes.h"
#include "core/hub_line.h"
#include "loop/dial.h"
#include "stream/lane.h"
#include "transport/lifelines.h"
#include "transport/line_listener.h"
#include "transport/line_patience.h"
#include "transport/transport.h"

struct line *line_of_stream(const struct stream *stream)
{
    struct line *line = container_of(stream, struct line, stream);
    return CAST(line, line);
}

struct switchboard *line_board(const struct line *line)
{
    return container_of(line->stream.streams, struct switchboard, streams);
}

static struct hub *hub_of(const struct line *line)
{
    return line_board(line)->hub;
}

static const struct line_kind *kind_of(const struct line *line)
{
    return (const struct line_kind *)line->link.ops;
}

static const union address *remote_of(const struct line *line)
{
    return line->remote.any.sa_family == AF_UNSPEC ? NULL : &line->remote;
}

/* --- the stream's user --- */

static void name_newcomer(struct line *line)
{
    char *name = kind_of(line)->own_name ? kind_of(line)->own_name(line) : NULL;
    if (name && names_valid(name))
        hub_name_newcomer(hub_of(line), line->link.peer, name);
    free(name);
}

static void opened(struct stream *stream)
{
    struct line *line = line_of_stream(stream);
    line->link.peer->plain = kind_of(line)->is_plain && kind_of(line)->is_plain(line);
    name_newcomer(line);
    hub_open(hub_of(line), line->link.peer);
    line_patience_begin(line);
}

static void message(struct stream *stream, const struct framing_piece *piece)
{
    struct line *line = line_of_stream(stream);
    hub_receive_framed(hub_of(line), line->link.peer, piece);
}

/* Once both sides have ended, the stream sees to the rest. Said again it begins anew. */
void line_ended(struct link *link)
{
    struct line *line = CAST(line, link);
    struct stream *stream = &line->stream;
    struct peer *peer = link->peer;
    if (!peer_is_up(peer))
        return;
    const int64_t half_close = hub_half_close(hub_of(line), peer);
    bool makes_room = line->admitted && line_board(line)->accepting_paused;
    if (!peer_is_up(peer) || stream->state.out == STREAM_OUT_SHUT ||
        stream->state.life == STREAM_OVER)
        return; /* whoever was told may have closed it */
    if (peer->joined)
        stream_stay(stream);
    const bool ends = stream->state.out == STREAM_OUT_ENDS && !peer->output_ended;
    line->closes_when_empty = false;
    line_patience_stay(line);
    if (half_close == PROFILE_HALF_CLOSE_NEVER && !ends)
        return;
    if (ends) /* a lane has ended both sides */
        hub_close(hub_of(line), peer, CLOSE_EOF);
    else if (half_close > 0 && !peer->output_ended && !makes_room)
        line_patience_half_close(line, half_close);
    else if (stream_queued(stream) > 0)
        line->closes_when_empty = true;
    else
        hub_close(hub_of(line), peer, CLOSE_EOF);
}

static void ended(struct stream *stream)
{
    struct line *line = line_of_stream(stream);
    if (!hub_end_waits(hub_of(line), line->link.peer))
        line_ended(&line->link);
}

static void drained(struct stream *stream)
{
    struct line *line = line_of_stream(stream);
    struct peer *peer = line->link.peer;
    hub_drained(hub_of(line), peer);
    if (line->closes_when_empty && !peer->output_ended && stream_queued(stream) == 0 &&
        peer_is_up(peer))
        hub_close(hub_of(line), peer, CLOSE_EOF);
}

static void holds(struct stream *stream, size_t added, size_t gone)
{
    struct line *line = line_of_stream(stream);
    hub_queue_changed(hub_of(line), line->link.peer, added, gone);
    hub_holds(hub_of(line), line->link.peer, stream_held(stream));
}

static void failed(struct stream *stream, const char *error)
{
    const struct line *line = line_of_stream(stream);
    hub_fail(hub_of(line), line->link.peer, error);
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    static const enum close_reason reasons[] = {[STREAM_RESET] = CLOSE_RESET,
                                                [STREAM_TIMED_OUT] = CLOSE_TIMEOUT,
                                                [STREAM_BROKEN] = CLOSE_ERROR};
    struct line *line = line_of_stream(stream);
    struct peer *peer = line->link.peer;
    enum close_reason reason = how != STREAM_CLOSED          ? reasons[how]
                               : peer->state == PEER_CLOSING ? peer->reason
                                                             : CLOSE_EOF;
    struct line_end end = {.reason = reason, .error = error};
    const char *words = lane_farewell(stream->lane, &end.code);
    if (how == STREAM_CLOSED && words)
        end.error = words;
    hub_lost(hub_of(line), peer, &end);
}

const struct stream_user line_user = {.opened = opened,
                                      .message = message,
                                      .ended = ended,
                                      .failed = failed,
                                      .drained = drained,
                                      .holds = holds,
                                      .over = over};

/* --- the hub's link --- */

/* Bytes are on their way from now on. */
static void watch_over(const struct line *line)
{
    struct switchboard *board = line_board(line);
    if (!board->lifelines_run && line->link.ops->check_line)
        lifelines_begin(board);
}

static bool has_room(const struct line *line, size_t size)
{
    size_t queued = stream_queued(&line->stream);
    size_t bound = hub_of(line)->settings.max_queue;
    if (queued == 0 && bound < HUB_REPLY_MAX)
        bound = HUB_REPLY_MAX;
    return queued <= bound && size <= bound - queued;
}

int line_send(struct link *link, const void *data, size_t size)
{
    struct line *line = CAST(line, link);
    if (!has_room(line, size))
        return ENOBUFS;
    stream_send(&line->stream, data, size);
    watch_over(line);
    return 0;
}

int line_pass(struct link *link, const void *data, size_t size)
{
    struct line *line = CAST(line, link);
    stream_send(&line->stream, data, size);
    watch_over(line);
    return 0;
}

int line_send_shared(struct link *link, struct shared_bytes *shared)
{
    struct line *line = CAST(line, link);
    if (!has_room(line, shared->size))
        return ENOBUFS;
    stream_send_shared(&line->stream, shared);
    watch_over(line);
    return 0;
}

void line_close(struct link *link, int64_t deadline)
{
    struct line *line = CAST(line, link);
    line->stream.streams->leaving = hub_of(line)->shutting_down;
    stream_close(&line->stream, deadline);
    watch_over(line);
}

void line_reset(struct link *link, int64_t deadline)
{
    stream_reset(&CAST(line, link)->stream, deadline);
}

void line_end_output(struct link *link)
{
    struct line *line = CAST(line, link);
    stream_end(&line->stream);
    watch_over(line);
}

void line_abort(struct link *link)
{
    stream_abort(&CAST(line, link)->stream);
}

void line_pause(struct link *link, unsigned reasons)
{
    struct line *line = CAST(line, link);
    const unsigned held = LINK_PAUSE_HOLD | LINK_PAUSE_FAULT;
    const unsigned unread = LINK_PAUSE_OUTPUT | LINK_PAUSE_FILE;
    stream_pause(&line->stream, (reasons & held ? STREAM_HELD : 0u) |
                                    (reasons & unread ? STREAM_UNREAD : 0u) |
                                    (reasons & LINK_PAUSE_MEMORY ? STREAM_FULL : 0u));
}

void line_frame(struct link *link, const struct framing *framing)
{
    stream_frame(&CAST(line, link)->stream, framing);
}

size_t line_queued(const struct link *link)
{
    return stream_queued(&CAST(line, link)->stream);
}

uint64_t line_undelivered(const struct link *link)
{
    return stream_undelivered(&CAST(line, link)->stream);
}

union address line_remote(const struct link *link)
{
    return CAST(line, link)->remote;
}

void line_renew(struct link *link, bool idle_times)
{
    struct line *line = CAST(line, link);
    if (line->admitted && remote_of(line))
        limits_count(&hub_of(line)->limits, remote_of(line));
    if (line->stream.fd >= 0 && kind_of(line)->prepare)
        kind_of(line)->prepare(line_board(line), line->stream.fd);
    if (idle_times && peer_is_up(link->peer))
        line_patience_renew(line);
}

void line_destroy(struct link *link)
{
    struct line *line = CAST(line, link);
    struct switchboard *board = line_board(line);
    if (line->stream.fd < 0)
        dial_destroy(line->dial);
    else if (link->peer)
        line_patience_end(line);
    if (kind_of(line)->finish)
        kind_of(line)->finish(line);
    stream_finish(&line->stream);
    if (line->admitted)
        limits_release(&board->hub->limits, remote_of(line));
    else
        board->far_ends -= line->far_end;
    line_listeners_make_room(board);
    free(line);
}

/* --- birth --- */

struct line *line_create(struct switchboard *board, const struct line_kind *kind,
                         struct origin *origin)
{
    struct line *line = mem_zalloc(kind->size > 0 ? kind->size : sizeof *line);
    CAST_INIT(line, line);
    line->link.ops = &kind->ops;
    stream_init(&line->stream, &board->streams, &line_user, &origin->profile.framing);
    return line;
}

static void open_line(struct line *line, int fd, const union address *remote)
{
    const unsigned accepted = line->admitted ? STREAM_ACCEPTED : 0;
    line->patience = NULL;
    line->remote = remote ? *remote : (union address){.any.sa_family = AF_UNSPEC};
    stream_open(&line->stream, fd, kind_of(line)->socket | accepted);
}

void line_refuse(struct switchboard *board, struct origin *origin, const union address *remote,
                 enum refusal why, const char *error)
{
    char text[ADDRESS_TEXT] = "unix:";
    if (remote)
        address_print(remote, text);
    hub_refused(board->hub, origin, text, why, error);
}

void line_accept(struct switchboard *board, const struct line_kind *kind, struct origin *origin,
                 int fd, const union address *remote)
{
    enum refusal why;
    if (!limits_admit(&board->hub->limits, remote, &why)) {
        close(fd);
        line_refuse(board, origin, remote, why, NULL);
        return;
    }
    struct line *line = line_create(board, kind, origin);
    line->admitted = true;
    hub_attach(board->hub, &line->link, origin);
    open_line(line, fd, remote);
}

void line_become_peer(struct line *line, struct origin *origin)
{
    line->admitted = true;
    line->patience = NULL;
    line->stream.user = &line_user;
    hub_attach(hub_of(line), &line->link, origin);
    opened(&line->stream);
}

struct line *line_call(struct switchboard *board, const struct line_kind *kind,
                       struct origin *origin)
{
    const int64_t timeout = board->settings.dial.timeout;
    struct line *line = line_create(board, kind, origin);
    hub_attach(board->hub, &line->link, origin);
    line->far_end = origin->near;
    board->far_ends += line->far_end;
    if (timeout > 0)
        stream_open_by(&line->stream, hub_now(board->hub) + timeout);
    return line;
}

void line_add_lanes(struct line *line, struct origin *origin)
{
    if (kind_of(line)->add_lanes)
        kind_of(line)->add_lanes(&line->stream, origin);
}

void line_call_failed(void *context, int cause, const char *text)
{
    struct line *line = CAST(line, context);
    enum close_reason reason = cause == ETIMEDOUT ? CLOSE_TIMEOUT : CLOSE_ERROR;
    hub_detach(hub_of(line), line->link.peer, reason, text);
}

void line_connected(struct line *line, int fd, const union address *remote)
{
    if (kind_of(line)->prepare)
        kind_of(line)->prepare(line_board(line), fd);
    open_line(line, fd, remote);
}
