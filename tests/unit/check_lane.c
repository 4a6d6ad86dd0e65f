/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lanes that stand on each other, on a real stream. A toy's bytes of the wire are two for each
 * of plaintext: a mark of its own, and the byte.
 */
#include "stream/lane.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cast.h"
#include "base/mem.h"
#include "check_main.h"
#include "fake_stream.h"

static struct fake_stream fake;
static int destroyed;

struct toy {
    struct lane lane; /* first */
    char mark;
    bool greets; /* wants its mark first; then it leaves */
};

static void toy_start(struct lane *lane)
{
    struct toy *toy = (struct toy *)lane;
    if (!toy->greets)
        lane_open(lane);
}

/* A mark in the place of plaintext ends the far end's side, as close_notify does. */
static void toy_up(struct lane *lane, const struct toy *toy, char byte)
{
    if (byte == toy->mark)
        lane_up_end(lane);
    else
        lane_up(lane, &byte, 1);
}

static size_t toy_in(struct lane *lane, const char *data, size_t size)
{
    struct toy *toy = (struct toy *)lane;
    size_t taken = 0;
    for (; size - taken >= 2; taken += 2) {
        if (data[taken] != toy->mark) {
            lane_down(lane, "alert", 5);
            lane_fail(lane, "a wrong mark");
            return taken;
        }
        toy_up(lane, toy, data[taken + 1]);
    }
    return taken;
}

static size_t greeting_in(struct lane *lane, const char *data, size_t size)
{
    const struct toy *toy = (struct toy *)lane;
    if (size < 3)
        return 0;
    if (data[0] != toy->mark)
        lane_fail(lane, "no greeting");
    else
        lane_leave(lane);
    return 3;
}

static void toy_out(struct lane *lane, const char *data, size_t size)
{
    const struct toy *toy = (struct toy *)lane;
    for (size_t i = 0; i < size; i++)
        lane_down(lane, (char[]){toy->mark, data[i]}, 2);
}

static void toy_out_end(struct lane *lane)
{
    const struct toy *toy = (struct toy *)lane;
    lane_down(lane, (char[]){toy->mark, '.'}, 2);
}

static void toy_destroy(struct lane *lane)
{
    destroyed++;
    free(lane);
}

static void add(char mark, bool greets)
{
    static const struct lane_ops coder = {.name = "coder",
                                          .start = toy_start,
                                          .in = toy_in,
                                          .out = toy_out,
                                          .out_end = toy_out_end,
                                          .destroy = toy_destroy};
    static const struct lane_ops greeter = {
        .name = "greeter", .in = greeting_in, .destroy = toy_destroy};
    struct toy *toy = mem_zalloc(sizeof *toy);
    toy->lane.ops = greets ? &greeter : &coder;
    toy->mark = mark;
    toy->greets = greets;
    lane_add(&fake.stream, &toy->lane);
}

