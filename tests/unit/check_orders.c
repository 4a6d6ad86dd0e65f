/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/orders.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"

#define SOON "1970-01-01T00:00:10Z"
#define TIME "{\"time\":\"1970-01-01T00:00:00.000000Z\",\"event\":"
#define ERROR(text) TIME "\"error\",\"error\":\"" text "\"}"
#define RESULT "{\"event\":\"result\",\"input\":1,\"command\":\"x\"}"

static struct orders orders;
static UT_string ran, said; /* lines, each ended by a newline */
static int64_t now;
static size_t most;

static void run(void *context, const char *line, size_t size)
{
    (void)context;
    utstring_bincpy(&ran, line, size);
    utstring_bincpy(&ran, "\n", 1);
}

static void answer(void *context, const char *to, const char *line, size_t size)
{
    (void)context;
    utstring_printf(&said, "%s ", to + strlen("_INBOX."));
    utstring_bincpy(&said, line, size);
    utstring_bincpy(&said, "\n", 1);
}

static int64_t wall(void *context)
{
    (void)context;
    return now;
}

static size_t get_most(void *context)
{
    (void)context;
    return most;
}

static void setup(void)
{
    const struct orders_hooks hooks = {
        .run = run, .answer = answer, .wall = wall, .most = get_most};
    utstring_init(&ran);
    utstring_init(&said);
    now = 0;
    most = 1 << 20;
    orders_init(&orders, &hooks);
    orders_ready(&orders);
}

static void teardown(void)
{
    orders_finish(&orders);
    utstring_done(&ran);
    utstring_done(&said);
}

static void ask(const char *to, const char *id, const char *expires, const char *line)
{
    char *reply = mem_printf("_INBOX.%s", to);
    const struct order_request request = {
        .reply = reply, .id = id, .expires = expires, .line = line, .size = strlen(line)};
    ck_assert(orders_take(&orders, &request));
    free(reply);
}

static void hear(const char *line)
{
    orders_line(&orders, line, strlen(line));
}

static void is(UT_string *what, const char *expected)
{
    ck_assert_str_eq(utstring_body(what), expected);
    utstring_clear(what);
}

START_TEST(they_run_one_after_the_other)
{
    ask("a", "1", SOON, "/peers");
    ask("b", "2", SOON, "@1 x");
    is(&ran, "/peers\n");
    hear("{\"event\":\"open\",\"seq\":1}");
    hear("{\"event\":\"result\",\"input\":1,\"peers\":[],\"more\":true}");
    is(&ran, "");
    hear(RESULT);
    is(&ran, "@1 x\n");
    is(&said,
       "a {\"event\":\"result\",\"input\":1,\"peers\":[],\"more\":true}\na " RESULT "\n");
    hear("{\"event\":\"error\",\"error\":\"no\",\"input\":2}");
    is(&said, "b {\"event\":\"error\",\"error\":\"no\",\"input\":2}\n");
    is(&ran, "");
}
END_TEST

START_TEST(messages_are_shown_only_where_they_are_told_again)
{
    ask("a", "1", SOON, "/show");
    ask("a", "2", SOON, "/replay 3");
    ask("a", "3", SOON, "/peers");
    is(&ran, "/view text\n/show\n/view none\n");
    hear(RESULT); /* of /view text */
    hear("{\"event\":\"message\",\"seq\":9}");
    hear("{\"event\":\"message\",\"seq\":4,\"replayed\":true}");
    hear("{\"event\":\"lost\",\"messages\":1,\"events\":2}");
    hear(RESULT);
    is(&said, "a {\"event\":\"message\",\"seq\":4,\"replayed\":true,\"more\":true}\n"
              "a {\"event\":\"lost\",\"messages\":1,\"events\":2,\"more\":true}\n"
              "a " RESULT "\n");
    is(&ran, "/view text\n/replay 3\n/view none\n");
    hear(RESULT); /* of /view none */
    hear(RESULT); /* of /view text */
    is(&said, "");
    hear(RESULT);
    is(&said, "a " RESULT "\n");
    is(&ran, "/peers\n");
    hear(RESULT);                                             /* of /view none */
    hear("{\"event\":\"lost\",\"messages\":1,\"events\":2}"); /* of ours, not of the answer */
    is(&said, "");
    hear(RESULT);
    is(&said, "a " RESULT "\n");
}
END_TEST

START_TEST(one_said_twice_runs_once_and_is_answered_twice)
{
    ask("a", "1", SOON, "/peers");
    hear("{\"event\":\"result\",\"input\":1,\"more\":true}");
    is(&said, "a {\"event\":\"result\",\"input\":1,\"more\":true}\n");
    ask("b", "1", SOON, "/peers");
    is(&said, "b {\"event\":\"result\",\"input\":1,\"more\":true}\n");
    hear(RESULT);
    is(&said, "a " RESULT "\nb " RESULT "\n");
    ask("c", "1", SOON, "/peers");
    is(&said, "c {\"event\":\"result\",\"input\":1,\"more\":true}\nc " RESULT "\n");
    is(&ran, "/peers\n");
    now = 11000000; /* what was done is told, also when it would not be done any more */
    ask("d", "1", SOON, "/peers");
    is(&said, "d {\"event\":\"result\",\"input\":1,\"more\":true}\nd " RESULT "\n");
    is(&ran, "");
}
END_TEST

