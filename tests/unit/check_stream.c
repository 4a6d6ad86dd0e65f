/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stream tells its user of what comes, on a socket pair. */
#include "stream/stream.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_stream.h"

enum { MESSAGES_A_TURN = 64 };

static struct fake_stream fake;
static int messages;

static void setup(void)
{
    messages = 0;
    fake_stream_init(&fake, "line");
    fake_stream_open(&fake, STREAM_ACCEPTED);
    TOLD(&fake, "opened\n");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

START_TEST(messages_are_told_as_they_are_framed)
{
    SAY(&fake, "a\nb\nc");
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\nmessage b\n\n");
    ck_assert_uint_gt(stream_held(&fake.stream), 0); /* the beginning of a line */
    ck_assert_uint_eq(fake.budget.held, stream_held(&fake.stream));
    SAY(&fake, "d\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message cd\n\n");
    ck_assert_uint_eq(stream_held(&fake.stream), 0);
}
END_TEST

START_TEST(an_end_is_told_after_all_that_came)
{
    SAY(&fake, "a\nb");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\npiece b\nended\n");
}
END_TEST

START_TEST(a_reset_is_told_as_such)
{
    stream_send(&fake.stream, "unread", 6);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over reset\n");
}
END_TEST

static void hold(struct fake_stream *self)
{
    stream_pause(&self->stream, STREAM_HELD);
}

START_TEST(what_is_unfinished_goes_on_in_another_framing)
{
    const struct framing raw = framing_of(&framing_raw), line = framing_of(&framing_line);
    SAY(&fake, "a\nb");
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\n");
    stream_frame(&fake.stream, &raw);
    TOLD(&fake, "");
    fake_stream_turn(&fake);
    TOLD(&fake, "message b\n");
    stream_frame(&fake.stream, &line);
    SAY(&fake, "c");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    SAY(&fake, "d\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message cd\n\n");
}
END_TEST

START_TEST(a_paused_one_is_framed_anew_when_it_goes_on)
{
    const struct framing raw = framing_of(&framing_raw);
    SAY(&fake, "a");
    fake_stream_turn(&fake);
    stream_pause(&fake.stream, STREAM_HELD);
    stream_frame(&fake.stream, &raw);
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n");
}
END_TEST

START_TEST(a_paused_one_takes_nothing)
{
    fake.on_message = hold;
    SAY(&fake, "a\nb\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\n");
    fake.on_message = NULL;
    SAY(&fake, "c\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message b\n\nmessage c\n\n");
}
END_TEST

START_TEST(an_end_waits_for_a_pause)
{
    fake.on_message = hold;
    SAY(&fake, "a\nb\n");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    fake.on_message = NULL;
    TOLD(&fake, "message a\n\n");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message b\n\nended\n");
}
END_TEST

/* What is here is taken, but nothing more is read. */
START_TEST(a_full_one_reads_no_more)
{
    SAY(&fake, "a\nb");
    fake_stream_turn(&fake);
    stream_pause(&fake.stream, STREAM_FULL);
    SAY(&fake, "c\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\n");
    stream_pause(&fake.stream, 0);
    fake_stream_turn(&fake);
    TOLD(&fake, "message bc\n\n");
}
END_TEST

static void count(struct fake_stream *self)
{
    (void)self;
    messages++;
}

/* Others have their turn meanwhile; nothing is lost. */
START_TEST(a_turn_takes_only_so_many)
{
    enum { MANY = 1000 };
    char *lines = mem_alloc(2 * MANY);
    for (int i = 0; i < MANY; i++)
        memcpy(lines + 2 * i, "x\n", 2);
    fake.on_message = count;
    fake_stream_say(&fake, lines, 2 * MANY);
    event_base_loop(fake.loop.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    ck_assert_int_gt(messages, 0);
    ck_assert_int_le(messages,
                     2 * MESSAGES_A_TURN); /* one because of the socket, one asked for */
    for (int turns = 0; messages < MANY && turns < MANY; turns++)
        fake_stream_turn(&fake);
    ck_assert_int_eq(messages, MANY);
    free(lines);
}
END_TEST

static void close_it(struct fake_stream *self)
{
    stream_close(&self->stream, self->now);
}

START_TEST(a_closed_one_discards_what_comes)
{
    fake.on_message = close_it;
    SAY(&fake, "a\nb\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\nover closed\n");
    SAY(&fake, "c\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
}
END_TEST

/* What the far end had said before is told first. */
START_TEST(a_broken_one_is_read_to_its_end)
{
    SAY(&fake, "a\nb\n");
    stream_break(&fake.stream, ETIMEDOUT);
    fake_stream_turn(&fake);
    TOLD(&fake, "message a\n\nmessage b\n\nover timed out: Connection timed out\n");
}
END_TEST

/* Its queue will never be empty. */
START_TEST(a_broken_one_waits_for_no_reader)
{
    stream_pause(&fake.stream, STREAM_UNREAD);
    stream_break(&fake.stream, EPIPE);
    fake_stream_turn(&fake);
    TOLD(&fake, "over reset\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {messages_are_told_as_they_are_framed,
                                  an_end_is_told_after_all_that_came,
                                  a_reset_is_told_as_such,
                                  what_is_unfinished_goes_on_in_another_framing,
                                  a_paused_one_is_framed_anew_when_it_goes_on,
                                  a_paused_one_takes_nothing,
                                  an_end_waits_for_a_pause,
                                  a_full_one_reads_no_more,
                                  a_turn_takes_only_so_many,
                                  a_closed_one_discards_what_comes,
                                  a_broken_one_is_read_to_its_end,
                                  a_broken_one_waits_for_no_reader,
                                  NULL};
    return check_run_with("stream", setup, teardown, tests);
}
