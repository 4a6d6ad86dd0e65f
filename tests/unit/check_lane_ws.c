/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lane on a real stream, whose far end is the test. */
#include "websocket/lane_ws.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_framing.h"
#include "fake_stream.h"
#include "stream/lane.h"
#include "websocket/ws_frame.h"
#include "websocket/ws_room.h"

#define ASKS                                                                     \
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

static struct fake_stream fake;
static struct ws_room *room;
static struct ws_line line;

static void set_up(void)
{
    room = ws_room_create();
    line = (struct ws_line){.terms = {.host = "far"}};
    fake_stream_init(&fake, "raw");
}

static void tear_down(void)
{
    fake_stream_finish(&fake);
    ws_room_destroy(room);
}

static void say(const char *data, size_t size)
{
    fake_stream_say(&fake, data, size);
    fake_stream_turn(&fake);
}

/* first: its first byte, of which the reserved bits are set behind the writer's back. */
static void say_frame(unsigned char first, const char *data, size_t size)
{
    const struct ws_frame frame = {.opcode = first & 15,
                                   .final = first & 0x80,
                                   .masked = true,
                                   .key = {1, 2, 3, 4},
                                   .size = size};
    char wire[WS_FRAME_HEAD_MAX + 200];
    const size_t head = ws_frame_write(&frame, wire);
    wire[0] = (char)first;
    ws_frame_mask(wire + head, data, size, frame.key, 0);
    say(wire, head + size);
}
#define SAY_FRAME(first, text) say_frame(first, text, sizeof(text) - 1)

static void hears(const char *expected, size_t size)
{
    char heard[1024];
    ck_assert_uint_eq(fake_stream_hear(&fake, heard, sizeof heard), size);
    ck_assert_mem_eq(heard, expected, size);
}
#define HEARS(text) hears(text, sizeof(text) - 1)

/* A far end has called, and asked for its WebSocket. */
static void open_it(void)
{
    char heard[1024];
    lane_ws_add(&fake.stream, room, &line, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    say(ASKS, sizeof ASKS - 1);
    const size_t size = fake_stream_hear(&fake, heard, sizeof heard);
    ck_assert(size > 12 && memcmp(heard, "HTTP/1.1 101", 12) == 0);
    TOLD(&fake, "opened\n");
}

START_TEST(messages_are_told_one_by_one)
{
    open_it();
    SAY_FRAME(0x81, "hello");
    SAY_FRAME(0x82, "");
    SAY_FRAME(0x01, "a");
    SAY_FRAME(0x80, "b");
    TOLD(&fake, "message hello\nmessage \nmessage ab\n");
}
END_TEST

START_TEST(what_is_sent_at_once_is_one)
{
    open_it();
    stream_send(&fake.stream, "hi", 2);
    stream_send(&fake.stream, "\xff", 1);
    stream_send(&fake.stream, "", 0);
    HEARS("\x81\x02hi\x82\x01\xff\x81\x00");
}
END_TEST

START_TEST(frames_may_come_with_the_request)
{
    static const char all[] = ASKS "\x81\x82\0\0\0\0hi";
    lane_ws_add(&fake.stream, room, &line, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    for (size_t i = 0; i < sizeof all - 1; i++)
        say(all + i, 1);
    TOLD(&fake, "opened\nmessage hi\n");
}
END_TEST

START_TEST(pings_are_answered)
{
    open_it();
    SAY_FRAME(0x89, "are you there");
    HEARS("\x8a\x0d"
          "are you there");
    TOLD(&fake, "");
}
END_TEST

static void said(const char *words, unsigned with)
{
    unsigned code;
    const char *text = lane_farewell(fake.stream.lane, &code);
    ck_assert_uint_eq(code, with);
    if (words)
        ck_assert_str_eq(text, words);
    else
        ck_assert_ptr_null(text);
}

/* The kernel is asked again in a while whether what was sent is delivered. */
static void wait_for_end(void)
{
    for (int i = 0; i < 5000 && fake.stream.state.life != STREAM_OVER; i++) {
        poll(NULL, 0, 1);
        fake_stream_turn(&fake);
    }
}

START_TEST(a_far_close_is_answered)
{
    open_it();
    SAY_FRAME(0x81, "last");
    SAY_FRAME(0x88, "\3\351bye");
    HEARS("\x88\x02\3\351");
    wait_for_end();
    TOLD(&fake, "message last\nended\nover closed\n");
    said("1001 (going away): bye", 1001);
}
END_TEST

/* A socket that is closed with something unread in it resets. */
START_TEST(a_reset_behind_both_is_none)
{
    open_it();
    SAY_FRAME(0x81, "last");
    SAY_FRAME(0x88, "\3\350");
    fake_stream_hang_up(&fake);
    wait_for_end();
    TOLD(&fake, "message last\nended\nover closed\n");
    said(NULL, 1000);
}
END_TEST

START_TEST(our_close_waits_for_theirs)
{
    open_it();
    stream_close(&fake.stream, fake.now + 1000000);
    HEARS("\x88\x02\3\350");
    SAY_FRAME(0x81, "too late");
    SAY_FRAME(0x89, "p");
    TOLD(&fake, "");
    SAY_FRAME(0x88, "\3\350");
    TOLD(&fake, "over closed\n");
    said(NULL, 1000);
}
END_TEST

START_TEST(a_program_that_ends_says_so)
{
    open_it();
    fake.streams.leaving = true;
    stream_close(&fake.stream, fake.now + 1000000);
    HEARS("\x88\x02\3\351");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over closed\n");
    said(NULL, 1006);
}
END_TEST

START_TEST(our_end_lets_them_finish)
{
    open_it();
    stream_end(&fake.stream);
    HEARS("\x88\x02\3\350");
    SAY_FRAME(0x81, "more");
    SAY_FRAME(0x88, "\3\350");
    TOLD(&fake, "message more\nended\nover closed\n");
}
END_TEST

START_TEST(what_breaks_the_rules_is_closed)
{
    open_it();
    SAY_FRAME(0x83, "x");
    HEARS("\x88\x02\3\352");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: an unknown kind of frame (closed with 1002)\n"
                "over broken: an unknown kind of frame (closed with 1002)\n");
    said(NULL, 1002);
}
END_TEST

/* What it did not read of ours resets the line. */
START_TEST(a_reset_behind_a_failure_is_none)
{
    const struct linger at_once = {.l_onoff = 1};
    open_it();
    SAY_FRAME(0x83, "x");
    setsockopt(fake.far, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: an unknown kind of frame (closed with 1002)\n"
                "over broken: an unknown kind of frame (closed with 1002)\n");
}
END_TEST

START_TEST(an_end_without_farewell_is_said)
{
    open_it();
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: cut off: no close frame came\n"
                "over broken: cut off: no close frame came\n");
    said(NULL, 1006);
}
END_TEST