START_TEST(one_whose_time_is_over_is_not_run)
{
    now = 10000000;
    ask("a", "1", SOON, "/peers");
    ask("b", "2", SOON, "/stats");
    is(&ran, "/peers\n");
    now++;
    ask("c", "3", SOON, "/peers");
    is(&said, "c {\"time\":\"1970-01-01T00:00:10.000001Z\",\"event\":\"error\",\"error\":"
              "\"its time is over: it was not run\"}\n");
    hear(RESULT);
    is(&said, "a " RESULT "\nb {\"time\":\"1970-01-01T00:00:10.000001Z\",\"event\":\"error\","
              "\"error\":\"its time was over before its turn came: it was not run\"}\n");
    is(&ran, "");
}
END_TEST

START_TEST(of_a_lost_telexd_all_are_told)
{
    ask("a", "1", SOON, "@1 x");
    ask("b", "2", SOON, "@1 y");
    orders_lost(&orders);
    is(&said,
       "a " ERROR(
           "telexd was lost before it had answered: it may have been done") "\n"
                                                                            "b " ERROR(
                                                                                "telexd was "
                                                                                "lost before "
                                                                                "its turn "
                                                                                "came: it was "
                                                                                "not run") "\n");
    ask("c", "3", SOON, "/peers");
    is(&said, "c " ERROR("there is no telexd on this node now: it was not run") "\n");
    is(&ran, "@1 x\n");
    orders_ready(&orders);
    ask("a", "1", SOON, "@1 x"); /* it is in doubt, so it is not run again */
    is(&said, "a " ERROR("telexd was lost before it had answered: it may have been done") "\n");
    is(&ran, "");
    ask("b", "2", SOON, "@1 y");
    is(&ran, "@1 y\n");
}
END_TEST

static unsigned told_count;

static void told(void *context, const char *line, size_t size)
{
    (void)context;
    (void)size;
    told_count += line ? 1 : 100;
}

START_TEST(lines_of_our_own_are_answered_to_us)
{
    told_count = 0;
    orders_ask(&orders, "/stats", told, NULL);
    ask("a", "1", SOON, "/peers");
    is(&ran, "/stats\n");
    hear(RESULT);
    ck_assert_uint_eq(told_count, 1);
    is(&ran, "/peers\n");
    is(&said, "");
    orders_ask(&orders, "/stats", told, NULL);
    orders_lost(&orders);
    ck_assert_uint_eq(told_count, 101);
    orders_ask(&orders, "/stats", told, NULL);
    ck_assert_uint_eq(told_count, 201);
}
END_TEST

START_TEST(too_many_are_refused)
{
    char id[16];
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        snprintf(id, sizeof id, "%u", i);
        ask("a", id, SOON, "/peers");
    }
    is(&said, "");
    ask("b", "more", SOON, "/peers");
    is(&said, "b " ERROR("too many commands wait on this node: it was not run") "\n");
    for (unsigned i = 0; i < ORDERS_REPLIES + 1; i++)
        ask("c", "7", SOON, "/peers");
    ck_assert_ptr_nonnull(strstr(utstring_body(&said), "was said too often"));
}
END_TEST

START_TEST(what_is_too_long_for_the_broker_is_said_shorter)
{
    most = 60;
    ask("a", "1", SOON, "/show");
    hear(RESULT);
    hear("{\"event\":\"message\",\"replayed\":true,\"text\":\"12345678901234567890\"}");
    hear("{\"event\":\"result\",\"input\":1,\"more\":true,\"note\":\"1234567890123456789\"}");
    is(&said, "a " TIME "\"lost\",\"messages\":1,\"events\":0,\"more\":true}\n"
              "a " ERROR("what is answered is too long for the broker") "\n");
}
END_TEST

START_TEST(nothing_is_done_where_no_answer_may_go)
{
    const struct order_request request = {
        .reply = "telex.c.paris.w", .id = "1", .expires = SOON, .line = "/peers", .size = 6};
    ck_assert(!orders_take(&orders, &request));
    is(&ran, "");
    is(&said, "");
    ask("a", NULL, SOON, "/peers");
    ask("a", "1", SOON, "/quit");
    ck_assert_ptr_nonnull(strstr(utstring_body(&said), "no header Telex-Id"));
    ck_assert_ptr_nonnull(strstr(utstring_body(&said), "/quit changes a console alone"));
    is(&ran, "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {they_run_one_after_the_other,
                                  messages_are_shown_only_where_they_are_told_again,
                                  one_said_twice_runs_once_and_is_answered_twice,
                                  one_whose_time_is_over_is_not_run,
                                  of_a_lost_telexd_all_are_told,
                                  lines_of_our_own_are_answered_to_us,
                                  too_many_are_refused,
                                  what_is_too_long_for_the_broker_is_said_shorter,
                                  nothing_is_done_where_no_answer_may_go,
                                  NULL};
    return check_run_with("orders", setup, teardown, tests);
}
