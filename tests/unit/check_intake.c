/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/intake.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"

static struct intake intake;
static char heard[4096]; /* what it told, with a blank before each */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    const size_t size = strlen(heard);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(heard + size, sizeof heard - size, format, arguments);
    va_end(arguments);
}

static void event(void *context, const struct event_line *line)
{
    (void)context;
    say(" %d", (int)line->seq);
}

static void lost(void *context, uint64_t first, uint64_t last, uint64_t messages)
{
    (void)context;
    say(" lost:%d-%d/%d", (int)first, (int)last, (int)messages);
}

static void replay(void *context, uint64_t after)
{
    (void)context;
    say(" ask:%d", (int)after);
}

static const struct intake_hooks hooks = {.event = event, .lost = lost, .replay = replay};

static void setup(void)
{
    intake_init(&intake, &hooks, "", 0);
    *heard = '\0';
}

static void teardown(void)
{
    intake_finish(&intake);
}

static void told(const char *expected)
{
    ck_assert_str_eq(heard, expected);
    *heard = '\0';
}

static void line(const char *rest)
{
    char text[200];
    const int size = snprintf(text, sizeof text, "{\"time\":\"x\",\"event\":%s}", rest);
    intake_line(&intake, text, (size_t)size);
}

static void happens(int seq)
{
    char text[64];
    snprintf(text, sizeof text, "\"message\",\"seq\":%d", seq);
    line(text);
}

static void again(int seq)
{
    char text[64];
    snprintf(text, sizeof text, "\"message\",\"seq\":%d,\"replayed\":true", seq);
    line(text);
}

static void skipped(int messages, int events)
{
    char text[64];
    snprintf(text, sizeof text, "\"lost\",\"messages\":%d,\"events\":%d", messages, events);
    line(text);
}

static void answered(void)
{
    line("\"result\",\"input\":1,\"command\":\"replay\"");
}

/* A telexd with so many events before us, of a run that begins with it. */
static void attach(const char *run, uint64_t seq)
{
    intake_hello(&intake, run, seq);
    intake_ready(&intake);
}

START_TEST(events_are_told_as_they_come)
{
    attach("a", 0);
    happens(1);
    happens(2);
    line("\"target\",\"peer\":null");
    line("\"result\",\"input\":1");
    happens(3);
    told(" 1 2 3");
}
END_TEST

START_TEST(what_was_before_is_asked_for_first)
{
    intake_hello(&intake, "a", 2);
    happens(3);
    told("");
    intake_ready(&intake);
    told(" ask:0");
    again(1);
    happens(4);
    again(2);
    told(" 1 2");
    again(3);
    answered();
    told(" 3 4");
    happens(5);
    told(" 5");
}
END_TEST

START_TEST(what_the_stream_has_is_not_asked_for)
{
    intake_finish(&intake);
    intake_init(&intake, &hooks, "a", 7);
    attach("a", 7);
    happens(7);
    happens(8);
    told(" 8");
    intake_away(&intake);
    attach("a", 10);
    told(" ask:8");
    again(9);
    again(10);
    answered();
    happens(11);
    told(" 9 10 11");
}
END_TEST

START_TEST(another_run_begins_anew)
{
    attach("a", 0);
    happens(1);
    intake_away(&intake);
    attach("b", 1);
    told(" 1 ask:0");
    again(1);
    answered();
    happens(2);
    told(" 1 2");
    ck_assert_str_eq(intake.run, "b");
}
END_TEST

START_TEST(what_telexd_skipped_is_asked_for)
{
    attach("a", 0);
    happens(1);
    skipped(2, 1);
    told(" 1 ask:1");
    happens(5);
    again(2);
    again(3);
    again(4);
    answered();
    told(" 2 3 4 5");
    happens(8);
    told(" ask:5");
    again(6);
    again(7);
    again(8);
    answered();
    happens(9);
    told(" 6 7 8 9");
}
END_TEST

START_TEST(what_is_skipped_meanwhile_is_asked_for_behind_it)
{
    attach("a", 2);
    again(1);
    skipped(2, 0);
    again(2);
    told(" ask:0 1 2");
    answered();
    told(" ask:2");
    again(3);
    again(4);
    answered();
    told(" 3 4");
}
END_TEST

START_TEST(what_is_kept_no_more_is_lost_with_its_numbers)
{
    attach("a", 9);
    skipped(5, 2);
    again(8);
    again(9);
    answered();
    told(" ask:0 lost:1-7/5 8 9");
    attach("b", 9);
    again(8);
    again(9);
    answered();
    told(" ask:0 lost:1-7/7 8 9");
}
END_TEST

START_TEST(where_all_is_gone_the_next_event_tells_how_much)
{
    attach("a", 3);
    skipped(2, 1);
    answered();
    told(" ask:0");
    happens(4);
    told(" lost:1-3/2 4");
    attach("b", 3);
    skipped(2, 1);
    answered();
    happens(7); /* of what came after nothing is known yet */
    told(" ask:0 ask:0");
    skipped(3, 1);
    again(5);
    again(6);
    again(7);
    answered();
    told(" lost:1-4/3 5 6 7");
}
END_TEST

START_TEST(a_telexd_that_keeps_nothing_loses_what_was_missed)
{
    attach("a", 3);
    line("\"error\",\"error\":\"nothing is kept\",\"command\":\"replay\",\"input\":1");
    told(" ask:0");
    happens(4);
    told(" lost:1-3/3 4");
    happens(9);
    told(" ask:4");
    line("\"error\",\"error\":\"nothing is kept\",\"command\":\"replay\",\"input\":2");
    told(" lost:5-8/4 9");
}
END_TEST

