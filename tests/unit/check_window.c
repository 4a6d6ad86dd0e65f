/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/window.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"

static struct window window;

static void setup(void)
{
    window = (struct window){0};
}

static void teardown(void)
{
    window_finish(&window);
    ck_assert_uint_eq(window.bytes, 0);
}

static bool add_of(const char *run, enum subject_kind kind, uint64_t seq, const char *text)
{
    return window_add(&window, &(struct window_event){.kind = kind,
                                                      .run = run,
                                                      .first = seq,
                                                      .last = seq,
                                                      .text = text,
                                                      .size = strlen(text)});
}

static bool add(enum subject_kind kind, uint64_t seq)
{
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)seq);
    return add_of("a", kind, seq, text);
}

/* The next to be sent, which is sent. */
static struct batch *send_next(void)
{
    struct batch *batch = window_next(&window);
    if (batch)
        window_sent(&window, batch);
    return batch;
}

static void is(const struct batch *batch, enum subject_kind kind, const char *lines)
{
    ck_assert_ptr_nonnull(batch);
    ck_assert_int_eq(batch->kind, kind);
    ck_assert_str_eq(utstring_body(&batch->lines), lines);
}

START_TEST(events_of_one_kind_are_one_batch)
{
    ck_assert(add(SUBJECT_TALK, 1));
    ck_assert(!add(SUBJECT_TALK, 2));
    ck_assert_ptr_null(window_next(&window));
    ck_assert(add(SUBJECT_LIFE, 3));
    is(send_next(), SUBJECT_TALK, "1\n2\n");
    ck_assert_ptr_null(window_next(&window));
    window_complete(&window);
    struct batch *life = send_next();
    is(life, SUBJECT_LIFE, "3\n");
    ck_assert_uint_eq(life->first, 3);
    ck_assert_ptr_null(window_next(&window));
}
END_TEST

START_TEST(a_batch_has_one_run_no_gap_and_a_bound)
{
    static char many[BATCH_MOST / 2];
    memset(many, 'x', sizeof many - 1);
    add(SUBJECT_TALK, 1);
    ck_assert(add(SUBJECT_TALK, 3));
    ck_assert(add_of("b", SUBJECT_TALK, 4, "4"));
    ck_assert(add_of("b", SUBJECT_TALK, 6, many));
    ck_assert(!add_of("b", SUBJECT_TALK, 7, many));
    ck_assert(add_of("b", SUBJECT_TALK, 8, ""));
    ck_assert(!add_of("b", SUBJECT_TALK, 9, many));
    window_complete(&window);
    is(send_next(), SUBJECT_TALK, "1\n");
    is(send_next(), SUBJECT_TALK, "3\n");
    is(send_next(), SUBJECT_TALK, "4\n");
    ck_assert_uint_eq(utstring_len(&send_next()->lines), BATCH_MOST);
    ck_assert_uint_eq(send_next()->last, 9);
}
END_TEST

START_TEST(where_the_broker_takes_less_batches_are_smaller)
{
    window.batch_most = 4;
    add(SUBJECT_TALK, 1);
    ck_assert(!add(SUBJECT_TALK, 2));
    ck_assert(add(SUBJECT_TALK, 3));
    is(send_next(), SUBJECT_TALK, "1\n2\n");
}
END_TEST

START_TEST(what_is_lost_is_a_batch_of_its_own)
{
    struct window_event lost = {.kind = SUBJECT_LOST,
                                .run = "a",
                                .first = 2,
                                .last = 9,
                                .text = "lo",
                                .more = "st",
                                .size = 2,
                                .more_size = 2};
    add(SUBJECT_LIFE, 1);
    ck_assert(window_add(&window, &lost));
    lost.first = 10;
    lost.last = 20;
    ck_assert(window_add(&window, &lost));
    window_complete(&window);
    is(send_next(), SUBJECT_LIFE, "1\n");
    struct batch *batch = send_next();
    is(batch, SUBJECT_LOST, "lost\n");
    ck_assert_uint_eq(batch->first, 2);
    ck_assert_uint_eq(batch->last, 9);
}
END_TEST

/* Three batches, all sent. */
static void send_three(struct batch *batches[3])
{
    add(SUBJECT_LIFE, 1);
    add(SUBJECT_TALK, 2);
    add(SUBJECT_LIFE, 3);
    window_complete(&window);
    for (int i = 0; i < 3; i++)
        batches[i] = send_next();
}

START_TEST(what_failed_and_all_behind_it_is_sent_again_but_for_what_is_stored)
{
    struct batch *batches[3];
    send_three(batches);
    window_stored(&window, batches[1]);
    ck_assert_ptr_eq(window.batches, batches[0]);
    window_rewind(&window);
    is(send_next(), SUBJECT_LIFE, "1\n");
    is(send_next(), SUBJECT_LIFE, "3\n");
    ck_assert_ptr_null(send_next());
    window_stored(&window, batches[0]);
    ck_assert_ptr_eq(window.batches, batches[2]);
}
END_TEST

START_TEST(what_is_known_to_be_in_the_stream_is_not_sent_again)
{
    struct batch *batches[3];
    send_three(batches);
    window_rewind(&window);
    window_stored_up_to(&window, "b", 2);
    ck_assert_ptr_eq(window.batches, batches[0]);
    window_stored_up_to(&window, "a", 2);
    is(send_next(), SUBJECT_LIFE, "3\n");
    add(SUBJECT_TALK, 4);
    window_complete(&window);
    window_stored_up_to(&window, "a", 4);
    ck_assert_ptr_null(window.batches);
    ck_assert_ptr_null(send_next());
    add(SUBJECT_TALK, 5);
    window_complete(&window);
    is(send_next(), SUBJECT_TALK, "5\n");
}
END_TEST

