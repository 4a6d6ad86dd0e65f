/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"
#include "core/agents.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "fake_hub.h"

/* 2017-03-19 10:27:00 UTC */
enum { SUNDAY = 1489919220 };
#define MICROSECONDS(seconds) ((int64_t)(seconds)*1000000)

static struct listener *listener;
static struct fake_link *line;

static void setup(void)
{
    setenv("TZ", "UTC0", 1);
    tzset();
    fake_init(&world);
    listener = fake_listen(&world, "tcp://127.0.0.1:1");
    line = fake_peer(&world, listener);
    fake_take(&world);
}

static void teardown(void)
{
    fake_finish(&world);
}

/*
 * Machines without any locale but C have none to show that the stamp follows it: whoever asks
 * for the names of days and months here gets none in English.
 */
size_t strftime(char *text, size_t size, const char *format, const struct tm *tm)
{
    (void)format;
    (void)tm;
    snprintf(text, size, "dimanche 19 mars");
    return strlen(text);
}

/* What the agent sends to who sent size bytes of text. Borrowed until the next. */
static const char *reply_to(const struct agent *agent, const void *data, size_t size)
{
    agent_choose(hub, listener, agent);
    utstring_clear(&line->sent);
    hub_receive(hub, line->link.peer, data, size, false);
    return utstring_body(&line->sent);
}

static const char *reply(const struct agent *agent, const char *text, int64_t wall)
{
    world.wall = wall;
    return reply_to(agent, text, strlen(text));
}

#define STAMPS(seconds, expected) \
    ck_assert_str_eq(reply(&agent_stamp, "hi", MICROSECONDS(seconds)), expected)

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

START_TEST(none_never_answers)
{
    reply(&agent_none, "hi", 0);
    ck_assert_uint_eq(line->tries, 0);
    ck_assert_str_eq(fake_take(&world), "message #1 hi\n");
}
END_TEST

/* From where it stands: a datagram need not be copied. */
START_TEST(echo_gives_it_back)
{
    static const char bytes[] = "a\0\xff\n";
    const char *sent = reply_to(&agent_echo, bytes, 4);
    ck_assert_uint_eq(utstring_len(&line->sent), 4);
    ck_assert_mem_eq(sent, bytes, 4);
    ck_assert_ptr_eq(line->from, bytes);
    ck_assert_str_eq(fake_take(&world),
                     "message #1 a\\x00\\xff\\n\nsent #1 a\\x00\\xff\\n by auto\n");
}
END_TEST

START_TEST(the_echo_of_nothing_is_empty)
{
    reply_to(&agent_echo, NULL, 0);
    ck_assert_uint_eq(line->sends, 1);
    ck_assert_uint_eq(line->last, 0);
}
END_TEST

START_TEST(stamp_puts_the_time_before_it)
{
    STAMPS(SUNDAY, "[Sun Mar 19 10:27:00 2017] hi");
    ck_assert_str_eq(reply(&agent_stamp, "", MICROSECONDS(SUNDAY)),
                     "[Sun Mar 19 10:27:00 2017] ");
}
END_TEST

START_TEST(stamp_takes_bytes_as_they_are)
{
    static const char expected[] = "[Thu Jan  1 00:00:00 1970] a\0\xff\n";
    world.wall = 0;
    const char *sent = reply_to(&agent_stamp, "a\0\xff\n", 4);
    ck_assert_uint_eq(utstring_len(&line->sent), sizeof expected - 1);
    ck_assert_mem_eq(sent, expected, sizeof expected - 1);
}
END_TEST

START_TEST(stamp_takes_no_bytes)
{
    world.wall = 0;
    reply_to(&agent_stamp, NULL, 0);
    ck_assert_uint_eq(line->last, strlen("[Thu Jan  1 00:00:00 1970] "));
}
END_TEST

START_TEST(the_day_is_padded_with_a_blank)
{
    STAMPS(SUNDAY - 14 * 86400, "[Sun Mar  5 10:27:00 2017] hi");
    STAMPS(SUNDAY - 9 * 86400, "[Fri Mar 10 10:27:00 2017] hi");
}
END_TEST

START_TEST(the_time_is_padded_with_noughts)
{
    STAMPS(SUNDAY - 10 * 3600 - 20 * 60 + 5, "[Sun Mar 19 00:07:05 2017] hi");
}
END_TEST

START_TEST(a_second_is_not_rounded_up)
{
    ck_assert_str_eq(reply(&agent_stamp, "", MICROSECONDS(SUNDAY) + 999999),
                     "[Sun Mar 19 10:27:00 2017] ");
}
END_TEST

