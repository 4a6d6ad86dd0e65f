/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_decoder.h"

#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "check_main.h"
#include "websocket/ws_deflate.h"
#include "websocket/ws_room.h"

static struct ws_room *room;
static struct ws_decoder decoder;
static UT_string wire, told;

static void set_up(void)
{
    room = ws_room_create();
    ws_decoder_init(&decoder, room, true, room->deflate != NULL);
    utstring_init(&wire);
    utstring_init(&told);
}

static void tear_down(void)
{
    ws_decoder_finish(&decoder);
    ws_room_destroy(room);
    utstring_done(&wire);
    utstring_done(&told);
}

enum { FINAL = 16, PACKED = 32 };

/* A frame on the wire; how: its opcode, FINAL, PACKED. */
static void add(unsigned how, const char *data, size_t size)
{
    const struct ws_frame frame = {.opcode = how & 15,
                                   .final = how & FINAL,
                                   .compressed = how & PACKED,
                                   .masked = true,
                                   .key = {1, 2, 3, 4},
                                   .size = size};
    char head[WS_FRAME_HEAD_MAX], *masked = mem_alloc(size + 1);
    ut_append(&wire, head, ws_frame_write(&frame, head));
    ws_frame_mask(masked, data, size, frame.key, 0);
    ut_append(&wire, masked, size);
    free(masked);
}
#define ADD(how, text) add(how, text, sizeof(text) - 1)

static void write_down(const struct ws_piece *piece)
{
    static const char *const names[] = {"", "message", "ping", "pong", "close", "wrong"};
    const size_t shown = piece->size < 40 ? piece->size : 0;
    utstring_printf(&told, "%s%s", names[piece->event], piece->partial ? " partial" : "");
    if (piece->event == WS_WRONG)
        utstring_printf(&told, " %u %s\n", piece->code, piece->why);
    else if (shown == piece->size)
        utstring_printf(&told, " %.*s\n", (int)shown, piece->data);
    else
        utstring_printf(&told, " of %zu\n", piece->size);
}

/* All that waits in data; what is taken. */
static size_t decode(const char *data, size_t size, bool *wrong)
{
    struct ws_piece piece;
    size_t taken = 0;
    do {
        taken += ws_decode(&decoder, data + taken, size - taken, &piece);
        ck_assert_uint_le(taken, size);
        ck_assert_uint_le(piece.size, WS_PIECE_MAX);
        if (piece.event != WS_NOTHING)
            write_down(&piece);
        *wrong = piece.event == WS_WRONG;
    } while (piece.event != WS_NOTHING && !*wrong);
    return taken;
}

/* The wire comes so many bytes at a time. */
static void run(size_t step)
{
    const size_t size = utstring_len(&wire);
    size_t start = 0, end = 0;
    bool wrong = false;
    const bool deflate = decoder.deflate;
    ws_decoder_finish(&decoder);
    ws_decoder_init(&decoder, room, true, deflate);
    utstring_clear(&told);
    while (end < size && !wrong) {
        end = size - end < step ? size : end + step;
        start += decode(utstring_body(&wire) + start, end - start, &wrong);
    }
}

static void tells(const char *expected)
{
    static const size_t steps[] = {1, 2, 3, 7, 1000, 65536, SIZE_MAX / 2};
    const bool is_long = utstring_len(&wire) > 1000;
    for (size_t i = is_long ? 4 : 0; i < COUNT(steps); i++) {
        run(steps[i]);
        ck_assert_str_eq(utstring_body(&told), expected);
    }
    utstring_clear(&wire);
}

START_TEST(a_message_is_one)
{
    ADD(WS_TEXT | FINAL, "hello");
    ADD(WS_BINARY | FINAL, "");
    ADD(WS_BINARY | FINAL, "\xff");
    tells("message hello\nmessage \nmessage \xff\n");
}
END_TEST

START_TEST(fragments_are_one_and_pings_come_between)
{
    ADD(WS_TEXT, "\xce");
    ADD(WS_PING | FINAL, "p");
    ADD(WS_CONTINUATION, "");
    ADD(WS_CONTINUATION | FINAL, "\xba");
    ADD(WS_PONG | FINAL, "");
    ADD(WS_CLOSE | FINAL, "\3\350");
    tells("ping p\nmessage \xce\xba\npong \nclose \3\350\n");
}
END_TEST

START_TEST(a_long_one_comes_in_pieces)
{
    char *data = mem_alloc(3 * WS_PIECE_MAX);
    memset(data, 'a', 3 * WS_PIECE_MAX);
    add(WS_BINARY | FINAL, data, WS_PIECE_MAX);
    tells("message of 65536\n");
    add(WS_BINARY | FINAL, data, WS_PIECE_MAX + 1);
    tells("message partial of 65536\nmessage a\n");
    add(WS_BINARY | FINAL, data, 3 * WS_PIECE_MAX);
    tells("message partial of 65536\nmessage partial of 65536\nmessage of 65536\n");
    free(data);
}
END_TEST

START_TEST(fragments_of_a_long_one_are_put_together)
{
    char *data = mem_alloc(WS_PIECE_MAX);
    memset(data, 'a', WS_PIECE_MAX);
    add(WS_TEXT, data, WS_PIECE_MAX - 1);
    add(WS_CONTINUATION, data, 1);
    add(WS_CONTINUATION, "", 0);
    add(WS_CONTINUATION, data, 2);
    add(WS_CONTINUATION | FINAL, data, 1);
    add(WS_TEXT, data, WS_PIECE_MAX);
    add(WS_CONTINUATION | FINAL, "", 0);
    tells("message partial of 65536\nmessage aaa\nmessage of 65536\n");
    free(data);
}
END_TEST