START_TEST(of_a_batch_that_is_stored_in_part_the_rest_is_sent)
{
    add(SUBJECT_TALK, 1);
    add(SUBJECT_LIFE, 2);
    add(SUBJECT_LIFE, 3);
    add(SUBJECT_LIFE, 4);
    add(SUBJECT_TALK, 5);
    window_complete(&window);
    window_stored_up_to(&window, "a", 3);
    ck_assert_uint_eq(window.batches->first, 4);
    is(send_next(), SUBJECT_LIFE, "4\n");
    is(send_next(), SUBJECT_TALK, "5\n");
    window_rewind(&window);
    window_stored_up_to(&window, "a", 4);
    is(send_next(), SUBJECT_TALK, "5\n");
}
END_TEST

START_TEST(it_is_full_until_half_of_it_is_stored)
{
    static char many[BATCH_MOST];
    memset(many, 'x', sizeof many - 1);
    uint64_t seq = 0;
    while (!window_is_full(&window))
        add_of("a", SUBJECT_TALK, ++seq, many);
    ck_assert_uint_ge(window.bytes, WINDOW_MOST);
    ck_assert_uint_le(window.bytes, WINDOW_MOST + BATCH_MOST + sizeof(struct batch));
    window_complete(&window);
    while (window_is_full(&window))
        window_stored(&window, send_next());
    ck_assert_uint_lt(window.bytes, WINDOW_MOST / 2);
    ck_assert_uint_gt(window.bytes, WINDOW_MOST / 4);
}
END_TEST

/* --- a stream that loses, and a window that does not --- */

enum { EVENTS = 3000, SEEDS = 30, FLIGHT = 4000 };

static unsigned long long state;

static unsigned random_below(unsigned most)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % most;
}

/* What a broker with a window of ids has stored, in order. */
static struct stored {
    uint64_t first[EVENTS], last[EVENTS];
    char *lines[EVENTS];
    int count;
    int at[EVENTS + 1]; /* by first: its place, from 1; 0: none */
} stored;

static void store(const struct batch *batch)
{
    const char *lines = utstring_body(&batch->lines);
    int *at = &stored.at[batch->first];
    if (*at > 0) {
        ck_assert_str_eq(stored.lines[*at - 1], lines); /* the same as before */
        return;
    }
    stored.first[stored.count] = batch->first;
    stored.last[stored.count] = batch->last;
    stored.lines[stored.count] = mem_strdup(lines);
    *at = ++stored.count;
}

/* A connection: what is sent arrives in order, up to where it is lost; so do the answers. */
static void connection(void)
{
    struct batch *flight[FLIGHT];
    int sent = 0, answered = 0;
    const int arrive = (int)random_below(40);
    struct batch *batch;
    while (sent < FLIGHT && (batch = send_next()))
        flight[sent++] = batch;
    for (int i = 0; i < sent && i < arrive; i++)
        store(flight[i]);
    const int answers = arrive < sent ? arrive : sent;
    for (const int heard = (int)random_below((unsigned)answers + 1); answered < heard;
         answered++)
        window_stored(&window, flight[answered]);
}

static void reconnect(void)
{
    window_rewind(&window);
    if (stored.count > 0 && random_below(2) == 0)
        window_stored_up_to(&window, "a", stored.last[stored.count - 1]);
}

static void all_are_stored_in_order(void)
{
    uint64_t next = 1;
    for (int i = 0; i < stored.count; i++) {
        ck_assert_uint_eq(stored.first[i], next);
        for (char *at = stored.lines[i]; *at; at = strchr(at, '\n') + 1)
            ck_assert_uint_eq(strtoull(at, NULL, 10), next++);
        ck_assert_uint_eq(next, stored.last[i] + 1);
        free(stored.lines[i]);
    }
    ck_assert_uint_eq(next, EVENTS + 1);
    stored = (struct stored){0};
}

static void live(unsigned seed)
{
    state = seed;
    uint64_t seq = 0;
    while (seq < EVENTS || window.open || window.batches) {
        for (unsigned more = random_below(30); more > 0 && seq < EVENTS; more--)
            add(random_below(3) == 0 ? SUBJECT_LIFE : SUBJECT_TALK, ++seq);
        if (random_below(3) > 0)
            window_complete(&window);
        connection();
        reconnect();
    }
    all_are_stored_in_order();
}

START_TEST(nothing_is_lost_or_comes_twice_however_often_a_connection_ends)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++)
        live(seed);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        events_of_one_kind_are_one_batch,
        a_batch_has_one_run_no_gap_and_a_bound,
        where_the_broker_takes_less_batches_are_smaller,
        what_is_lost_is_a_batch_of_its_own,
        what_failed_and_all_behind_it_is_sent_again_but_for_what_is_stored,
        what_is_known_to_be_in_the_stream_is_not_sent_again,
        of_a_batch_that_is_stored_in_part_the_rest_is_sent,
        it_is_full_until_half_of_it_is_stored,
        nothing_is_lost_or_comes_twice_however_often_a_connection_ends,
        NULL};
    return check_run_with("window", setup, teardown, tests);
}
