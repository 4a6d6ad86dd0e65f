/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream ends. */
#include "check_main.h"
#include "fake_stream.h"

static struct fake_stream fake;

static void setup(void)
{
    fake_stream_init(&fake, "raw");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

/* Others are still to be told of the message that made one of them end the line. */
static void close_and_look(struct stream *stream, const struct framing_piece *piece)
{
    SAY(&fake, "nobody wants that");
    stream_close(stream, fake.now);
    ck_assert_uint_eq(piece->size, 5);
    ck_assert_mem_eq(piece->data, "hello", 5);
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    (void)stream, (void)error;
    ck_assert_int_eq(how, STREAM_CLOSED);
    utstring_printf(&fake.log, "over\n");
}

START_TEST(what_is_discarded_takes_nobodys_place)
{
    static const struct stream_user user = {.message = close_and_look, .over = over};
    fake_stream_open(&fake, 0);
    fake_stream_log(&fake);
    fake.stream.user = &user;
    SAY(&fake, "hello");
    fake_stream_turn(&fake);
    TOLD(&fake, "over\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_discarded_takes_nobodys_place, NULL};
    return check_run_with("stream_end", setup, teardown, tests);
}
