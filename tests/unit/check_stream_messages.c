/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a stream's input is told as a message, by its framing. */
#include <string.h>
#include <sys/socket.h>

#include "check_main.h"
#include "fake_framing.h"
#include "fake_stream.h"

static struct fake_stream fake;

static void begin(const char *framing)
{
    fake_stream_init(&fake, framing);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    TOLD(&fake, "opened\n");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

static void wait_told(const char *wanted)
{
    while (utstring_len(&fake.log) == 0)
        fake_stream_turn(&fake);
    TOLD(&fake, wanted);
}

START_TEST(a_frame_may_come_in_pieces)
{
    begin("length:u16be");
    SAY(&fake, "\0");
    fake_stream_turn(&fake);
    SAY(&fake, "\5he");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    ck_assert_uint_gt(stream_held(&fake.stream), 0);
    SAY(&fake, "llo\0\0\0\1x");
    fake_stream_turn(&fake);
    TOLD(&fake, "message hello\nmessage \nmessage x\n");
    ck_assert_uint_eq(stream_held(&fake.stream), 0);
}
END_TEST

START_TEST(what_is_decoded_is_told_decoded)
{
    begin("cobs");
    SAY(&fake, "\2a\2b");
    fake_stream_turn(&fake);
    SAY(&fake, "\0\0\5ab\0\2c\0");
    fake_stream_turn(&fake);
    static const char told[] = "message a\0b\nnothing \nbad \5ab\nmessage c\n";
    ck_assert_uint_eq(utstring_len(&fake.log), sizeof told - 1);
    ck_assert_mem_eq(utstring_body(&fake.log), told, sizeof told - 1);
    utstring_clear(&fake.log);
}
END_TEST

/* From message to message it is known where in a frame that is too long it stands. */
START_TEST(what_is_known_of_a_frame_stays)
{
    static char data[70003] = "\2";
    begin("stx");
    memset(data + 1, 'x', 70000);
    memcpy(data + 70001, "\3", 1);
    fake_stream_say(&fake, data, 70002);
    fake_stream_turn(&fake);
    ck_assert_uint_eq(utstring_len(&fake.log), sizeof "piece \nmessage \n" - 1 + 70000);
    fake_stream_log(&fake);
    SAY(&fake, "\2y\3");
    fake_stream_turn(&fake);
    TOLD(&fake, "message y\n");
}
END_TEST

START_TEST(a_silence_ends_a_message)
{
    begin("gap:30");
    SAY(&fake, "a");
    fake_stream_turn(&fake);
    SAY(&fake, "b");
    wait_told("message ab\n");
    SAY(&fake, "c");
    wait_told("message c\n");
    ck_assert_uint_eq(stream_held(&fake.stream), 0);
}
END_TEST

static void hold(struct fake_stream *self)
{
    stream_pause(&self->stream, STREAM_HELD);
}

/* What came up to the silence is one, though it is told much later. */
START_TEST(a_silence_waits_for_a_pause)
{
    begin("gap:30");
    fake.on_message = hold;
    SAY(&fake, "a");
    wait_told("message a\n");
    fake.on_message = NULL;
    SAY(&fake, "b"); /* and is not read */
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    stream_pause(&fake.stream, 0);
    wait_told("message b\n");
}
END_TEST

START_TEST(the_end_of_the_line_ends_a_message)
{
    begin("gap:60000");
    SAY(&fake, "ab");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "message ab\nended\n");
}
END_TEST

START_TEST(another_framing_takes_over_what_was_begun)
{
    const struct framing line = fake_framing("line"), slip = fake_framing("slip");
    begin("length:u8");
    SAY(&fake, "\x64is a\nline");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    stream_frame(&fake.stream, &line);
    fake_stream_turn(&fake);
    TOLD(&fake, "message dis a\n\n");
    stream_frame(&fake.stream, &slip);
    SAY(&fake, "\xc0");
    fake_stream_turn(&fake);
    TOLD(&fake, "message line\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_frame_may_come_in_pieces,
                                  what_is_decoded_is_told_decoded,
                                  what_is_known_of_a_frame_stays,
                                  a_silence_ends_a_message,
                                  a_silence_waits_for_a_pause,
                                  the_end_of_the_line_ends_a_message,
                                  another_framing_takes_over_what_was_begun,
                                  NULL};
    return check_run_with("stream_messages", NULL, teardown, tests);
}
