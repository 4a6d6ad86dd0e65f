/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/lane_ws.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "loop/timeout.h"
#include "stream/lane.h"
#include "stream/stream.h"
#include "websocket/ws_close.h"
#include "websocket/ws_decoder.h"
#include "websocket/ws_encoder.h"
#include "websocket/ws_opening.h"
#include "websocket/ws_room.h"

struct lane_ws {
    struct lane lane; /* first */
    CAST_MARK;
    struct ws_opening *opening; /* NULL: it is open */
    struct ws_room *room;
    struct ws_decoder decoder;
    struct timeout *timer; /* of pings; NULL: there are none */
    int64_t ping;
    char *words;         /* of the far end's close frame, or NULL */
    unsigned short code; /* that it closed with, or we for its sake; 0: none so far */
    unsigned char type;  /* enum ws_type */
    bool calls, deflate;
    bool closed;   /* our close frame is sent */
    bool far_gone; /* nothing comes from below any more */
    bool heard;    /* something came since the last ping */
    bool asked;    /* a ping was sent */
};

/* --- frames out --- */

static void put(void *context, const char *data, size_t size)
{
    struct lane_ws *self = CAST(lane_ws, context);
    lane_down(&self->lane, data, size);
}

static void say(struct lane_ws *self, enum ws_opcode opcode, const char *data, size_t size)
{
    const struct ws_encoder encoder = {.room = self->room,
                                       .masks = self->calls,
                                       .deflate = self->deflate,
                                       .put = put,
                                       .context = self};
    ws_encode(&encoder, opcode, data, size);
}

static void say_close(struct lane_ws *self, unsigned code)
{
    const char body[2] = {(char)(code >> 8), (char)code};
    if (!self->closed)
        say(self, WS_CLOSE, body, code == WS_CODE_NONE ? 0 : sizeof body);
    self->closed = true;
}

static void out(struct lane *lane, const char *data, size_t size)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    const bool text = self->type != WS_TYPE_BINARY && utf8_valid(data, size);
    if (!self->closed)
        say(self, text ? WS_TEXT : WS_BINARY, data, size);
}

static void out_end(struct lane *lane)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    if (self->closed)
        return;
    say_close(self, lane->stream->streams->leaving ? WS_CODE_GOING_AWAY : WS_CODE_NORMAL);
    lane->awaits_end = !self->far_gone;
}

/* --- pings --- */

/* What we do not read cannot tell us that the far end is there, and what it does not read it
 * cannot answer. */
static void ping_cb(void *context)
{
    struct lane_ws *self = CAST(lane_ws, context);
    const bool stalls = self->lane.stream->pauses || lane_queued(&self->lane) > 0;
    if (self->asked && !self->heard && !stalls) {
        lane_time_out(&self->lane, "the far end has not answered a ping");
        return;
    }
    self->asked = !stalls && !self->closed;
    self->heard = false;
    if (self->asked)
        say(self, WS_PING, "", 0);
    timeout_set(self->timer, self->ping);
}

static void begin_pings(struct lane_ws *self)
{
    if (self->ping == 0)
        return;
    self->timer =
        timeout_create_of_many(self->lane.stream->streams->loop, PART_PEERS, ping_cb, self);
    timeout_set(self->timer, self->ping);
}

/* Who asks more often than it reads answers is not read on: see stream_chats. */
static void answer_ping(struct lane_ws *self, const struct ws_piece *piece)
{
    if (!self->closed)
        say(self, WS_PONG, piece->data, piece->size);
}

/* --- opening --- */

static void start(struct lane *lane)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    UT_string request;
    if (!self->calls)
        return;
    utstring_init(&request);
    ws_opening_ask(self->opening, &request);
    lane_down(lane, utstring_body(&request), utstring_len(&request));
    utstring_done(&request);
}

static void open_it(struct lane_ws *self, bool deflate)
{
    ws_opening_destroy(self->opening);
    self->opening = NULL;
    self->deflate = deflate;
    ws_decoder_init(&self->decoder, self->room, !self->calls, deflate);
    begin_pings(self);
    lane_open(&self->lane);
}

/* Returns how much of it was the handshake. A caller reads why it is turned away. */
static size_t take_head(struct lane_ws *self, const char *data, size_t size)
{
    struct ws_outcome outcome;
    ws_opening_take(self->opening, data, size, &outcome);
    if (utstring_len(&outcome.answer) > 0)
        lane_down(&self->lane, utstring_body(&outcome.answer), utstring_len(&outcome.answer));
    if (outcome.head > 0)
        open_it(self, outcome.deflate);
    else if (outcome.error && self->calls)
        lane_drop(&self->lane, outcome.error);
    else if (outcome.error)
        lane_fail(&self->lane, outcome.error);
    free(outcome.error);
    utstring_done(&outcome.answer);
    return outcome.head;
}

/* --- frames in --- */

static void tell(struct lane_ws *self, const struct ws_piece *piece)
{
    lane_tell(&self->lane, &(struct framing_piece){.taken = piece->size,
                                                   .line = piece->data,
                                                   .data = piece->data,
                                                   .size = piece->size,
                                                   .partial = piece->partial});
}

