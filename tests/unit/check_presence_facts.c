/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/presence_facts.h"

#include <string.h>

#include "base/mem.h"
#include "check_main.h"

static struct presence_facts facts;
static UT_string out;

static void setup(void)
{
    facts = (struct presence_facts){.node = "berlin",
                                    .run = mem_strdup("5f1d0c9e7a3b2468"),
                                    .version = mem_strdup("0.1.0"),
                                    .console = 3,
                                    .seq = 118};
    utstring_init(&out);
}

static void teardown(void)
{
    presence_facts_clear(&facts);
    utstring_done(&out);
}

static void count(unsigned tcp, unsigned udp, unsigned messages, unsigned bytes, int64_t now)
{
    char *line =
        mem_printf("{\"event\":\"result\",\"stats\":{\"tcp_peers\":%u,\"udp_peers\":%u,"
                   "\"messages_in\":%u,\"bytes_in\":%u,\"messages_out\":1,"
                   "\"bytes_out\":2}}",
                   tcp, udp, messages, bytes);
    ck_assert(presence_facts_count(&facts, line, strlen(line), now));
    free(line);
}

static void writes(const char *figures)
{
    char *expected = mem_printf("{\"time\":\"1970-01-01T00:00:00.000000Z\",\"node\":\"berlin\","
                                "\"run\":\"5f1d0c9e7a3b2468\",\"version\":\"0.1.0\","
                                "\"console\":3,\"seq\":118,%s}",
                                figures);
    utstring_clear(&out);
    presence_facts_write(&facts, &out, 0);
    ck_assert_str_eq(utstring_body(&out), expected);
    free(expected);
}

START_TEST(rates_are_of_the_time_between)
{
    count(3, 4, 100, 1000, 1000000);
    writes("\"peers\":7,\"rates\":{\"messages_in\":0,\"messages_out\":0,\"bytes_in\":0,"
           "\"bytes_out\":0}");
    count(3, 5, 125, 11000, 6000000);
    writes("\"peers\":8,\"rates\":{\"messages_in\":5,\"messages_out\":0,\"bytes_in\":2000,"
           "\"bytes_out\":0}");
    count(3, 5, 0, 0, 7000000); /* counted from the beginning again */
    writes("\"peers\":8,\"rates\":{\"messages_in\":0,\"messages_out\":0,\"bytes_in\":0,"
           "\"bytes_out\":0}");
}
END_TEST

START_TEST(what_is_no_answer_changes_nothing)
{
    count(1, 0, 0, 0, 1000000);
    static const char *const others[] = {"", "{", "[]",
                                         "{\"event\":\"error\",\"error\":\"x\"}"};
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert(!presence_facts_count(&facts, others[i], strlen(others[i]), 2000000));
    ck_assert_uint_eq(facts.peers, 1);
    ck_assert_int_eq(facts.counted_at, 1000000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rates_are_of_the_time_between,
                                  what_is_no_answer_changes_nothing, NULL};
    return check_run_with("presence_facts", setup, teardown, tests);
}
