/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/publisher.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/log.h"
#include "check_main.h"
#include "fake_bus.h"
#include "loop/loop.h"

#define INFO "$JS.API.STREAM.INFO.TELEX"
#define CREATE "$JS.API.STREAM.CREATE.TELEX"
#define GET "$JS.API.STREAM.MSG.GET.TELEX"
#define TALK "telex.e.berlin.talk"
#define LIFE "telex.e.berlin.life"
#define STORED "{\"stream\":\"TELEX\",\"seq\":1}"

static const struct jetstream_settings settings = {
    .node = "berlin", .max_age = 3600000000, .max_bytes = 1 << 20};

static struct loop loop;
static struct bus *bus;
static struct publisher *publisher;
static struct jetstream_last begun; /* as it began */
static int begins, rooms;

static void begin(void *context, const struct jetstream_last *last)
{
    (void)context;
    begun = *last;
    begins++;
}

static void room(void *context)
{
    (void)context;
    rooms++;
}

static void setup(void)
{
    static const struct publisher_hooks hooks = {.begin = begin, .room = room};
    loop_init(&loop);
    bus = fake_bus_create();
    publisher = publisher_create(&loop, bus, &settings, &hooks);
    begins = rooms = 0;
}

static void teardown(void)
{
    publisher_destroy(publisher);
    fake_bus_destroy(bus);
    loop_finish(&loop);
}

/* The next question, as soon as it is asked, which is on that subject. */
static struct bus_request *asks(const char *subject)
{
    while (!fake_bus_first(bus))
        loop_poll(&loop);
    ck_assert_str_eq(fake_bus_first(bus)->subject, subject);
    return fake_bus_first(bus);
}

static void answer_last(const char *id, unsigned seq)
{
    UT_string answer;
    char headers[200];
    snprintf(headers, sizeof headers, "NATS/1.0\r\nNats-Msg-Id: %s\r\nTelex-Last: %u\r\n\r\n",
             id, seq);
    utstring_init(&answer);
    utstring_printf(&answer, "{\"message\":{\"hdrs\":\"");
    base64_encode(&answer, headers, strlen(headers));
    utstring_printf(&answer, "\"}}");
    fake_bus_answer(asks(GET), 0, utstring_body(&answer));
    utstring_done(&answer);
}

static void answer_none(void)
{
    fake_bus_answer(asks(GET), 0, "{\"error\":{\"err_code\":10037,\"description\":\"none\"}}");
}

static void connect_bus(void)
{
    fake_bus_connect(bus);
    publisher_connected(publisher);
}

static void lose_bus(void)
{
    fake_bus_lose(bus);
    publisher_lost(publisher);
}

/* Connected, and begun. */
static void start(void)
{
    connect_bus();
    fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
    answer_none();
    ck_assert_int_eq(begins, 1);
}

static void add(enum subject_kind kind, uint64_t seq)
{
    char text[32];
    const int size = snprintf(text, sizeof text, "%llu", (unsigned long long)seq);
    publisher_add(publisher, &(struct window_event){.kind = kind,
                                                    .run = "r",
                                                    .first = seq,
                                                    .last = seq,
                                                    .text = text,
                                                    .size = (size_t)size});
}

/* The oldest question that is a batch. */
static struct bus_request *sends(const char *subject, const char *id, const char *data)
{
    struct bus_request *batch = asks(subject);
    ck_assert_str_eq(batch->id, id);
    ck_assert_str_eq(batch->data, data);
    return batch;
}

static void stored(struct bus_request *batch)
{
    fake_bus_answer(batch, 0, STORED);
}

START_TEST(the_stream_is_made_where_it_is_not_there)
{
    connect_bus();
    fake_bus_answer(asks(INFO), 0, "{\"error\":{\"err_code\":10059,\"description\":\"no\"}}");
    ck_assert_ptr_nonnull(strstr(asks(CREATE)->data, "\"num_replicas\":3"));
    fake_bus_answer(asks(CREATE), 0,
                    "{\"error\":{\"err_code\":10074,\"description\":\"one\"}}");
    ck_assert_ptr_nonnull(strstr(asks(CREATE)->data, "\"num_replicas\":1"));
    fake_bus_answer(asks(CREATE), 0, "{\"config\":{}}");
    ck_assert_str_eq(asks(GET)->data, "{\"last_by_subj\":\"telex.e.berlin.>\"}");
    answer_last("berlin-r-7", 9);
    ck_assert_int_eq(begins, 1);
    ck_assert_str_eq(begun.run, "r");
    ck_assert_uint_eq(begun.last, 9);
}
END_TEST

START_TEST(a_broker_without_jetstream_is_asked_again)
{
    connect_bus();
    fake_bus_answer(asks(INFO), 503, "");
    ck_assert_uint_eq(fake_bus_count(bus), 0);
    fake_bus_ignore(asks(INFO));
    fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
    answer_none();
    ck_assert_int_eq(begins, 1);
}
END_TEST