START_TEST(rules_are_kept)
{
    ADD(WS_CONTINUATION | FINAL, "x");
    tells("wrong 1002 a continuation of nothing\n");
    ADD(WS_TEXT, "x");
    ADD(WS_TEXT | FINAL, "y");
    tells("wrong 1002 a message within a message\n");
    ADD(WS_TEXT | FINAL, "a");
    utstring_printf(&wire, "\x81\x01z");
    tells("message a\nwrong 1002 a frame that is not masked\n");
    ADD(WS_TEXT, "\xf4");
    ADD(WS_CONTINUATION, "\x90");
    tells("wrong 1007 a text that is no UTF-8\n");
    ADD(WS_TEXT | FINAL, "\xce");
    tells("wrong 1007 a text that is no UTF-8\n");
    decoder.deflate = false;
    ADD(WS_TEXT | FINAL | PACKED, "x");
    tells("wrong 1002 a reserved bit is set\n");
}
END_TEST

START_TEST(what_breaks_off_is_not_lost)
{
    struct ws_piece rest;
    char *data = mem_zalloc(WS_PIECE_MAX + 3);
    ck_assert(!ws_decoder_rest(&decoder, &rest));
    add(WS_BINARY, data, WS_PIECE_MAX + 3);
    tells("message partial of 65536\n");
    ck_assert(ws_decoder_rest(&decoder, &rest));
    ck_assert_uint_eq(rest.size, 3);
    ck_assert(rest.partial);
    ck_assert(!ws_decoder_rest(&decoder, &rest));
    free(data);
}
END_TEST

#define HELLO "\xf2\x48\xcd\xc9\xc9\x07\x00"

START_TEST(compressed_ones_are_unpacked)
{
    if (!room->deflate)
        return;
    ADD(WS_TEXT | FINAL | PACKED, HELLO);
    ADD(WS_TEXT | FINAL, "plain");
    ADD(WS_TEXT | PACKED, "\xf2\x48\xcd");
    ADD(WS_CONTINUATION, "");
    ADD(WS_CONTINUATION | FINAL, "\xc9\xc9\x07\x00");
    tells("message Hello\nmessage plain\nmessage Hello\n");
    ADD(WS_BINARY | FINAL | PACKED, "\xff\xff\xff");
    tells("wrong 1007 compressed data that cannot be unpacked\n");
    ADD(WS_BINARY | FINAL | PACKED, "\xf2\x48\xcd");
    tells("wrong 1007 compressed data that cannot be unpacked\n");
}
END_TEST

/* A thousand times as much, in the room of a piece. */
START_TEST(a_bomb_takes_no_room)
{
    enum { BLOCKS = 1000 };
    char *zeros = mem_zalloc(WS_PIECE_MAX), *packed = mem_alloc(WS_PACK_MAX);
    size_t size =
        room->deflate ? ws_deflate_pack(room->deflate, zeros, WS_PIECE_MAX, packed) : 0;
    struct ws_piece piece;
    unsigned pieces = 0;
    memcpy(packed + size, "\0\0\xff\xff", 4); /* so that another block may follow */
    size += 4;
    for (int i = 0; room->deflate && i < BLOCKS - 1; i++)
        add(i == 0 ? WS_BINARY | PACKED : 0, packed, size);
    if (room->deflate)
        add(WS_CONTINUATION | FINAL, packed, size - 4);
    for (size_t at = 0;; pieces++) {
        at += ws_decode(&decoder, utstring_body(&wire) + at, utstring_len(&wire) - at, &piece);
        if (piece.event != WS_MESSAGE)
            break;
        ck_assert_uint_eq(piece.size, WS_PIECE_MAX);
        ck_assert_uint_le(ws_decoder_held(&decoder), 3 * WS_PIECE_MAX);
    }
    ck_assert_int_eq(piece.event, WS_NOTHING);
    ck_assert_uint_eq(pieces, room->deflate ? BLOCKS : 0);
    free(zeros);
    free(packed);
}
END_TEST

START_TEST(the_deaf_hear_only_of_the_line)
{
    ADD(WS_TEXT | FINAL, "\xff");
    ADD(WS_BINARY, "x");
    ADD(WS_CONTINUATION | FINAL, "y");
    ADD(WS_PING | FINAL, "p");
    bool wrong;
    decoder.deaf = true;
    ck_assert_uint_eq(decode(utstring_body(&wire), utstring_len(&wire), &wrong),
                      utstring_len(&wire));
    ck_assert_str_eq(utstring_body(&told), "ping p\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_message_is_one,
                                  fragments_are_one_and_pings_come_between,
                                  a_long_one_comes_in_pieces,
                                  fragments_of_a_long_one_are_put_together,
                                  rules_are_kept,
                                  what_breaks_off_is_not_lost,
                                  compressed_ones_are_unpacked,
                                  a_bomb_takes_no_room,
                                  the_deaf_hear_only_of_the_line,
                                  NULL};
    return check_run_with("ws_decoder", set_up, tear_down, tests);
}
