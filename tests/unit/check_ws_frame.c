/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_frame.h"

#include <string.h>

#include "check_main.h"

static struct ws_frame frame;
static unsigned code;
static const char *why;

static size_t read_head(const char *data, size_t size)
{
    return ws_frame_read(data, size, &frame, &code, &why);
}
#define READ(text) read_head(text, sizeof(text) - 1)

START_TEST(a_head_says_what_follows)
{
    ck_assert_uint_eq(READ("\x81\x05hello"), 2);
    ck_assert_ptr_null(why);
    ck_assert(frame.opcode == WS_TEXT && frame.final && !frame.masked && !frame.compressed);
    ck_assert_uint_eq(frame.size, 5);
    ck_assert_uint_eq(READ("\x02\x81\1\2\3\4"), 6);
    ck_assert(frame.opcode == WS_BINARY && !frame.final && frame.masked);
    ck_assert_mem_eq(frame.key, "\1\2\3\4", 4);
    ck_assert_uint_eq(READ("\xc1\x00"), 2);
    ck_assert(frame.compressed);
    ck_assert_uint_eq(READ("\x89\x7d"), 2);
    ck_assert(ws_frame_is_control(&frame));
}
END_TEST

/* RFC 6455 section 5.7. */
START_TEST(lengths_of_three_kinds)
{
    ck_assert_uint_eq(READ("\x82\x7e\x01\x00"), 4);
    ck_assert_uint_eq(frame.size, 256);
    ck_assert_uint_eq(READ("\x82\x7f\0\0\0\0\0\1\0\0"), 10);
    ck_assert_uint_eq(frame.size, 65536);
    ck_assert_uint_eq(READ("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4"), 14);
    ck_assert_uint_eq(frame.size, INT64_MAX);
    ck_assert_ptr_null(why);
}
END_TEST

START_TEST(half_a_head_waits)
{
    static const char head[] = "\x82\xff\0\0\0\0\0\1\0\0\1\2\3\4";
    for (size_t size = 0; size < sizeof head - 1; size++) {
        ck_assert_uint_eq(read_head(head, size), 0);
        ck_assert_ptr_null(why);
    }
}
END_TEST

static void is_wrong(const char *data, size_t size, unsigned with, const char *words)
{
    read_head(data, size);
    ck_assert_str_eq(why, words);
    ck_assert_uint_eq(code, with);
}
#define WRONG(text, words) is_wrong(text, sizeof(text) - 1, 1002, words)

START_TEST(what_is_no_frame)
{
    WRONG("\xa1\x00", "a reserved bit is set");
    WRONG("\x91\x00", "a reserved bit is set");
    WRONG("\x83\x00", "an unknown kind of frame");
    WRONG("\x87\x00", "an unknown kind of frame");
    WRONG("\x8b\x00", "an unknown kind of frame");
    WRONG("\x8f\x00", "an unknown kind of frame");
    WRONG("\x09\x00", "a control frame in pieces");
    WRONG("\x88\x7e", "a control frame over 125 bytes");
    WRONG("\xc9\x00", "a frame that says it is compressed, and cannot be");
    WRONG("\xc0\x00", "a frame that says it is compressed, and cannot be");
    WRONG("\x82\x7e\0\x7d", "a length in more bytes than it takes");
    WRONG("\x82\x7f\0\0\0\0\0\0\xff\xff", "a length in more bytes than it takes");
    is_wrong("\x82\x7f\x80\0\0\0\0\0\0\0", 10, 1009, "a length over 63 bits");
}
END_TEST

START_TEST(what_is_written_reads_the_same)
{
    static const uint64_t sizes[] = {0, 1, 125, 126, 65535, 65536, INT64_MAX};
    char head[WS_FRAME_HEAD_MAX];
    for (size_t i = 0; i < 4 * COUNT(sizes); i++) {
        const struct ws_frame wrote = {.opcode = WS_BINARY,
                                       .final = i & 1,
                                       .compressed = !(i & 1),
                                       .masked = i & 2,
                                       .key = {1, 2, 3, 4},
                                       .size = sizes[i / 4]};
        ck_assert_uint_eq(read_head(head, ws_frame_write(&wrote, head)),
                          ws_frame_write(&wrote, head));
        ck_assert_ptr_null(why);
        ck_assert(frame.opcode == wrote.opcode && frame.final == wrote.final &&
                  frame.compressed == wrote.compressed && frame.masked == wrote.masked &&
                  frame.size == wrote.size);
    }
}
END_TEST

START_TEST(a_mask_goes_on_where_it_was_cut)
{
    static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
    char whole[64], cut_up[64];
    for (int i = 0; i < 64; i++)
        whole[i] = (char)i;
    for (size_t cut = 0; cut <= 64; cut++) {
        ws_frame_mask(cut_up, whole, cut, key, 0);
        ws_frame_mask(cut_up + cut, whole + cut, 64 - cut, key, cut);
        for (int i = 0; i < 64; i++)
            ck_assert_int_eq(cut_up[i], (char)(i ^ key[i & 3]));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_head_says_what_follows,
                                  lengths_of_three_kinds,
                                  half_a_head_waits,
                                  what_is_no_frame,
                                  what_is_written_reads_the_same,
                                  a_mask_goes_on_where_it_was_cut,
                                  NULL};
    return check_run("ws_frame", tests);
}