START_TEST(stamp_is_local_time)
{
    static const struct {
        const char *zone, *expected;
    } cases[] = {
        {"UTC0", "[Sun Mar 19 10:27:00 2017] hi"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "[Sun Mar 19 11:27:00 2017] hi"},
        {"IST-5:30", "[Sun Mar 19 15:57:00 2017] hi"},
        {"EST5EDT,M3.2.0,M11.1.0", "[Sun Mar 19 06:27:00 2017] hi"},
        {"HST10", "[Sun Mar 19 00:27:00 2017] hi"},
        {"SST11", "[Sat Mar 18 23:27:00 2017] hi"},
        {"LINT-14", "[Mon Mar 20 00:27:00 2017] hi"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set_zone(cases[i].zone);
        STAMPS(SUNDAY, cases[i].expected);
    }
}
END_TEST

/* The form is that of ctime(3), which is English in every locale. */
static void check_a_year(void)
{
    for (int day = 0; day < 366; day++) {
        char text[64], expected[128];
        const time_t seconds = (time_t)SUNDAY + day * 86400 + day * 61;
        ctime_r(&seconds, text);
        text[strcspn(text, "\n")] = '\0';
        snprintf(expected, sizeof expected, "[%s] hi", text);
        STAMPS(seconds, expected);
    }
}

START_TEST(stamp_knows_all_days_and_months)
{
    check_a_year();
}
END_TEST

START_TEST(stamp_follows_no_locale)
{
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "zh_CN.UTF-8",
                                          "ru_RU.UTF-8", "C.UTF-8",     "C"};
    for (size_t i = 0; i < COUNT(locales); i++)
        if (setlocale(LC_ALL, locales[i]))
            check_a_year();
}
END_TEST

/* --- by name --- */

START_TEST(finds_each_by_its_name)
{
    char *error = NULL;
    ck_assert_ptr_eq(agents_find("none", &error), &agent_none);
    ck_assert_ptr_eq(agents_find("echo", &error), &agent_echo);
    ck_assert_ptr_eq(agents_find("stamp", &error), &agent_stamp);
    ck_assert_ptr_null(error);
    for (size_t i = 0; agents_words[i]; i++)
        ck_assert_str_eq(agents_find(agents_words[i], &error)->name, agents_words[i]);
    ck_assert_str_eq(AGENTS_NAMES, "none|echo|stamp");
    ck_assert_str_eq(AGENTS_LIST, "none, echo, stamp");
    ck_assert_ptr_eq(strstr(AGENTS_MEANINGS, "none, echo (the message itself) or stamp (the "),
                     AGENTS_MEANINGS);
}
END_TEST

