/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chunk is an observer's here: what it is told goes in until it is full. */
#include "core/history_chunk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/history_message.h"
#include "core/hub_parts.h"
#include "core/link.h"
#include "core/told.h"
#include "core/told_pack.h"
#include "fake_hub.h"

enum { WEIGHT = 4096 };

static struct history_chunk *chunk;
static bool full;

static bool add(const struct hub_event *event)
{
    struct link_description room;
    struct told told;
    const bool message = OBSERVER_WANTS(event->type) & OBSERVER_MESSAGES;
    struct history_parts parts = {.event = event};
    if (message && history_chunk_answer(chunk, event))
        return true;
    if (message) {
        parts.head = history_message_size(event);
        parts.size = event->message.size;
    } else {
        told_of_event(&told, event, &room);
        parts.told = &told;
        parts.head = told_pack_size(&told);
    }
    return history_chunk_add(chunk, &parts);
}

static void watch(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    if (chunk->count == 0)
        history_chunk_begin(chunk, event->seq);
    full = full || !add(event);
}

static struct observer observer = {.notice = watch, .wants = OBSERVER_ALL};

static void setup(void)
{
    setup_world();
    full = false;
    chunk = history_chunk_create(WEIGHT);
    history_chunk_begin(chunk, 1);
    audience_join(&hub->audience, &observer);
}

static void teardown(void)
{
    audience_leave(&hub->audience, &observer);
    free(chunk);
    teardown_world();
}

static void check_at(const struct history_place *place, uint64_t seq)
{
    const struct history_place found = history_chunk_find(chunk, seq);
    struct told told;
    ck_assert_uint_eq(found.at, place->at);
    ck_assert(found.answer == place->answer);
    history_chunk_read(place, &told);
    ck_assert_uint_eq(told.seq, seq);
}

/* From its first to its last, and back. */
static void check_all(void)
{
    struct history_place place = {.chunk = chunk};
    uint64_t seq = chunk->first;
    check_at(&place, seq);
    while (history_chunk_next(&place))
        check_at(&place, ++seq);
    ck_assert_uint_eq(seq + 1, history_chunk_end(chunk));
    place = history_chunk_last(chunk);
    check_at(&place, seq);
    while (history_chunk_back(&place))
        check_at(&place, --seq);
    ck_assert_uint_eq(seq, chunk->first);
}

START_TEST(takes_until_it_is_full)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    ck_assert_uint_eq(history_chunk_weight(chunk), WEIGHT);
    while (!full)
        receive_text(link, "to be kept");
    ck_assert_uint_eq(history_chunk_end(chunk), hub->seq);
    ck_assert_uint_eq(chunk->messages, chunk->count - 2); /* listening, open */
    ck_assert_uint_gt(chunk->used, chunk->size - 128);
    check_all();
    history_chunk_begin(chunk, 100);
    ck_assert_uint_eq(history_chunk_end(chunk), 100);
    ck_assert_uint_eq(history_chunk_weight(chunk), WEIGHT);
}
END_TEST

START_TEST(answers_stand_with_their_messages)
{
    struct fake_link *echo = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct fake_link *mute = make_peer("tcp://127.0.0.1:2?reply=none");
    receive_text(echo, "one");
    const size_t used = chunk->used;
    receive_text(echo, "two");
    ck_assert(history_chunk_last(chunk).answer);
    receive_text(mute, "two");
    ck_assert(!history_chunk_last(chunk).answer);
    ck_assert_uint_le(chunk->used - used, 2 * (used - history_chunk_find(chunk, 5).at));
    receive_text(echo, "");
    send_text(echo, "two");
    check_all();
}
END_TEST

START_TEST(says_what_one_needs)
{
    static char text[WEIGHT];
    const struct history_parts parts = {.head = 48, .size = sizeof text};
    ck_assert_uint_gt(history_chunk_least(&parts), sizeof *chunk + sizeof text + 48);
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    hub_receive(hub, link->link.peer, text, sizeof text, false);
    ck_assert(full);
    check_all();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {takes_until_it_is_full, answers_stand_with_their_messages,
                                  says_what_one_needs, NULL};
    return check_run_with("history_chunk", setup, teardown, tests);
}