START_TEST(batches_are_sent_one_behind_the_other)
{
    start();
    add(SUBJECT_TALK, 1);
    add(SUBJECT_TALK, 2);
    ck_assert_uint_eq(fake_bus_count(bus), 0);
    add(SUBJECT_LIFE, 3);
    struct bus_request *talk = sends(TALK, "berlin-r-1", "1\n2\n");
    ck_assert_str_eq(talk->last, "2");
    publisher_flush(publisher);
    ck_assert_uint_eq(fake_bus_count(bus), 2);
    stored(talk);
    stored(sends(LIFE, "berlin-r-3", "3\n"));
    ck_assert_uint_eq(fake_bus_count(bus), 0);
    add(SUBJECT_LIFE, 4); /* is complete by itself after a while */
    stored(sends(LIFE, "berlin-r-4", "4\n"));
}
END_TEST

START_TEST(after_a_connection_is_lost_what_is_not_stored_is_sent_again)
{
    start();
    for (uint64_t seq = 1; seq <= 3; seq++) {
        add(SUBJECT_TALK, seq);
        publisher_flush(publisher);
    }
    stored(asks(TALK));
    lose_bus();
    add(SUBJECT_TALK, 4);
    publisher_flush(publisher);
    connect_bus();
    fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
    answer_last("berlin-r-2", 2);
    stored(sends(TALK, "berlin-r-3", "3\n"));
    stored(sends(TALK, "berlin-r-4", "4\n"));
    ck_assert_int_eq(begins, 1);
}
END_TEST

START_TEST(what_failed_is_sent_again_whatever_is_stored_behind_it)
{
    start();
    for (uint64_t seq = 1; seq <= 3; seq++) {
        add(SUBJECT_TALK, seq);
        publisher_flush(publisher);
    }
    struct bus_request *failed = asks(TALK);
    stored(failed->next);
    fake_bus_answer(failed, 0, "{\"error\":{\"err_code\":10077,\"description\":\"full\"}}");
    fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
    answer_last("berlin-r-3", 3);
    stored(sends(TALK, "berlin-r-1", "1\n"));
    stored(sends(TALK, "berlin-r-3", "3\n"));
    ck_assert_uint_eq(fake_bus_count(bus), 0);
}
END_TEST

START_TEST(of_a_batch_that_somebody_else_stored_in_part_the_rest_is_sent)
{
    start();
    add(SUBJECT_TALK, 1);
    add(SUBJECT_TALK, 2);
    add(SUBJECT_TALK, 3);
    publisher_flush(publisher);
    fake_bus_answer(asks(TALK), 0, "{\"stream\":\"TELEX\",\"seq\":1,\"duplicate\":true}");
    fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
    answer_last("berlin-r-1", 2);
    stored(sends(TALK, "berlin-r-3", "3\n"));
}
END_TEST

START_TEST(what_is_stored_and_gone_from_the_stream_is_not_sent_for_ever)
{
    start();
    add(SUBJECT_TALK, 1);
    publisher_flush(publisher);
    for (int twice = 0; twice < 2; twice++) {
        fake_bus_answer(asks(TALK), 0, "{\"stream\":\"TELEX\",\"seq\":1,\"duplicate\":true}");
        if (twice == 0) {
            fake_bus_answer(asks(INFO), 0, "{\"config\":{}}");
            answer_none();
        }
    }
    ck_assert_uint_eq(fake_bus_count(bus), 0);
    ck_assert(!publisher_is_full(publisher));
}
END_TEST

START_TEST(it_is_full_until_half_is_stored)
{
    uint64_t seq = 0;
    start();
    for (; !publisher_is_full(publisher); seq++)
        add(seq % 2 ? SUBJECT_TALK : SUBJECT_LIFE, seq + 1);
    ck_assert_int_eq(rooms, 0);
    while (rooms == 0)
        stored(fake_bus_first(bus));
    ck_assert(!publisher_is_full(publisher));
    ck_assert_uint_gt(fake_bus_count(bus), seq / 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_stream_is_made_where_it_is_not_there,
                                  a_broker_without_jetstream_is_asked_again,
                                  batches_are_sent_one_behind_the_other,
                                  after_a_connection_is_lost_what_is_not_stored_is_sent_again,
                                  what_failed_is_sent_again_whatever_is_stored_behind_it,
                                  of_a_batch_that_somebody_else_stored_in_part_the_rest_is_sent,
                                  what_is_stored_and_gone_from_the_stream_is_not_sent_for_ever,
                                  it_is_full_until_half_is_stored,
                                  NULL};
    return check_run_with("publisher", setup, teardown, tests);
}
