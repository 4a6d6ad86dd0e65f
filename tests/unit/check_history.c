/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/history.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "core/hub_parts.h"
#include "core/told.h"
#include "fake_hub.h"

enum { ROOM = 64 << 10 };

static struct history *const history = &world.hub.history;

static void keep(uint64_t bytes)
{
    struct hub_settings settings = hub->settings;
    settings.history = bytes;
    hub_configure(hub, &settings);
}

static void setup(void)
{
    setup_world();
    keep(ROOM);
}

static struct told read_at(uint64_t seq)
{
    struct history_place place;
    struct told told;
    ck_assert_msg(history_find(history, seq, &place), "%" PRIu64 " is not kept", seq);
    history_read(&place, &told);
    ck_assert_uint_eq(told.seq, seq);
    return told;
}

/* All that is kept can be found, gone through in both ways, and read. */
static void check_whole(void)
{
    struct history_place place, found;
    struct told told;
    uint64_t seq = history_first(history);
    ck_assert(history_find(history, seq, &place));
    for (;; seq++) {
        ck_assert(history_find(history, seq, &found));
        ck_assert_ptr_eq(found.chunk, place.chunk);
        ck_assert_uint_eq(found.at, place.at);
        ck_assert(found.answer == place.answer);
        history_read(&place, &told);
        ck_assert_uint_eq(told.seq, seq);
        if (!history_next(&place))
            break;
    }
    ck_assert_uint_eq(seq, hub->seq);
    while (history_back(&place))
        seq--;
    history_read(&place, &told);
    ck_assert_uint_eq(seq, history_first(history));
    ck_assert_uint_eq(told.seq, seq);
}

static void say_numbered(struct fake_link *link, unsigned count)
{
    char text[32];
    for (unsigned i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%" PRIu64, hub->seq + 1);
        receive_text(link, text);
    }
}

START_TEST(nothing_at_first)
{
    struct history_place place;
    ck_assert_uint_eq(history_first(history), 1);
    ck_assert_uint_eq(hub->budget.held, 0);
    for (uint64_t seq = 0; seq < 3; seq++)
        ck_assert(!history_find(history, seq, &place));
}
END_TEST

START_TEST(keeps_what_was_told)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?name=front");
    receive_text(link, "before");
    hub_name(hub, link->link.peer, "boiler");
    send_text(link, "how warm?");
    hub_name(hub, link->link.peer, NULL);
    hub_detach(hub, link->link.peer, CLOSE_RESET, "gone");
    hub_run_deferred(hub);
    ck_assert_str_eq(read_at(1).endpoint, "tcp://127.0.0.1:1");
    ck_assert_int_eq(read_at(2).type, HUB_OPEN);
    struct told told = read_at(3);
    ck_assert_int_eq(told.type, HUB_MESSAGE);
    ck_assert_int_eq(told.time, FAKE_WALL);
    ck_assert_ptr_null(told.peer.name);
    ck_assert_str_eq(told.listener.name, "front");
    ck_assert_mem_eq(told.message.data, "before", 6);
    told = read_at(5);
    ck_assert_int_eq(told.type, HUB_SENT);
    ck_assert_str_eq(told.peer.name, "boiler"); /* as it was then */
    ck_assert_uint_eq(told.message.console, 1);
    ck_assert_str_eq(read_at(7).close.error, "gone");
    check_whole();
}
END_TEST

START_TEST(the_oldest_goes)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    struct history_place place;
    char number[5] = "";
    say_numbered(link, 10000);
    const uint64_t first = history_first(history);
    ck_assert_uint_gt(first, 9000);
    ck_assert_uint_lt(first, hub->seq - ROOM / 200);
    ck_assert(!history_find(history, first - 1, &place));
    ck_assert(!history_find(history, hub->seq + 1, &place));
    check_whole();
    const struct told oldest = read_at(first);
    ck_assert_uint_eq(oldest.message.size, 4); /* its number */
    memcpy(number, oldest.message.data, 4);
    ck_assert_uint_eq(strtoul(number, NULL, 10), first);
    ck_assert_uint_eq(hub->budget.held, history->memory.held);
    ck_assert_uint_le(history->memory.held, ROOM);
    ck_assert_uint_gt(history->memory.held, ROOM - ROOM / 8);
}
END_TEST

