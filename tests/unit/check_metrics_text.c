/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics_text.h"

#include <string.h>

#include "check_main.h"
#include "fake.h"

static struct fake world;
static UT_string text;

static void setup(void)
{
    fake_init(&world);
    utstring_init(&text);
}

static void teardown(void)
{
    utstring_done(&text);
    fake_finish(&world);
}

static void check_has(const char *part)
{
    utstring_clear(&text);
    metrics_text(&world.hub, &text);
    if (!strstr(utstring_body(&text), part))
        ck_abort_msg("no %s in\n%s", part, utstring_body(&text));
}

START_TEST(a_counter_ends_in_total)
{
    world.hub.stats.messages_in = UINT64_MAX;
    check_has("# HELP telex_messages_in_total messages received\n"
              "# TYPE telex_messages_in_total counter\n"
              "telex_messages_in_total 18446744073709551615\n");
}
END_TEST

START_TEST(what_is_now_is_a_gauge)
{
    fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    check_has("# HELP telex_tcp_peers TCP peers now\n"
              "# TYPE telex_tcp_peers gauge\n"
              "telex_tcp_peers 1\n");
}
END_TEST

START_TEST(a_highest_mark_is_a_gauge)
{
    world.turns.longest = 12;
    check_has("# TYPE telex_longest_turn gauge\ntelex_longest_turn 12\n");
}
END_TEST

START_TEST(the_start_is_in_seconds)
{
    world.hub.stats.started = 1489919220000000 + 78;
    check_has("# TYPE telex_start_time_seconds gauge\n"
              "telex_start_time_seconds 1489919220.000078\n");
}
END_TEST

START_TEST(it_appends)
{
    utstring_clear(&text);
    ut_append(&text, "x", 1);
    metrics_text(&world.hub, &text);
    ck_assert_int_eq(strncmp(utstring_body(&text), "x# HELP ", 8), 0);
    ck_assert_int_eq(utstring_body(&text)[utstring_len(&text) - 1], '\n');
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_counter_ends_in_total,
                                  what_is_now_is_a_gauge,
                                  a_highest_mark_is_a_gauge,
                                  the_start_is_in_seconds,
                                  it_appends,
                                  NULL};
    return check_run_with("metrics_text", setup, teardown, tests);
}
