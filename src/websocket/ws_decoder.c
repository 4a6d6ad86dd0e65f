/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_decoder.h"

#include "stream/pending.h"
#include "websocket/ws_close.h"
#include "websocket/ws_deflate.h"
#include "websocket/ws_room.h"

enum { STEP_HEAD, STEP_PAYLOAD, STEP_END /* of the message */ };

/* What was not looked at yet. */
struct input {
    const char *data;
    size_t size;
};

static void advance(struct input *in, size_t size)
{
    in->data += size;
    in->size -= size;
}

static bool go_wrong(struct ws_piece *piece, unsigned code, const char *why)
{
    *piece = (struct ws_piece){.event = WS_WRONG, .code = code, .why = why};
    return false;
}

static bool tell(struct ws_piece *piece, enum ws_event event, const char *data, size_t size)
{
    *piece = (struct ws_piece){.event = event, .data = data, .size = size};
    return false;
}

/* --- frames: each step returns whether to go on --- */

static const char *judge(const struct ws_decoder *decoder, const struct ws_frame *frame)
{
    if (frame->masked != decoder->masked)
        return decoder->masked ? "a frame that is not masked" : "a frame that is masked";
    if (frame->compressed && !decoder->deflate)
        return "a reserved bit is set";
    if (ws_frame_is_control(frame))
        return NULL;
    if (frame->opcode == WS_CONTINUATION)
        return decoder->message ? NULL : "a continuation of nothing";
    return decoder->message ? "a message within a message" : NULL;
}

static void begin_payload(struct ws_decoder *decoder)
{
    const struct ws_frame *frame = &decoder->frame;
    decoder->done = 0;
    decoder->step = STEP_PAYLOAD;
    if (frame->opcode == WS_CONTINUATION)
        return;
    decoder->message = (unsigned char)frame->opcode;
    decoder->compressed = frame->compressed;
    decoder->text = (struct ws_text){0};
    if (frame->compressed && !decoder->deaf)
        decoder->unpacker = ws_unpacker_take(decoder->room->deflate);
}

/* Those are short: they are looked at once they are whole. */
static bool take_control(struct ws_decoder *decoder, const struct ws_frame *frame,
                         struct input *in, size_t head, struct ws_piece *piece)
{
    static const enum ws_event events[] = {
        [WS_CLOSE] = WS_CLOSED, [WS_PING] = WS_PINGED, [WS_PONG] = WS_PONGED};
    char *plain = decoder->room->plain;
    const size_t size = (size_t)frame->size;
    if (in->size - head < size)
        return false;
    ws_frame_mask(plain, in->data + head, size, frame->key, 0);
    advance(in, head + size);
    return tell(piece, events[frame->opcode], plain, size);
}

static bool take_head(struct ws_decoder *decoder, struct input *in, struct ws_piece *piece)
{
    struct ws_frame frame;
    unsigned code;
    const char *why;
    const size_t head = ws_frame_read(in->data, in->size, &frame, &code, &why);
    if (!why && head > 0)
        why = judge(decoder, &frame);
    if (why)
        return go_wrong(piece, code, why);
    if (head == 0)
        return false;
    if (ws_frame_is_control(&frame))
        return take_control(decoder, &frame, in, head, piece);
    advance(in, head);
    decoder->frame = frame;
    begin_payload(decoder);
    return true;
}

/* --- messages --- */

static void end_message(struct ws_decoder *decoder)
{
    if (decoder->unpacker)
        ws_unpacker_give_back(decoder->room->deflate, decoder->unpacker);
    decoder->unpacker = NULL;
    decoder->message = 0;
    decoder->step = STEP_HEAD;
}

static bool tell_message(struct ws_decoder *decoder, struct ws_piece *piece, const char *data,
                         size_t size)
{
    if (decoder->message == WS_TEXT && !ws_text_is_whole(&decoder->text))
        return go_wrong(piece, WS_CODE_DATA, "a text that is no UTF-8");
    end_message(decoder);
    return tell(piece, WS_MESSAGE, data, size);
}

static bool tell_part(struct ws_piece *piece, const char *data)
{
    tell(piece, WS_MESSAGE, data, WS_PIECE_MAX);
    piece->partial = true;
    return false;
}

static bool tell_kept_part(struct ws_decoder *decoder, struct ws_piece *piece)
{
    decoder->told = WS_PIECE_MAX;
    return tell_part(piece, pending_data(decoder->kept));
}

static bool is_good(struct ws_decoder *decoder, const char *data, size_t size)
{
    return decoder->message != WS_TEXT || ws_text_add(&decoder->text, data, size);
}

static size_t least(uint64_t one, size_t other)
{
    return one < other ? (size_t)one : other;
}