START_TEST(counts_what_went)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    uint64_t messages, events;
    history_gone(history, 1, hub->seq, &messages, &events);
    ck_assert_uint_eq(messages + events, 0);
    say_numbered(link, 10000);
    const uint64_t first = history_first(history);
    history_gone(history, 1, hub->seq, &messages, &events);
    ck_assert_uint_eq(events, 2); /* listening and open */
    ck_assert_uint_eq(messages, first - 1 - 2);
    history_gone(history, 5001, hub->seq, &messages, &events);
    ck_assert_uint_eq(messages + events, first - 1 - 5000);
    history_gone(history, 5001, 5010, &messages, &events);
    ck_assert_uint_eq(messages + events, 10);
    history_gone(history, first, hub->seq, &messages, &events);
    ck_assert_uint_eq(messages + events, 0);
    history_gone(history, UINT64_MAX, UINT64_MAX - 1, &messages, &events);
    ck_assert_uint_eq(messages + events, 0);
}
END_TEST

START_TEST(long_ones)
{
    static char text[ROOM];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    memset(text, 'x', sizeof text);
    for (size_t size = 1; size < sizeof text / 2; size = size * 2 + 1) {
        hub_receive(hub, link->link.peer, text, size, false);
        check_whole();
        ck_assert_uint_le(history->memory.held, ROOM);
        ck_assert_uint_eq(read_at(hub->seq).message.size, size);
    }
    ck_assert_ptr_nonnull(read_at(hub->seq).message.data);
    hub_receive(hub, link->link.peer, text, sizeof text, false);
    ck_assert_ptr_null(read_at(hub->seq).message.data); /* there is no room for it */
    ck_assert_uint_eq(read_at(hub->seq).message.size, sizeof text);
    check_whole();
}
END_TEST

START_TEST(the_same_bytes_again_take_no_room)
{
    static char text[1000];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    memset(text, 'x', sizeof text);
    hub_receive(hub, link->link.peer, text, sizeof text, false);
    const struct told heard = read_at(hub->seq - 1), answered = read_at(hub->seq);
    ck_assert_int_eq(answered.type, HUB_SENT);
    ck_assert_ptr_eq(answered.message.data, heard.message.data);
    ck_assert_uint_eq(answered.message.size, sizeof text);
    text[999] = 'y';
    send_text(link, "y");
    ck_assert_mem_eq(read_at(hub->seq).message.data, "y", 1);
    for (unsigned i = 0; i < 1000; i++) { /* in each chunk anew */
        text[0] = (char)(i / 100);
        hub_receive(hub, link->link.peer, text, sizeof text, false);
        ck_assert_mem_eq(read_at(hub->seq).message.data, text, sizeof text);
        ck_assert_mem_eq(read_at(hub->seq - 1).message.data, text, sizeof text);
    }
    check_whole();
    ck_assert_uint_gt(hub->seq - history_first(history), 2 * ROOM / sizeof text);
    hub_receive(hub, link->link.peer, "", 0, false);
    ck_assert_ptr_nonnull(read_at(hub->seq).message.data);
    ck_assert_uint_eq(read_at(hub->seq).message.size, 0);
}
END_TEST

START_TEST(an_answer_takes_no_room)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo&name=front");
    hub_name(hub, link->link.peer, "boiler");
    receive_text(link, "once");
    const struct told heard = read_at(hub->seq - 1), answered = read_at(hub->seq);
    ck_assert_int_eq(heard.type, HUB_MESSAGE);
    ck_assert(!heard.message.automatic);
    ck_assert_int_eq(answered.type, HUB_SENT);
    ck_assert(answered.message.automatic);
    ck_assert_str_eq(answered.peer.name, "boiler");
    ck_assert_str_eq(answered.listener.name, "front");
    ck_assert_ptr_eq(answered.message.data, heard.message.data);
    const struct history_place place = history_chunk_last(history->chunks->prev);
    ck_assert(place.answer);
    send_text(link, "once"); /* by hand: of its own */
    ck_assert(!history_chunk_last(history->chunks->prev).answer);
    ck_assert_uint_eq(read_at(hub->seq).message.console, 1);
    check_whole();
    say_numbered(link, 10000);
    check_whole();
}
END_TEST

