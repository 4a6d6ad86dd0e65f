/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WebSocket: whatever frames come, how they were cut on their way does not show, no message is
 * longer than a piece, texts are UTF-8, and nothing is told behind what is wrong. Whatever a
 * handshake says, it is agreed to or turned away with a sentence. The input is what is tried,
 * how the bytes are cut, then the bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/http_head.h"
#include "fuzz.h"
#include "websocket/ws_decoder.h"
#include "websocket/ws_handshake.h"
#include "websocket/ws_room.h"

enum { HEAD = 1, CALLS = 2, DEFLATE = 4, LONG = 8 };
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
enum { STREAM_MAX = 200000, UNIT = 1024 };

/* --- frames --- */

/* All that was told, so that two readings of the same can be compared. */
struct told {
    UT_string text;
    bool wrong;
};

static void check_piece(const struct ws_decoder *decoder, const struct ws_piece *piece)
{
    FUZZ_CHECK(piece->size <= WS_PIECE_MAX);
    FUZZ_CHECK(ws_decoder_held(decoder) < (1 << 20));
    if (piece->event == WS_WRONG)
        FUZZ_CHECK(piece->code >= 1000 && piece->code < 5000 && piece->why && *piece->why);
}

static void note(struct told *told, const struct ws_piece *piece)
{
    FUZZ_CHECK(!told->wrong);
    told->wrong = piece->event == WS_WRONG;
    utstring_printf(&told->text, "%d %d %u %zu:", (int)piece->event, piece->partial,
                    told->wrong ? piece->code : 0, told->wrong ? 0 : piece->size);
    if (!told->wrong && piece->size > 0)
        utstring_bincpy(&told->text, piece->data, piece->size);
}

/* One cut of the bytes; returns how many of them were taken. */
static size_t take(struct ws_decoder *decoder, const char *data, size_t size, struct told *told)
{
    size_t taken = 0;
    struct ws_piece piece;
    do {
        piece = (struct ws_piece){.event = WS_NOTHING};
        const size_t took = ws_decode(decoder, data + taken, size - taken, &piece);
        FUZZ_CHECK(took <= size - taken);
        taken += took;
        check_piece(decoder, &piece);
        if (piece.event != WS_NOTHING)
            note(told, &piece);
    } while (piece.event != WS_NOTHING && piece.event != WS_WRONG);
    return taken;
}

/* What is not taken comes again, with what is behind it. */
static void run(struct ws_room *room, unsigned mode, const char *data, size_t size,
                uint32_t cuts, struct told *told)
{
    struct ws_decoder decoder;
    size_t begin = 0, end = 0;
    utstring_init(&told->text);
    ws_decoder_init(&decoder, room, !(mode & CALLS), mode & DEFLATE && room->deflate);
    while (end < size && !told->wrong) {
        end += cuts ? fuzz_cut(&cuts, size - end) : size;
        begin += take(&decoder, data + begin, end - begin, told);
    }
    ws_decoder_finish(&decoder);
}

static void check_frames(struct ws_room *room, unsigned mode, const char *data, size_t size,
                         uint32_t cuts)
{
    struct told whole = {.wrong = false}, cut_up = {.wrong = false};
    run(room, mode, data, size, 0, &whole);
    run(room, mode, data, size, cuts, &cut_up);
    FUZZ_CHECK(utstring_len(&whole.text) == utstring_len(&cut_up.text));
    FUZZ_CHECK(memcmp(utstring_body(&whole.text), utstring_body(&cut_up.text),
                      utstring_len(&whole.text)) == 0);
    utstring_done(&whole.text);
    utstring_done(&cut_up.text);
}

/* --- handshakes --- */

static void check_head(unsigned mode, const char *head, size_t size)
{
    const struct ws_terms terms = {.host = "far:80",
                                   .path = mode & LONG ? "/feed" : NULL,
                                   .protocols = "chat,mqtt",
                                   .origins = mode & LONG ? "pages.example" : NULL,
                                   .deflate = mode & DEFLATE};
    struct ws_agreement agreement = {.deflate = false};
    char *error = NULL;
    UT_string answer;
    utstring_init(&answer);
    bool agreed;
    if (mode & CALLS)
        agreed = ws_handshake_judge(&terms, KEY, head, size, &agreement, &error);
    else
        agreed = ws_handshake_answer(&terms, head, size, &agreement, &answer, &error);
    FUZZ_CHECK(mode & CALLS || strncmp(utstring_body(&answer), "HTTP/1.1 ", 9) == 0);
    FUZZ_CHECK(!agreement.deflate || terms.deflate);
    if (agreed)
        FUZZ_CHECK(!error);
    else
        fuzz_check_error(error);
    utstring_done(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const unsigned mode = fuzz_byte(&input);
    const uint32_t cuts = 1u + fuzz_byte(&input);
    if (mode & HEAD) {
        const char *head = (const char *)input.at;
        const size_t whole = http_head_size(head, input.size);
        if (whole > 0)
            check_head(mode, head, whole);
        return 0;
    }
    struct ws_room *room = ws_room_create();
    UT_string bytes;
    utstring_init(&bytes);
    if (mode & LONG) { /* a frame's head, and much behind it */
        size_t count;
        const uint8_t *head = fuzz_bytes(&input, 14, &count);
        utstring_bincpy(&bytes, head, count);
        fuzz_expand(&input, UNIT, STREAM_MAX, &bytes);
    } else {
        utstring_bincpy(&bytes, input.at, input.size);
    }
    check_frames(room, mode, utstring_body(&bytes), utstring_len(&bytes), cuts);
    utstring_done(&bytes);
    ws_room_destroy(room);
    return 0;
}
