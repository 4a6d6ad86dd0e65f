/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/lifeline.h"

#include <linux/tcp.h>

#include "check_main.h"

enum { SECOND = 1000000, KEEPALIVE = 3 * SECOND, START = 100 * SECOND };

static struct lifeline line;

static void setup(void)
{
    line = (struct lifeline){0};
}

/* A look so many seconds after the start. */
static bool is_dead(const struct tcp_info *info, int seconds)
{
    return lifeline_is_dead(&line, info, START + (int64_t)seconds * SECOND, KEEPALIVE);
}

START_TEST(waits_for_what_is_sent_and_what_is_not)
{
    ck_assert(!lifeline_waits(&(struct tcp_info){.tcpi_last_ack_recv = 90000}));
    ck_assert(lifeline_waits(&(struct tcp_info){.tcpi_unacked = 1}));
    ck_assert(lifeline_waits(&(struct tcp_info){.tcpi_notsent_bytes = 1}));
}
END_TEST

START_TEST(silence_as_long_as_keepalive_is_death)
{
    const struct tcp_info info = {
        .tcpi_unacked = 1, .tcpi_retransmits = 2, .tcpi_last_ack_recv = 90000};
    ck_assert(!is_dead(&info, 0));
    ck_assert(!is_dead(&info, 2));
    ck_assert(is_dead(&info, 3));
}
END_TEST

START_TEST(probes_without_an_answer_are_death)
{
    const struct tcp_info info = {
        .tcpi_notsent_bytes = 9, .tcpi_probes = 2, .tcpi_last_ack_recv = 90000};
    ck_assert(!is_dead(&info, 0));
    ck_assert(is_dead(&info, 3));
}
END_TEST

START_TEST(a_reader_that_stalls_lives)
{
    /* Its last answer is old, because the next probe is not due. */
    const struct tcp_info info = {
        .tcpi_notsent_bytes = 9, .tcpi_backoff = 9, .tcpi_last_ack_recv = 90000};
    for (int seconds = 0; seconds < 100; seconds++)
        ck_assert(!is_dead(&info, seconds));
}
END_TEST

START_TEST(one_lost_packet_is_not_death)
{
    const struct tcp_info info = {
        .tcpi_unacked = 1, .tcpi_retransmits = 1, .tcpi_last_ack_recv = 90000};
    ck_assert(!is_dead(&info, 0));
    ck_assert(!is_dead(&info, 100));
}
END_TEST

START_TEST(an_answer_begins_anew)
{
    const struct tcp_info silent = {
        .tcpi_unacked = 1, .tcpi_retransmits = 4, .tcpi_last_ack_recv = 90000};
    ck_assert(!is_dead(&silent, 0));
    ck_assert(!is_dead(&(struct tcp_info){0}, 2));
    ck_assert(!is_dead(&silent, 4));
    ck_assert(!is_dead(&silent, 6));
    ck_assert(is_dead(&silent, 7));
}
END_TEST

START_TEST(an_answer_between_two_looks_counts)
{
    struct tcp_info info = {
        .tcpi_unacked = 1, .tcpi_retransmits = 4, .tcpi_last_ack_recv = 90000};
    ck_assert(!is_dead(&info, 0));
    info.tcpi_last_ack_recv = 2999;
    ck_assert(!is_dead(&info, 9));
    info.tcpi_last_ack_recv = 3000;
    ck_assert(is_dead(&info, 10));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        waits_for_what_is_sent_and_what_is_not, silence_as_long_as_keepalive_is_death,
        probes_without_an_answer_are_death,     a_reader_that_stalls_lives,
        one_lost_packet_is_not_death,           an_answer_begins_anew,
        an_answer_between_two_looks_counts,     NULL};
    return check_run_with("lifeline", setup, NULL, tests);
}
