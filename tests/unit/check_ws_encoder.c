/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_encoder.h"

#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "check_main.h"
#include "websocket/ws_decoder.h"
#include "websocket/ws_room.h"

static struct ws_room *room;
static UT_string wire;
static unsigned put_count;

static void put(void *context, const char *data, size_t size)
{
    ut_append(context, data, size);
    put_count++;
}

static void set_up(void)
{
    room = ws_room_create();
    utstring_init(&wire);
    put_count = 0;
}

static void tear_down(void)
{
    ws_room_destroy(room);
    utstring_done(&wire);
}

static void encode(bool masks, bool deflate, const char *data, size_t size)
{
    const struct ws_encoder encoder = {.room = room,
                                       .masks = masks,
                                       .deflate = deflate && room->deflate,
                                       .put = put,
                                       .context = &wire};
    utstring_clear(&wire);
    ws_encode(&encoder, WS_BINARY, data, size);
}

START_TEST(what_goes_out_comes_in)
{
    static const size_t sizes[] = {0, 1, 125, 126, 65535, 65536, 65537, 200000};
    char *data = mem_alloc(200000);
    for (size_t i = 0; i < 200000; i++)
        data[i] = (char)(i % 97 ^ i / 97);
    for (size_t i = 0; i < 4 * COUNT(sizes); i++) {
        struct ws_decoder decoder;
        struct ws_piece piece = {.partial = true};
        size_t size = sizes[i / 4], taken = 0, got = 0;
        encode(i & 1, i & 2, data, size);
        ws_decoder_init(&decoder, room, i & 1, i & 2);
        for (; piece.partial; got += piece.size) {
            taken += ws_decode(&decoder, utstring_body(&wire) + taken,
                               utstring_len(&wire) - taken, &piece);
            ck_assert_int_eq(piece.event, WS_MESSAGE);
            ck_assert(memcmp(piece.data, data + got, piece.size) == 0);
        }
        ck_assert_uint_eq(got, size);
        ck_assert_uint_eq(taken, utstring_len(&wire));
        ws_decoder_finish(&decoder);
    }
    free(data);
}
END_TEST

START_TEST(a_short_one_is_put_at_once)
{
    encode(false, false, "hello", 5);
    ck_assert_uint_eq(put_count, 1);
    ck_assert_str_eq(utstring_body(&wire), "\x82\x05hello");
}
END_TEST

START_TEST(masks_differ)
{
    char first[4];
    encode(true, false, "", 0);
    ck_assert_uint_eq(utstring_len(&wire), 6);
    memcpy(first, utstring_body(&wire) + 2, 4);
    encode(true, false, "", 0);
    ck_assert_mem_ne(first, utstring_body(&wire) + 2, 4);
}
END_TEST

START_TEST(what_gets_shorter_is_compressed)
{
    char *data = mem_zalloc(65536);
    encode(false, true, data, 65536);
    ck_assert_uint_lt(utstring_len(&wire), room->deflate ? 1000 : 70000);
    free(data);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_goes_out_comes_in, a_short_one_is_put_at_once,
                                  masks_differ, what_gets_shorter_is_compressed, NULL};
    return check_run_with("ws_encoder", set_up, tear_down, tests);
}