/* What is whole here, or a whole piece, is told from where it was unmasked. */
static bool take_plain(struct ws_decoder *decoder, struct input *in, struct ws_piece *piece)
{
    const struct ws_frame *frame = &decoder->frame;
    char *plain = decoder->room->plain;
    const size_t before = pending_size(decoder->kept);
    if (before == WS_PIECE_MAX)
        return tell_kept_part(decoder, piece);
    const size_t most = least(in->size, WS_PIECE_MAX - before);
    const size_t size = least(frame->size - decoder->done, most);
    ws_frame_mask(plain, in->data, size, frame->key, decoder->done);
    advance(in, size);
    decoder->done += size;
    if (!is_good(decoder, plain, size))
        return go_wrong(piece, WS_CODE_DATA, "a text that is no UTF-8");
    if (before == 0 && size == WS_PIECE_MAX && decoder->done < frame->size)
        return tell_part(piece, plain);
    if (before == 0 && frame->final && decoder->done == frame->size)
        return tell_message(decoder, piece, plain, size);
    pending_add(&decoder->kept, plain, size);
    return true;
}

/* Looks one byte beyond a piece: whether that is partial. */
static size_t room_left(const struct ws_decoder *decoder)
{
    return WS_PIECE_MAX + 1 - pending_size(decoder->kept);
}

static bool keep_unpacked(struct ws_decoder *decoder, const struct ws_unpacking *part,
                          struct ws_piece *piece)
{
    if (!is_good(decoder, part->out, part->put))
        return go_wrong(piece, WS_CODE_DATA, "a text that is no UTF-8");
    if (part->put > 0)
        pending_add(&decoder->kept, part->out, part->put);
    return pending_size(decoder->kept) <= WS_PIECE_MAX || tell_kept_part(decoder, piece);
}

static bool take_compressed(struct ws_decoder *decoder, struct input *in,
                            struct ws_piece *piece)
{
    const struct ws_frame *frame = &decoder->frame;
    char *unmasked = decoder->room->unmasked;
    const size_t size = least(frame->size - decoder->done, least(in->size, WS_PIECE_MAX));
    struct ws_unpacking part = {.data = unmasked,
                                .size = size,
                                .out = decoder->room->plain,
                                .room = room_left(decoder)};
    ws_frame_mask(unmasked, in->data, size, frame->key, decoder->done);
    if (!ws_unpacker_run(decoder->unpacker, &part))
        return go_wrong(piece, WS_CODE_DATA, "compressed data that cannot be unpacked");
    advance(in, size - part.size);
    decoder->done += size - part.size;
    return keep_unpacked(decoder, &part, piece);
}

static bool take_payload(struct ws_decoder *decoder, struct input *in, struct ws_piece *piece)
{
    const struct ws_frame *frame = &decoder->frame;
    if (decoder->done == frame->size) {
        decoder->step = frame->final ? STEP_END : STEP_HEAD;
        return true;
    }
    if (in->size == 0)
        return false;
    if (!decoder->deaf)
        return decoder->compressed ? take_compressed(decoder, in, piece)
                                   : take_plain(decoder, in, piece);
    const size_t size = least(frame->size - decoder->done, in->size);
    advance(in, size);
    decoder->done += size;
    return true;
}

static bool take_end(struct ws_decoder *decoder, struct ws_piece *piece)
{
    if (decoder->deaf) {
        end_message(decoder);
        return true;
    }
    if (decoder->unpacker) {
        struct ws_unpacking part = {.out = decoder->room->plain, .room = room_left(decoder)};
        if (!ws_unpacker_end(decoder->unpacker, &part))
            return go_wrong(piece, WS_CODE_DATA, "compressed data that cannot be unpacked");
        if (!keep_unpacked(decoder, &part, piece))
            return false;
    }
    decoder->told = pending_size(decoder->kept);
    return tell_message(decoder, piece, decoder->kept ? pending_data(decoder->kept) : "",
                        decoder->told);
}

bool ws_decoder_rest(struct ws_decoder *decoder, struct ws_piece *piece)
{
    pending_take(&decoder->kept, decoder->told);
    decoder->told = least(pending_size(decoder->kept), WS_PIECE_MAX);
    if (decoder->deaf || decoder->told == 0)
        return false;
    *piece = (struct ws_piece){.event = WS_MESSAGE,
                               .data = pending_data(decoder->kept),
                               .size = decoder->told,
                               .partial = true};
    return true;
}

/* --- life --- */

size_t ws_decode(struct ws_decoder *decoder, const char *data, size_t size,
                 struct ws_piece *piece)
{
    struct input in = {.data = data, .size = size};
    bool more = true;
    pending_take(&decoder->kept, decoder->told);
    decoder->told = 0;
    *piece = (struct ws_piece){.event = WS_NOTHING};
    while (more)
        more = decoder->step == STEP_HEAD      ? take_head(decoder, &in, piece)
               : decoder->step == STEP_PAYLOAD ? take_payload(decoder, &in, piece)
                                               : take_end(decoder, piece);
    return size - in.size;
}

void ws_decoder_init(struct ws_decoder *decoder, struct ws_room *room, bool masked,
                     bool deflate)
{
    *decoder = (struct ws_decoder){.room = room, .masked = masked, .deflate = deflate};
}

void ws_decoder_finish(struct ws_decoder *decoder)
{
    end_message(decoder);
    pending_clear(&decoder->kept);
}

size_t ws_decoder_held(const struct ws_decoder *decoder)
{
    return pending_room(decoder->kept) + (decoder->unpacker ? WS_UNPACKER_ROOM : 0);
}