START_TEST(chunks_grow_and_are_used_again)
{
    enum { MOST = 8 * MEM_HUGE };
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    static char text[40000];
    unsigned again = 0;
    keep(MOST);
    receive_text(link, "x");
    ck_assert_uint_le(history->memory.held, 512 << 10);
    for (unsigned i = 0; i < 2 * MOST / sizeof text; i++) {
        const struct history_chunk *oldest = history->chunks;
        const bool large = history_chunk_weight(oldest) == MEM_HUGE;
        memcpy(text, &i, sizeof i);
        hub_receive(hub, link->link.peer, text, sizeof text, false);
        ck_assert_uint_le(history->memory.held, MOST);
        if (large && history->chunks != oldest) {
            ck_assert_ptr_eq(history->chunks->prev, oldest);
            again++;
        }
    }
    ck_assert_uint_gt(again, MOST / MEM_HUGE / 2);
    ck_assert_uint_eq(history->memory.held, MOST);
    check_whole();
}
END_TEST

START_TEST(a_long_one_to_many)
{
    static char text[ROOM / 2];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    for (unsigned i = 0; i < 20; i++)
        hub_send(hub, link->link.peer, text, sizeof text, 1, NULL);
    check_whole();
    ck_assert_uint_eq(history_first(history), 1);
    ck_assert_ptr_eq(read_at(hub->seq).message.data, read_at(hub->seq - 19).message.data);
}
END_TEST

START_TEST(where_nothing_fits)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    struct history_place place;
    keep(10);
    uint64_t messages, events;
    say_numbered(link, 200); /* the last chunk gets full */
    ck_assert_uint_eq(history_first(history), hub->seq + 1);
    ck_assert(!history_find(history, hub->seq, &place));
    ck_assert_uint_eq(hub->budget.held, 0);
    history_gone(history, 1, hub->seq, &messages, &events);
    ck_assert_uint_eq(messages, 200);
    ck_assert_uint_eq(events, 2);
    keep(ROOM);
    say_numbered(link, 2);
    ck_assert_uint_eq(history_first(history), hub->seq - 1);
    check_whole();
}
END_TEST

START_TEST(takes_a_quarter_of_memory_at_most)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    struct hub_settings settings = hub->settings;
    say_numbered(link, 5000);
    ck_assert_uint_gt(hub->budget.held, ROOM / 2);
    settings.max_memory = ROOM;
    hub_configure(hub, &settings);
    say_numbered(link, 5000);
    ck_assert_uint_le(hub->budget.held, ROOM / 4);
    check_whole();
}
END_TEST

START_TEST(gives_memory_up)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    say_numbered(link, 5000);
    ck_assert_ptr_eq(budget_greatest(&hub->budget), &history->memory);
    history->memory.close(&history->memory);
    ck_assert_uint_eq(hub->budget.held, 0);
    ck_assert_uint_eq(history_first(history), hub->seq + 1);
    budget_set_out(&hub->budget, true);
    say_numbered(link, 5000);
    ck_assert_uint_eq(hub->budget.held, 0);
    budget_set_out(&hub->budget, false);
    ck_assert_int_eq(budget_step(&hub->budget, world.now), BUDGET_GOOD);
    say_numbered(link, 5);
    ck_assert_uint_eq(history_first(history), hub->seq - 4);
    check_whole();
}
END_TEST

START_TEST(another_limit)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    say_numbered(link, 5000);
    const uint64_t first = history_first(history);
    keep(4 * ROOM);
    say_numbered(link, 5000);
    ck_assert_uint_gt(history->memory.held, 2 * ROOM);
    keep(ROOM / 2);
    ck_assert_uint_le(history->memory.held, ROOM / 2);
    ck_assert_uint_gt(history_first(history), first);
    check_whole();
    say_numbered(link, 5000);
    ck_assert_uint_le(history->memory.held, ROOM / 2);
    check_whole();
}
END_TEST

START_TEST(begins_in_the_middle)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    keep(0);
    ck_assert_uint_eq(hub->budget.held, 0);
    ck_assert_ptr_null(hub->budget.holders);
    say_numbered(link, 5);
    ck_assert_uint_eq(history_first(history), hub->seq + 1);
    keep(ROOM);
    ck_assert_uint_eq(history_first(history), hub->seq + 1);
    say_numbered(link, 5);
    check_whole();
    ck_assert_uint_eq(history_first(history), hub->seq - 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_at_first,
                                  keeps_what_was_told,
                                  the_oldest_goes,
                                  counts_what_went,
                                  long_ones,
                                  the_same_bytes_again_take_no_room,
                                  an_answer_takes_no_room,
                                  chunks_grow_and_are_used_again,
                                  a_long_one_to_many,
                                  where_nothing_fits,
                                  takes_a_quarter_of_memory_at_most,
                                  gives_memory_up,
                                  another_limit,
                                  begins_in_the_middle,
                                  NULL};
    return check_run_with("history", setup, teardown_world, tests);
}