static void setup(void)
{
    destroyed = 0;
    fake_stream_init(&fake, "line");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

static void hears(const char *expected)
{
    char heard[100];
    size_t size = fake_stream_hear(&fake, heard, sizeof heard);
    ck_assert_uint_eq(size, strlen(expected));
    ck_assert_mem_eq(heard, expected, size);
}

START_TEST(one_lane_codes_both_ways)
{
    add('a', false);
    fake_stream_open(&fake, 0);
    TOLD(&fake, "opened\n");
    SAY(&fake, "ahaia\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message hi\n\n");
    stream_send(&fake.stream, "yo", 2);
    hears("ayao");
}
END_TEST

START_TEST(lanes_stand_on_each_other)
{
    add('a', false);
    add('b', false);
    fake_stream_open(&fake, 0);
    TOLD(&fake, "opened\n");
    SAY(&fake, "abahabai");
    SAY(&fake, "aba\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message hi\n\n");
    stream_send(&fake.stream, "y", 1);
    hears("abay");
}
END_TEST

/* However the bytes were cut on their way. */
START_TEST(what_is_not_taken_is_kept)
{
    const char wire[] = "abahabaiaba\n";
    add('a', false);
    add('b', false);
    fake_stream_open(&fake, 0);
    TOLD(&fake, "opened\n");
    for (size_t i = 0; i < sizeof wire - 1; i++) {
        fake_stream_say(&fake, wire + i, 1);
        fake_stream_turn(&fake);
    }
    TOLD(&fake, "message hi\n\n");
    SAY(&fake, "a");
    fake_stream_turn(&fake);
    ck_assert_uint_gt(fake.budget.held, 0); /* that waits */
}
END_TEST

START_TEST(the_stream_opens_with_the_uppermost)
{
    add('a', false);
    add('g', true);
    fake_stream_open(&fake, 0);
    TOLD(&fake, "");
    SAY(&fake, "aga1");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    SAY(&fake, "a2axa\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage x\n\n");
    ck_assert_int_eq(destroyed, 1);
}
END_TEST

/* And what came with its greeting is the next one's. */
START_TEST(who_greets_leaves)
{
    add('g', true);
    fake_stream_open(&fake, 0);
    SAY(&fake, "g12hi\nhow");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage hi\n\n");
    ck_assert_ptr_null(fake.stream.lane);
    SAY(&fake, "dy\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message howdy\n\n");
    stream_send(&fake.stream, "yo", 2);
    hears("yo");
}
END_TEST

/* What is not the user's any more is read away, or the kernel would reset the line. */
START_TEST(a_failed_lane_says_farewell)
{
    add('a', false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    TOLD(&fake, "opened\n");
    SAY(&fake, "ahx\nai");
    fake_stream_turn(&fake);
    TOLD(&fake, "piece h\nfailed: a wrong mark\n");
    hears("alert");
    SAY(&fake, "ai");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: a wrong mark\n");
}
END_TEST

START_TEST(a_farewell_has_its_time)
{
    add('a', false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    SAY(&fake, "x\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nfailed: a wrong mark\n");
    fake.now += 10000000;
    stream_close(&fake.stream, fake.now); /* as whoever has less time does */
    TOLD(&fake, "over broken: a wrong mark\n");
}
END_TEST

/* The lanes below the one that fails end as they always do. */
START_TEST(those_below_say_their_end)
{
    add('a', false);
    add('b', false);
    fake_stream_open(&fake, 0);
    SAY(&fake, "axaxax");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nfailed: a wrong mark\n");
    hears("aaalaearata.");
}
END_TEST

static void hold(struct fake_stream *self)
{
    stream_pause(&self->stream, STREAM_HELD);
}

/* Whoever pauses misses nothing that came before. */
START_TEST(what_came_before_is_told_before)
{
    add('a', false);
    fake.on_message = hold;
    fake_stream_open(&fake, STREAM_ACCEPTED);
    SAY(&fake, "aha\naia\nx\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage h\n\n");
    hears("alert");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message i\n\nfailed: a wrong mark\n");
}
END_TEST

START_TEST(an_end_goes_through)
{
    add('a', false);
    fake_stream_open(&fake, 0);
    TOLD(&fake, "opened\n");
    stream_end(&fake.stream);
    hears("a.");
    SAY(&fake, "ah");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "piece h\nended\nover closed\n");
}
END_TEST

/* That of the far end's lane, which lives on to read. */
START_TEST(a_lane_ends_the_far_ends_side)
{
    add('a', false);
    fake_stream_open(&fake, 0);
    SAY(&fake, "aha\naa");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage h\n\nended\n");
    stream_send(&fake.stream, "yo", 2);
    hears("ayao");
    stream_end(&fake.stream);
    hears("a.");
    while (fake.stream.state.life != STREAM_OVER)
        loop_poll(&fake.loop);
    TOLD(&fake, "over closed\n");
}
END_TEST

/* Two bytes on the wire for each, and the mark of the end is none. */
START_TEST(what_waits_is_told_in_plaintext)
{
    static const char piece[1000];
    add('a', false);
    fake_stream_open(&fake, 0);
    while (stream_queued(&fake.stream) == 0)
        stream_send(&fake.stream, piece, sizeof piece);
    const size_t some = stream_queued(&fake.stream);
    ck_assert_uint_le(some, sizeof piece);
    stream_send(&fake.stream, piece, sizeof piece);
    ck_assert_uint_eq(stream_queued(&fake.stream), some + sizeof piece);
    ck_assert_uint_ge(stream_held(&fake.stream), 2 * (some + sizeof piece) - 1);
    stream_end(&fake.stream);
    ck_assert_uint_eq(stream_queued(&fake.stream), some + sizeof piece);
    fake_stream_drain(&fake);
    ck_assert_uint_eq(stream_queued(&fake.stream), 0);
    TOLD(&fake, "opened\ndrained\n");
}
END_TEST

static size_t answers(struct lane *lane, const char *data, size_t size)
{
    lane_down(lane, data, size);
    return size;
}

/* Who reads none of a lane's own answers is not read either. */
START_TEST(what_a_lane_says_by_itself_is_bounded)
{
    static const struct lane_ops parrot = {
        .name = "parrot", .start = toy_start, .in = answers, .destroy = toy_destroy};
    static const char piece[1 << 12];
    struct toy *toy = mem_zalloc(sizeof *toy);
    toy->lane.ops = &parrot;
    lane_add(&fake.stream, &toy->lane);
    fake_stream_open(&fake, 0);
    for (int i = 0; i < 10000 && send(fake.far, piece, sizeof piece, MSG_DONTWAIT) > 0; i++)
        fake_stream_turn(&fake);
    ck_assert_uint_lt(stream_held(&fake.stream), 1 << 18);
    ck_assert_uint_eq(stream_queued(&fake.stream), 0);
    fake_stream_drain(&fake); /* then it is read again */
    ck_assert_int_gt(send(fake.far, piece, sizeof piece, MSG_DONTWAIT), 0);
}
END_TEST

static size_t takes_nothing(struct lane *lane, const char *data, size_t size)
{
    (void)lane, (void)data, (void)size;
    return 0;
}

START_TEST(what_a_lane_keeps_is_bounded)
{
    static const struct lane_ops stuck = {
        .name = "stuck", .in = takes_nothing, .destroy = toy_destroy};
    static const char piece[1 << 15];
    struct toy *toy = mem_zalloc(sizeof *toy);
    toy->lane.ops = &stuck;
    lane_add(&fake.stream, &toy->lane);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    for (size_t said = 0; said <= LANE_REST_MAX; said += sizeof piece) {
        TOLD(&fake, "");
        fake_stream_say(&fake, piece, sizeof piece);
        fake_stream_turn(&fake);
    }
    TOLD(&fake, "failed: more than 128 KiB came of which nothing could be understood\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_lane_codes_both_ways,
                                  lanes_stand_on_each_other,
                                  what_is_not_taken_is_kept,
                                  the_stream_opens_with_the_uppermost,
                                  who_greets_leaves,
                                  a_failed_lane_says_farewell,
                                  a_farewell_has_its_time,
                                  those_below_say_their_end,
                                  what_came_before_is_told_before,
                                  a_lane_ends_the_far_ends_side,
                                  what_waits_is_told_in_plaintext,
                                  an_end_goes_through,
                                  what_a_lane_keeps_is_bounded,
                                  what_a_lane_says_by_itself_is_bounded,
                                  NULL};
    return check_run_with("lane", setup, teardown, tests);
}