START_TEST(what_it_has_no_room_for_is_asked_for_again)
{
    static char text[1 << 20];
    attach("a", 1);
    for (int seq = 2; seq < 10; seq++) {
        const int begin = snprintf(text, sizeof text,
                                   "{\"time\":\"x\",\"event\":\"message\",\"seq\":%d,", seq);
        memset(text + begin, 'x', sizeof text - (size_t)begin);
        intake_line(&intake, text, sizeof text);
    }
    ck_assert_uint_le(utstring_len(&intake.waiting), INTAKE_WAITING_MAX);
    again(1);
    told(" ask:0 1");
    answered();
    told(" 2 3 4 ask:4");
}
END_TEST

START_TEST(a_lost_connection_forgets_what_waits)
{
    attach("a", 1);
    happens(2);
    intake_away(&intake);
    told(" ask:0");
    attach("a", 2);
    told(" ask:0");
    again(1);
    again(2);
    answered();
    happens(3);
    told(" 1 2 3");
}
END_TEST

/* --- a telexd of which much is missed --- */

enum { EVENTS = 2000, SEEDS = 100 };

static unsigned long long state;
static uint64_t next_heard, lost_count;
static struct daemon {
    uint64_t seq, first; /* of the last event, and of the first that is kept */
    uint64_t skips;      /* events so far that the console was not read for */
    uint64_t at, up_to;  /* what is told again now */
    bool asked, attached;
} telexd;

static unsigned random_below(unsigned most)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % most;
}

static void count_event(void *context, const struct event_line *event)
{
    (void)context;
    ck_assert_uint_eq(event->seq, next_heard++);
}

static void count_lost(void *context, uint64_t first, uint64_t last, uint64_t messages)
{
    (void)context;
    ck_assert_uint_eq(first, next_heard);
    ck_assert_uint_lt(last, telexd.first); /* what is kept is never given up */
    ck_assert_uint_le(messages, last - first + 1);
    lost_count += last - first + 1;
    next_heard = last + 1;
}

static void begin_replay(void *context, uint64_t after)
{
    (void)context;
    ck_assert(!telexd.asked);
    telexd.asked = true;
    telexd.at = after + 1;
    telexd.up_to = telexd.seq;
    if (telexd.at < telexd.first && telexd.at <= telexd.up_to) {
        const uint64_t end = telexd.first <= telexd.up_to ? telexd.first : telexd.up_to + 1;
        skipped((int)(end - telexd.at), 0);
        telexd.at = end;
    }
}

static void reattach(void)
{
    if (telexd.attached)
        intake_away(&intake);
    telexd.attached = true;
    telexd.asked = false;
    telexd.skips = 0;
    attach("a", telexd.seq);
}

/* One event; the console has no room for some, and is told how many when it has again. */
static void happen(bool room)
{
    telexd.seq++;
    if (!room) {
        telexd.skips++;
        return;
    }
    if (telexd.skips > 0)
        skipped((int)telexd.skips, 0);
    telexd.skips = 0;
    happens((int)telexd.seq);
}

static void go_on_telling(void)
{
    for (unsigned some = random_below(20); telexd.asked && some > 0; some--) {
        if (telexd.at < telexd.first)
            telexd.at = telexd.first; /* went while it was told again */
        if (telexd.at <= telexd.up_to) {
            again((int)telexd.at++);
        } else {
            telexd.asked = false;
            answered();
        }
    }
}

static void live(unsigned seed)
{
    static const struct intake_hooks counting = {
        .event = count_event, .lost = count_lost, .replay = begin_replay};
    state = seed;
    telexd = (struct daemon){.first = 1};
    next_heard = 1;
    intake_finish(&intake);
    intake_init(&intake, &counting, "a", 0);
    while (telexd.seq < EVENTS) {
        const bool room = random_below(4) > 0;
        if (!telexd.attached || random_below(30) == 0)
            reattach();
        for (unsigned some = random_below(20); some > 0; some--)
            happen(room);
        if (random_below(10) == 0 && telexd.first + 10 < telexd.seq)
            telexd.first += random_below((unsigned)(telexd.seq - telexd.first));
        go_on_telling();
    }
    for (int i = 0; i < 1000 || telexd.asked; i++)
        go_on_telling();
    happen(true);
    for (int i = 0; i < 1000 || telexd.asked; i++)
        go_on_telling();
    ck_assert_uint_eq(next_heard, telexd.seq + 1);
}

START_TEST(every_event_is_told_once_in_order_or_lost)
{
    lost_count = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++)
        live(seed);
    ck_assert_uint_gt(lost_count, 0);
    ck_assert_uint_lt(lost_count, (uint64_t)EVENTS * SEEDS / 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {events_are_told_as_they_come,
                                  what_was_before_is_asked_for_first,
                                  what_the_stream_has_is_not_asked_for,
                                  another_run_begins_anew,
                                  what_telexd_skipped_is_asked_for,
                                  what_is_skipped_meanwhile_is_asked_for_behind_it,
                                  what_is_kept_no_more_is_lost_with_its_numbers,
                                  where_all_is_gone_the_next_event_tells_how_much,
                                  a_telexd_that_keeps_nothing_loses_what_was_missed,
                                  what_it_has_no_room_for_is_asked_for_again,
                                  a_lost_connection_forgets_what_waits,
                                  every_event_is_told_once_in_order_or_lost,
                                  NULL};
    return check_run_with("intake", setup, teardown, tests);
}