START_TEST(half_a_message_comes_before_an_end)
{
    open_it();
    SAY_FRAME(0x01, "and th");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "piece and th\nfailed: cut off: no close frame came\n"
                "over broken: cut off: no close frame came\n");
}
END_TEST

START_TEST(half_a_message_before_a_farewell_is_none)
{
    open_it();
    SAY_FRAME(0x01, "and th");
    SAY_FRAME(0x88, "\3\350");
    fake_stream_hang_up(&fake);
    wait_for_end();
    TOLD(&fake, "ended\nover closed\n");
}
END_TEST

static void frame_lines(void)
{
    fake.framing = fake_framing("line");
    stream_frame(&fake.stream, &fake.framing);
}

/* Nothing comes behind it that would move the line on. */
START_TEST(half_a_line_comes_before_a_failure)
{
    open_it();
    frame_lines();
    SAY_FRAME(0x81, "one\nhi");
    TOLD(&fake, "message one\n\n");
    SAY_FRAME(0x91, "x");
    TOLD(&fake, "piece hi\nfailed: a reserved bit is set (closed with 1002)\n");
    HEARS("\x88\x02\3\352");
    ck_assert_int_eq(recv(fake.far, &(char){0}, 1, MSG_DONTWAIT), 0); /* and our end */
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: a reserved bit is set (closed with 1002)\n");
}
END_TEST

START_TEST(a_paused_stream_is_told_nothing)
{
    open_it();
    stream_pause(&fake.stream, STREAM_HELD);
    SAY_FRAME(0x81, "one");
    SAY_FRAME(0x81, "two");
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message one\nmessage two\nfailed: cut off: no close frame came\n"
                "over broken: cut off: no close frame came\n");
}
END_TEST

/* --- on another lane --- */

/* It is open, passes on what comes, and fails where a '!' stands behind it. */
static void frail_start(struct lane *lane)
{
    lane_open(lane);
}

static size_t frail_in(struct lane *lane, const char *data, size_t size)
{
    const bool fails = data[size - 1] == '!';
    lane_up(lane, data, size - fails);
    if (fails)
        lane_fail(lane, "a bad record");
    return size;
}