START_TEST(lists_those_there_are)
{
    static const struct {
        const char *name, *error;
    } cases[] = {
        {"ecco", "unknown reply 'ecco': use one of none, echo, stamp"},
        {"Echo", "unknown reply 'Echo': use one of none, echo, stamp"},
        {"ech", "unknown reply 'ech': use one of none, echo, stamp"},
        {"", "unknown reply '': use one of none, echo, stamp"},
        {"\x1b[H", "unknown reply '\\x1b[H': use one of none, echo, stamp"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *error = NULL;
        ck_assert_ptr_null(agents_find(cases[i].name, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

/* --- one with a life of its own --- */

struct toy {
    unsigned messages;
    char all[64]; /* of their bytes */
};

static UT_string calls; /* a letter for each */

static void toy_open(struct hub *of, struct peer *peer)
{
    const struct toy *toy = agent_state(peer);
    ck_assert_ptr_eq(of, hub);
    ck_assert_uint_eq(toy->messages, 0);
    utstring_printf(&calls, "o");
}

static void toy_message(struct hub *of, struct peer *peer, const struct message *message)
{
    struct toy *toy = agent_state(peer);
    utstring_printf(&calls, "m");
    if (memchr(message->data, '!', message->size))
        hub_detach(of, peer, CLOSE_ERROR, NULL);
    strncat(toy->all, message->data, message->size); /* it is still there */
    toy->messages++;
}

static void toy_ended(struct hub *of, struct peer *peer)
{
    (void)of;
    ck_assert_int_eq(peer->state, PEER_HALF_CLOSED);
    utstring_printf(&calls, "e");
}

static void toy_drained(struct hub *of, struct peer *peer)
{
    (void)of;
    ck_assert_uint_eq(peer_queued(peer), 0);
    utstring_printf(&calls, "d");
}

static void toy_close(struct hub *of, struct peer *peer)
{
    const struct toy *toy = agent_state(peer);
    if (peer->state == PEER_DEAD)
        hub_close(of, peer, CLOSE_OPERATOR); /* once more */
    utstring_printf(&calls, "c%u", toy->messages);
}

static const struct agent toy_agent = {
    .name = "toy",
    .state = sizeof(struct toy),
    .half_close = 77,
    .open = toy_open,
    .message = toy_message,
    .ended = toy_ended,
    .drained = toy_drained,
    .close = toy_close,
};

/* The letters of what the toy was told since the last call must be these. */
#define CALLS(expected)                                    \
    do {                                                   \
        ck_assert_str_eq(utstring_body(&calls), expected); \
        utstring_clear(&calls);                            \
    } while (0)

static void toy_setup(void)
{
    setup();
    utstring_init(&calls);
    agent_choose(hub, listener, &toy_agent);
    CALLS("o"); /* for who was there already */
}

static void toy_teardown(void)
{
    teardown();
    utstring_done(&calls);
}

START_TEST(it_is_told_all_of_its_peer)
{
    struct peer *peer = line->link.peer;
    hub_receive(hub, peer, "ab", 2, false);
    hub_receive(hub, peer, "c", 1, false);
    hub_drained(hub, peer);
    ck_assert_int_eq(hub_half_close(hub, peer), 77);
    hub_half_close(hub, peer);
    CALLS("mmde");
    ck_assert_str_eq(((struct toy *)agent_state(peer))->all, "abc");
    hub_detach(hub, peer, CLOSE_EOF, NULL);
    hub_drained(hub, peer);
    CALLS("c2");
    fake_turn(&world);
    CALLS("");
}
END_TEST

START_TEST(each_peer_has_a_state_of_its_own)
{
    struct fake_link *other = fake_peer(&world, listener);
    hub_receive(hub, other->link.peer, "x", 1, false);
    CALLS("om");
    ck_assert_uint_eq(((struct toy *)agent_state(line->link.peer))->messages, 0);
    ck_assert_uint_eq(((struct toy *)agent_state(other->link.peer))->messages, 1);
}
END_TEST

START_TEST(who_gets_none_costs_nothing)
{
    struct fake_link *other = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:1"));
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    ck_assert_ptr_null(agent_state(other->link.peer));
    ck_assert_ptr_null(agent_state(call->link.peer));
    agent_choose(hub, listener, &agent_none);
    CALLS("c0");
    ck_assert_ptr_null(agent_state(line->link.peer));
}
END_TEST

/* Its state stays until it is back. */
START_TEST(it_may_close_its_peer)
{
    hub_receive(hub, line->link.peer, "a!", 2, false);
    CALLS("mc0");
    hub_receive(hub, line->link.peer, "b", 1, false);
    CALLS("");
    ck_assert_str_eq(fake_take(&world),
                     "message #1 a!\nclose #1 error received 2 sent 0 unsent 0\n");
}
END_TEST

static void close_line(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    hub_detach(hub, (struct peer *)event->peer, CLOSE_OPERATOR, NULL);
}

/* Of its end it is told all the same, and of nothing behind that. */
START_TEST(observers_may_close_its_peer_before)
{
    static const struct {
        enum hub_event_type when;
        const char *calls;
    } cases[] = {{HUB_OPEN, "c0"}, {HUB_MESSAGE, "oc0"}, {HUB_HALF_CLOSE, "oc0"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct observer observer = {.notice = close_line,
                                    .wants = OBSERVER_WANTS(cases[i].when)};
        audience_join(&hub->audience, &observer);
        struct fake_link *link = fake_peer(&world, listener);
        hub_receive(hub, link->link.peer, "x", 1, false);
        if (cases[i].when == HUB_HALF_CLOSE) {
            CALLS("om");
            hub_half_close(hub, link->link.peer);
            CALLS("c1");
        } else {
            CALLS(cases[i].calls);
        }
        audience_leave(&hub->audience, &observer);
    }
}
END_TEST

START_TEST(another_may_be_chosen)
{
    struct peer *peer = line->link.peer;
    struct fake_link *closing = fake_peer(&world, listener);
    struct fake_link *stranger = fake_peer(&world, fake_listen(&world, "unix:/run/x"));
    closing->finish_later = true;
    hub_close(hub, closing->link.peer, CLOSE_OPERATOR);
    CALLS("o");
    hub_receive(hub, peer, "abc", 3, false);
    agent_choose(hub, listener, &toy_agent);
    CALLS("mc1c0o"); /* all ends before the first beginning; one closes */
    ck_assert_uint_eq(((struct toy *)agent_state(peer))->messages, 0);
    agent_choose(hub, listener, &agent_echo);
    CALLS("c0");
    fake_link_finish(closing);
    CALLS("");
    ck_assert_ptr_eq(agent_of(stranger->link.peer), &agent_none);
}
END_TEST

START_TEST(the_end_of_the_hub_is_an_end)
{
    fake_finish(&world);
    CALLS("c0");
    fake_init(&world);
}
END_TEST

int main(void)
{
    const TTest *const replies[] = {none_never_answers,
                                    echo_gives_it_back,
                                    the_echo_of_nothing_is_empty,
                                    stamp_puts_the_time_before_it,
                                    stamp_takes_bytes_as_they_are,
                                    stamp_takes_no_bytes,
                                    the_day_is_padded_with_a_blank,
                                    the_time_is_padded_with_noughts,
                                    a_second_is_not_rounded_up,
                                    stamp_is_local_time,
                                    stamp_knows_all_days_and_months,
                                    stamp_follows_no_locale,
                                    finds_each_by_its_name,
                                    lists_those_there_are,
                                    NULL};
    const TTest *const lives[] = {
        it_is_told_all_of_its_peer,          each_peer_has_a_state_of_its_own,
        who_gets_none_costs_nothing,         it_may_close_its_peer,
        observers_may_close_its_peer_before, another_may_be_chosen,
        the_end_of_the_hub_is_an_end,        NULL};
    int failed = check_run_with("agent", setup, teardown, replies);
    return check_run_with("agent's life", toy_setup, toy_teardown, lives) | failed;
}
