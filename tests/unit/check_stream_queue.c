/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stream sends, and what of it has to wait. */
#include <string.h>
#include <sys/socket.h>

#include "base/shared_bytes.h"
#include "check_main.h"
#include "fake_stream.h"

static struct fake_stream fake;

static void setup(void)
{
    fake_stream_init(&fake, "raw");
    fake_stream_open(&fake, STREAM_ACCEPTED);
    TOLD(&fake, "opened\n");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

START_TEST(what_the_socket_takes_is_not_queued)
{
    char heard[10];
    stream_send(&fake.stream, "hello", 5);
    ck_assert_uint_eq(stream_queued(&fake.stream), 0);
    ck_assert_uint_eq(fake_stream_hear(&fake, heard, sizeof heard), 5);
    ck_assert_mem_eq(heard, "hello", 5);
    fake_stream_turn(&fake);
    TOLD(&fake, ""); /* nothing has drained */
    ck_assert_ptr_null(fake.stream.queue);
}
END_TEST

START_TEST(what_it_does_not_take_waits)
{
    size_t sent = fake_stream_fill(&fake);
    ck_assert_uint_gt(stream_queued(&fake.stream), 0);
    ck_assert_uint_eq(fake.budget.held, stream_queued(&fake.stream));
    stream_send(&fake.stream, "tail", 4); /* behind it */
    ck_assert_uint_eq(fake_stream_drain(&fake), sent + 4);
    TOLD(&fake, "drained\n");
    ck_assert_uint_eq(stream_queued(&fake.stream), 0);
    ck_assert_ptr_null(fake.stream.queue);
    ck_assert_uint_eq(fake.budget.held, 0);
}
END_TEST

/* However many they are lent to, they count once. */
START_TEST(shared_bytes_are_not_its_own)
{
    struct shared_bytes *shared = shared_bytes_create(NULL, 1 << 20);
    memset(shared->data, 'x', shared->size);
    size_t sent = fake_stream_fill(&fake), own = fake.budget.held;
    stream_send_shared(&fake.stream, shared);
    ck_assert_uint_eq(fake.budget.held, own);
    ck_assert_uint_eq(stream_held(&fake.stream), own + shared->size);
    ck_assert_uint_eq(shared->references, 2);
    ck_assert_uint_eq(fake_stream_drain(&fake), sent + shared->size);
    ck_assert_uint_eq(shared->references, 1);
    shared_bytes_release(shared);
}
END_TEST

START_TEST(few_shared_bytes_are_copied)
{
    struct shared_bytes *shared = shared_bytes_create(NULL, 10);
    memset(shared->data, 'x', shared->size);
    size_t sent = fake_stream_fill(&fake), own = fake.budget.held;
    stream_send_shared(&fake.stream, shared);
    ck_assert_uint_eq(shared->references, 1);
    ck_assert_uint_eq(fake.budget.held, own + 10);
    shared_bytes_release(shared);
    ck_assert_uint_eq(fake_stream_drain(&fake), sent + 10);
}
END_TEST

/* Nobody gets what is left: it is freed, and given back. */
START_TEST(what_is_queued_goes_with_the_stream)
{
    struct shared_bytes *shared = shared_bytes_create(NULL, 1 << 16);
    memset(shared->data, 'x', shared->size);
    fake_stream_fill(&fake);
    stream_send_shared(&fake.stream, shared);
    shared_bytes_release(shared);
}
END_TEST

START_TEST(a_far_end_that_is_gone_shows_when_the_queue_is_written)
{
    fake_stream_fill(&fake);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over reset\n");
}
END_TEST

START_TEST(reading_goes_on_while_something_is_queued)
{
    size_t sent = fake_stream_fill(&fake);
    SAY(&fake, "hello");
    fake_stream_turn(&fake);
    TOLD(&fake, "message hello\n");
    ck_assert_uint_eq(fake_stream_drain(&fake), sent);
    TOLD(&fake, "drained\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_the_socket_takes_is_not_queued,
                                  what_it_does_not_take_waits,
                                  shared_bytes_are_not_its_own,
                                  few_shared_bytes_are_copied,
                                  what_is_queued_goes_with_the_stream,
                                  a_far_end_that_is_gone_shows_when_the_queue_is_written,
                                  reading_goes_on_while_something_is_queued,
                                  NULL};
    return check_run_with("stream_queue", setup, teardown, tests);
}