static void frail_destroy(struct lane *lane)
{
    free(lane);
}

static void open_on_frail_lane(void)
{
    static const struct lane_ops ops = {
        .name = "frail", .start = frail_start, .in = frail_in, .destroy = frail_destroy};
    struct lane *frail = mem_zalloc(sizeof *frail);
    frail->ops = &ops;
    lane_add(&fake.stream, frail);
    open_it();
}

static void pause_it(struct fake_stream *it)
{
    stream_pause(&it->stream, STREAM_HELD);
}

/* The second message is read, and waits to be told. */
static void fail_below(void)
{
    open_on_frail_lane();
    fake.on_message = pause_it;
    SAY(&fake, "\x81\x83\0\0\0\0one\x81\x83\0\0\0\0two!");
    fake_stream_turn(&fake);
    TOLD(&fake, "message one\n");
}

START_TEST(a_lane_below_fails_behind_what_is_not_told_yet)
{
    fail_below();
    fake.on_message = NULL;
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "message two\nfailed: a bad record\nover broken: a bad record\n");
}
END_TEST

START_TEST(nobody_waits_for_what_a_closed_line_has_not_told)
{
    fail_below();
    stream_close(&fake.stream, fake.now + 1000000);
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    fake_stream_hang_up(&fake);
    wait_for_end();
    TOLD(&fake, "over broken: a bad record\n");
}
END_TEST

/* Of which one read has more than a turn may tell. */
START_TEST(many_are_told_in_turns)
{
    UT_string all;
    utstring_init(&all);
    open_it();
    for (int i = 0; i < 500; i++)
        ut_append(&all, "\x81\x81\0\0\0\0x", 7);
    say(utstring_body(&all), utstring_len(&all));
    const char *told = fake_stream_log(&fake);
    for (int i = 0; i < 500; i++, told += strlen("message x\n"))
        ck_assert(strncmp(told, "message x\n", 10) == 0);
    ck_assert_str_eq(told, "");
    utstring_done(&all);
}
END_TEST

START_TEST(a_plain_request_is_answered)
{
    char heard[2048];
    lane_ws_add(&fake.stream, room, &line, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    say("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
    const size_t size = fake_stream_hear(&fake, heard, sizeof heard);
    ck_assert(size > 12 && memcmp(heard, "HTTP/1.1 426", 12) == 0);
    TOLD(&fake, "failed: GET / HTTP/1.1: a plain HTTP request (HTTP 426)\n");
}
END_TEST

START_TEST(a_call_asks)
{
    char heard[1024];
    lane_ws_add(&fake.stream, room, &line, true);
    fake_stream_open(&fake, 0);
    const size_t size = fake_stream_hear(&fake, heard, sizeof heard);
    ck_assert(size > 100 && memcmp(heard, "GET / HTTP/1.1\r\nHost: far\r\n", 27) == 0);
    say("HTTP/1.1 404 Not Found\r\n\r\n", 26);
    TOLD(&fake, "over broken: the far end refused the WebSocket: HTTP 404 Not Found\n");
}
END_TEST

START_TEST(a_call_finds_no_http)
{
    lane_ws_add(&fake.stream, room, &line, true);
    fake_stream_open(&fake, 0);
    SAY(&fake, "220 mail");
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: the far end speaks no HTTP, and so no WebSocket\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {messages_are_told_one_by_one,
                                  what_is_sent_at_once_is_one,
                                  frames_may_come_with_the_request,
                                  pings_are_answered,
                                  a_far_close_is_answered,
                                  a_reset_behind_both_is_none,
                                  our_close_waits_for_theirs,
                                  a_program_that_ends_says_so,
                                  our_end_lets_them_finish,
                                  what_breaks_the_rules_is_closed,
                                  a_reset_behind_a_failure_is_none,
                                  an_end_without_farewell_is_said,
                                  half_a_message_comes_before_an_end,
                                  half_a_message_before_a_farewell_is_none,
                                  half_a_line_comes_before_a_failure,
                                  a_paused_stream_is_told_nothing,
                                  a_lane_below_fails_behind_what_is_not_told_yet,
                                  nobody_waits_for_what_a_closed_line_has_not_told,
                                  many_are_told_in_turns,
                                  a_plain_request_is_answered,
                                  a_call_asks,
                                  a_call_finds_no_http,
                                  NULL};
    return check_run_with("lane_ws", set_up, tear_down, tests);
}