/* Of a message that breaks off with the line. One that breaks the rules, or that a farewell
 * cuts short, is none (RFC 6455 section 7.1.7). */
static void tell_rest(struct lane_ws *self)
{
    struct ws_piece rest;
    if (ws_decoder_rest(&self->decoder, &rest))
        tell(self, &rest);
}

static void go_wrong(struct lane_ws *self, unsigned code, const char *why)
{
    char *error = mem_printf("%s (closed with %u)", why, code);
    self->code = (unsigned short)code;
    say_close(self, code);
    lane_fail(&self->lane, error);
    free(error);
}

/* The far end's farewell, which is answered with ours. */
static void take_close(struct lane_ws *self, const struct ws_piece *piece)
{
    struct ws_close end;
    unsigned code;
    const char *why = ws_close_read(piece->data, piece->size, &end, &code);
    if (why) {
        go_wrong(self, code, why);
        return;
    }
    self->code = (unsigned short)end.code;
    self->words = ws_close_text(&end);
    say_close(self, end.code);
    lane_up_end(&self->lane);
    lane_part(&self->lane);
}

/* Returns whether more may come. */
static bool take_piece(struct lane_ws *self, const struct ws_piece *piece)
{
    switch (piece->event) {
    case WS_NOTHING:
        return false;
    case WS_MESSAGE:
        tell(self, piece);
        return true;
    case WS_PINGED:
        answer_ping(self, piece);
        return true;
    case WS_PONGED:
        return true;
    case WS_CLOSED:
        take_close(self, piece);
        return false;
    case WS_WRONG:
        go_wrong(self, piece->code, piece->why);
        return false;
    }
    return false;
}

/* The line below has ended, and all that came is told. */
static void end_below(struct lane_ws *self)
{
    if (self->closed) {
        lane_part(&self->lane);
        return;
    }
    tell_rest(self);
    lane_fail(&self->lane, "cut off: no close frame came");
}

static bool is_closing(const struct lane_ws *self)
{
    return self->lane.stream->state.life > STREAM_STANDS;
}

static size_t take_frames(struct lane_ws *self, const char *data, size_t size)
{
    struct ws_piece piece = {.event = WS_NOTHING};
    size_t taken = 0;
    do {
        self->decoder.deaf = is_closing(self);
        self->lane.waits = !self->decoder.deaf && !lane_may_tell(&self->lane);
        if (self->lane.waits || self->lane.stream->state.life == STREAM_OVER)
            return taken;
        taken += ws_decode(&self->decoder, data + taken, size - taken, &piece);
    } while (take_piece(self, &piece));
    if (piece.event == WS_NOTHING && self->far_gone)
        end_below(self);
    return piece.event == WS_NOTHING ? taken : size;
}

static size_t in(struct lane *lane, const char *data, size_t size)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    size_t head = 0;
    self->heard = true;
    if (!lane->open)
        head = take_head(self, data, size);
    if (!lane->open)
        return 0;
    return self->code ? size : head + take_frames(self, data + head, size - head);
}

static void in_end(struct lane *lane)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    if (!lane->open) {
        lane_drop(lane, self->calls ? "the far end hung up before it answered"
                                    : "it hung up before it asked for a WebSocket");
        return;
    }
    self->far_gone = true;
    if (!lane->waits && !self->code)
        end_below(self);
}

/* --- life --- */

static size_t held(const struct lane *lane)
{
    const struct lane_ws *self = CAST(lane_ws, lane);
    return ws_decoder_held(&self->decoder);
}

/* RFC 6455 section 7.1.5: a line that ends without a close frame has 1006. */
static const char *farewell(const struct lane *lane, unsigned *code)
{
    enum { NO_FRAME = 1006 };
    const struct lane_ws *self = CAST(lane_ws, lane);
    if (lane->open)
        *code = self->code ? self->code : NO_FRAME;
    return self->words;
}

static void destroy(struct lane *lane)
{
    struct lane_ws *self = CAST(lane_ws, lane);
    timeout_destroy(self->timer);
    ws_opening_destroy(self->opening);
    ws_decoder_finish(&self->decoder);
    free(self->words);
    free(self);
}

void lane_ws_add(struct stream *stream, struct ws_room *room, const struct ws_line *line,
                 bool calls)
{
    static const struct lane_ops ops = {.name = "ws",
                                        .late = "no WebSocket in time",
                                        .start = start,
                                        .in = in,
                                        .in_end = in_end,
                                        .out = out,
                                        .out_end = out_end,
                                        .held = held,
                                        .farewell = farewell,
                                        .destroy = destroy};
    struct lane_ws *self = mem_zalloc(sizeof *self);
    CAST_INIT(lane_ws, self);
    self->lane.ops = &ops;
    self->room = room;
    self->opening = ws_opening_create(&line->terms, room, calls);
    self->type = (unsigned char)line->type;
    self->ping = line->ping;
    self->calls = calls;
    lane_add(stream, &self->lane);
}
