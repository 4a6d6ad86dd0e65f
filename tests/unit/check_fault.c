/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of a fault, and when, by a clock that the test moves. */
#include "core/fault.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "check_main.h"

static struct fault fault;
static int64_t now;
static UT_string out;
static UT_string shown;

static void setup(void)
{
    fault_init(&fault);
    utstring_init(&out);
    utstring_init(&shown);
    now = 1000000;
}

static void teardown(void)
{
    fault_finish(&fault);
    utstring_done(&out);
    utstring_done(&shown);
}

static void begin(const char *text)
{
    struct fault_plan plan = {0};
    char *error = NULL;
    ck_assert_msg(fault_plan_parse(text, " ", '=', &plan, &error), "%s", error);
    fault_begin(&fault, &plan, now);
}

static void take_piece(const char *text, bool whole, bool partial)
{
    const size_t size = strlen(text);
    fault_take(&fault,
               &(struct framing_piece){
                   .line = text, .taken = size, .data = text, .size = size, .partial = partial},
               whole, now);
}

static void take(const char *text)
{
    take_piece(text, true, false);
}

static void show(const struct fault_output *output)
{
    if (utstring_len(&shown) > 0)
        utstring_printf(&shown, " ");
    if (output->what == FAULT_END)
        utstring_printf(&shown, "END");
    else if (output->what == FAULT_GONE)
        utstring_printf(&shown, "GONE");
    else
        escape_bytes(&shown, output->piece.data, output->piece.size);
    if (output->piece.partial)
        utstring_printf(&shown, "-");
    if (output->what == FAULT_BYTES)
        utstring_bincpy(&out, output->piece.data, output->piece.size);
}

static void give_all(void)
{
    struct fault_output output;
    while (fault_give(&fault, now, &output)) {
        show(&output);
        fault_put_back(&fault, output.item);
    }
}

/* What comes out in so many milliseconds, looked at whenever something is due. */
static void gives(int64_t milliseconds, const char *expected)
{
    const int64_t end = now + milliseconds * 1000;
    utstring_clear(&shown);
    give_all();
    while (fault_due(&fault) <= end) {
        ck_assert_int_gt(fault_due(&fault), now);
        now = fault_due(&fault);
        give_all();
    }
    now = end;
    if (expected)
        ck_assert_str_eq(utstring_body(&shown), expected);
}

static uint64_t counted(enum fault_count count)
{
    return fault.card.counts[count];
}

/* --- time --- */

START_TEST(latency_is_waited_for)
{
    begin("latency=200");
    take("a");
    gives(199, "");
    take("b");
    gives(1, "a");
    gives(198, "");
    gives(1, "b");
    ck_assert_int_eq(fault_due(&fault), FAULT_NEVER);
    ck_assert_uint_eq(fault.card.held, 0);
    ck_assert_uint_eq(counted(FAULT_COUNT_MESSAGES), 2);
}
END_TEST

START_TEST(jitter_keeps_the_order)
{
    char expected[400] = "", word[12];
    begin("latency=50 jitter=50 seed=1");
    for (int i = 0; i < 50; i++) {
        snprintf(word, sizeof word, "%d", i);
        take(word);
        snprintf(expected + strlen(expected), 12, "%s%d", i ? " " : "", i);
        now += 1000;
    }
    gives(1000, NULL);
    const size_t size = utstring_len(&shown);
    ck_assert_str_eq(utstring_body(&shown), expected + strlen(expected) - size);
}
END_TEST

START_TEST(jitter_is_plus_or_minus)
{
    int64_t least = INT64_MAX, most = 0;
    begin("latency=100 jitter=20 seed=3");
    for (int i = 0; i < 1000; i++) {
        take("x");
        const int64_t delay = fault_due(&fault) - now;
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
        gives(1000, "x");
    }
    ck_assert_int_ge(least, 80000);
    ck_assert_int_lt(least, 82000);
    ck_assert_int_le(most, 120000);
    ck_assert_int_gt(most, 118000);
}
END_TEST

START_TEST(a_message_takes_as_long_as_the_rate_says)
{
    begin("rate=1000");
    take("0123456789");
    take("abcde");
    gives(9, "");
    gives(1, "0123456789");
    gives(4, "");
    gives(1, "abcde");
    take("xy"); /* what was not used of it is gone */
    gives(1, "");
    gives(1, "xy");
}
END_TEST

START_TEST(bytes_come_smoothly)
{
    begin("rate=1000");
    take_piece("0123456789", false, false);
    gives(3, "");
    gives(1, "0123");
    gives(4, "4567");
    gives(2, "89");
    begin("rate=10");
    take_piece("abc", false, false);
    gives(300, "a b c");
}
END_TEST

START_TEST(nothing_comes_while_it_stalls)
{
    begin("stall");
    take("a");
    fault_take_end(&fault, now);
    ck_assert_int_eq(fault_due(&fault), FAULT_NEVER);
    gives(1000000, "");
    begin("latency=10");
    gives(0, "a END");
}
END_TEST

/* --- what is done to messages --- */

START_TEST(lost_is_as_much_as_was_said)
{
    begin("loss=25 seed=5");
    for (int i = 0; i < 10000; i++)
        take("x");
    ck_assert_uint_gt(counted(FAULT_COUNT_LOST), 2300);
    ck_assert_uint_lt(counted(FAULT_COUNT_LOST), 2700);
    begin("loss=100");
    take("x");
    begin("loss=0");
    gives(1000, NULL);
    take("y");
    gives(0, "y");
}
END_TEST

START_TEST(bytes_are_not_lost)
{
    begin("loss=100 duplicate=100 reorder=100");
    take_piece("ab", false, false);
    take_piece("cd", false, false);
    gives(0, "ab cd");
}
END_TEST

START_TEST(duplicates_stand_together)
{
    begin("duplicate=100 latency=5");
    take("a");
    take("b");
    gives(5, "a a b b");
    ck_assert_uint_eq(counted(FAULT_COUNT_DUPLICATED), 2);
}
END_TEST

START_TEST(the_next_one_passes)
{
    begin("reorder=100");
    take("a");
    gives(999, "");
    take("b");
    gives(0, "b a");
    take("c");
    gives(999, "");
    gives(1, "c"); /* nobody came to pass it */
    ck_assert_uint_eq(counted(FAULT_COUNT_REORDERED), 1);
    take("d");
    fault_take_end(&fault, now);
    gives(0, "d END");
}
END_TEST

START_TEST(one_bit_is_another)
{
    begin("corrupt=100 seed=9");
    for (int i = 0; i < 1000; i++) {
        const char zeros[5] = "";
        struct fault_output output;
        int bits = 0;
        fault_take(&fault, &(struct framing_piece){.data = zeros, .size = 5}, i % 2, now);
        ck_assert(fault_give(&fault, now, &output));
        for (size_t at = 0; at < output.piece.size; at++)
            bits += __builtin_popcount((unsigned char)output.piece.data[at]);
        ck_assert_uint_eq(output.piece.size, 5);
        ck_assert_int_eq(bits, 1);
        fault_put_back(&fault, output.item);
    }
    take("");
    gives(0, "");
    ck_assert_uint_eq(counted(FAULT_COUNT_CORRUPTED), 1000);
}
END_TEST

START_TEST(slices_are_pieces)
{
    begin("slice=4");
    take_piece("0123456789", false, false);
    gives(0, "0123 4567 89");
    take("0123456789");
    take("abcd");
    take_piece("efghi", true, true);
    gives(0, "0123- 4567- 89 abcd efgh- i-");
    ck_assert_uint_eq(counted(FAULT_COUNT_SLICED), 3);
    begin("slice=4 rate=1000");
    take("0123456789");
    gives(4, "0123-");
    gives(4, "4567-");
    gives(2, "89");
}
END_TEST

/* A message that is decoded stood on the line as other bytes, which go on where both lines have
 * the same framing. */
static void gives_line(const char *line, const char *data, bool partial)
{
    struct fault_output output;
    ck_assert(fault_give(&fault, now, &output));
    const struct framing_piece *piece = &output.piece;
    ck_assert_uint_eq(piece->size, strlen(data));
    ck_assert_mem_eq(piece->data, data, piece->size);
    ck_assert_int_eq(piece->partial, partial);
    if (line) {
        ck_assert_uint_eq(piece->taken, strlen(line));
        ck_assert_mem_eq(piece->line, line, piece->taken);
    } else {
        ck_assert_ptr_null(piece->line);
    }
    fault_put_back(&fault, output.item);
}

START_TEST(the_bytes_of_the_line_go_along)
{
    const char *const wire = "<abc>";
    const struct framing_piece within = {.line = wire, .taken = 5, .data = wire + 1, .size = 3};
    const struct framing_piece decoded = {.line = wire, .taken = 5, .data = "xyz", .size = 3};
    const struct framing_piece quiet = {.line = "  ", .taken = 2, .quiet = true};
    begin("latency=0");
    fault_take(&fault, &within, true, now);
    fault_take(&fault, &quiet, true, now);
    fault_take(&fault, &decoded, true, now);
    gives_line("<abc>", "abc", false);
    gives_line("  ", "", false);
    gives_line("<abc>", "xyz", false);
    begin("slice=2");
    fault_take(&fault, &within, true, now);
    gives_line("<a", "ab", true);
    gives_line("bc>", "c", false);
    begin("corrupt=100 duplicate=100");
    fault_take(&fault, &decoded, true, now);
    ck_assert_uint_eq(counted(FAULT_COUNT_MESSAGES), 1);
    for (int i = 0; i < 2; i++) {
        struct fault_output output;
        ck_assert(fault_give(&fault, now, &output));
        ck_assert_ptr_null(output.piece.line); /* it stood as another message */
        ck_assert_uint_eq(output.piece.taken, 0);
        fault_put_back(&fault, output.item);
    }
    ck_assert_uint_eq(fault.card.held, 0);
}
END_TEST

START_TEST(pieces_of_a_message_share_its_fate)
{
    unsigned lost = 0;
    begin("loss=50 duplicate=100 reorder=100 seed=2");
    for (int i = 0; i < 100; i++) {
        take_piece("a", true, true);
        take_piece("b", true, true);
        take_piece("c", true, false);
        gives(0, NULL);
        const char *text = utstring_body(&shown);
        lost += *text == '\0';
        ck_assert(*text == '\0' || strcmp(text, "a- b- c") == 0);
    }
    ck_assert_uint_eq(counted(FAULT_COUNT_LOST), lost);
    ck_assert_uint_gt(lost, 30);
    ck_assert_uint_lt(lost, 70);
}
END_TEST

/* --- the same again --- */

static void run_with(const char *text, char found[], size_t size)
{
    char word[12];
    fault_finish(&fault);
    begin(text);
    for (int i = 0; i < 100; i++) {
        snprintf(word, sizeof word, "%d", i);
        take(word);
    }
    gives(10000, NULL);
    snprintf(found, size, "%s", utstring_body(&shown));
}

START_TEST(the_same_seed_does_the_same)
{
    char one[2000], two[2000], other[2000];
    const char *const text = "loss=20 duplicate=20 reorder=20 corrupt=20 jitter=2 seed=77";
    run_with(text, one, sizeof one);
    run_with(text, two, sizeof two);
    run_with("loss=20 duplicate=20 reorder=20 corrupt=20 jitter=2 seed=78", other,
             sizeof other);
    ck_assert_str_eq(one, two);
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(what_is_lost_depends_on_nothing_else)
{
    char one[2000], two[2000];
    run_with("loss=20 seed=77", one, sizeof one);
    run_with("loss=20 latency=10 jitter=5 rate=100000 duplicate=0 seed=77", two, sizeof two);
    ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(a_seed_that_was_not_said_is_told)
{
    begin("loss=20");
    ck_assert(fault_plan_has(&fault.card.plan, FAULT_SEED));
    begin("latency=20");
    ck_assert(!fault_plan_has(&fault.card.plan, FAULT_SEED));
}
END_TEST

/* --- ends --- */

START_TEST(an_end_comes_last)
{
    begin("latency=10 rate=1000");
    take("0123456789");
    fault_take_end(&fault, now);
    fault_take_gone(&fault, now);
    gives(19, "");
    gives(1, "0123456789 END GONE");
}
END_TEST

START_TEST(ending_gives_all_in_the_order_in_which_it_came)
{
    begin("latency=1000 reorder=50 rate=10 seed=1");
    for (const char *c = "abcdefghij"; *c; c++)
        take((char[]){*c, '\0'});
    fault_take_end(&fault, now);
    fault_end(&fault);
    ck_assert(!fault_is_over(&fault));
    take("later");
    gives(0, "a b c d e f g h i j END later");
    ck_assert(fault_is_over(&fault));
}
END_TEST

START_TEST(what_came_out_in_part_ends_first)
{
    begin("slice=2 rate=1000");
    take("abcd");
    take("ef");
    gives(2, "ab-");
    fault_end(&fault);
    gives(0, "cd ef");
    begin("slice=2 rate=1000");
    take_piece("abcd", false, false);
    gives(2, "ab");
    begin("slice=1");
    gives(0, "c d");
}
END_TEST

START_TEST(another_plan_holds_nothing_longer)
{
    begin("latency=100000 rate=1");
    take("abc");
    take("def");
    begin("latency=5 rate=1000");
    gives(7, "");
    gives(1, "abc");
    gives(3, "def");
}
END_TEST

START_TEST(a_reset_has_its_time)
{
    begin("reset=2");
    ck_assert_int_eq(fault.reset, now + 2000000);
    fault_end(&fault);
    ck_assert_int_eq(fault.reset, FAULT_NEVER);
    begin("latency=1");
    ck_assert_int_eq(fault.reset, FAULT_NEVER);
}
END_TEST

/* --- whatever latency, jitter, rate and slice say, a stream stays what it is --- */

static uint64_t state;

static unsigned below(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % limit;
}

static void begin_any(void)
{
    char text[120];
    snprintf(text, sizeof text, "latency=%u jitter=%u rate=%u slice=%u seed=%u%s", below(50),
             below(80), 1 + below(100000), 1 + below(40), below(9), below(9) ? "" : " stall");
    begin(text);
}

START_TEST(every_byte_of_a_stream_comes_in_order)
{
    UT_string in;
    utstring_init(&in);
    state = (uint64_t)_i;
    for (int i = 0; i < 200; i++) {
        char bytes[64];
        const unsigned size = 1 + below(sizeof bytes);
        if (below(20) == 0)
            begin_any();
        for (unsigned at = 0; at < size; at++)
            bytes[at] = (char)below(256);
        utstring_bincpy(&in, bytes, size);
        fault_take(&fault, &(struct framing_piece){.data = bytes, .size = size}, false, now);
        gives(below(20), NULL);
    }
    fault_take_end(&fault, now);
    fault_end(&fault);
    gives(0, NULL);
    ck_assert(fault_is_over(&fault));
    ck_assert_uint_eq(utstring_len(&out), utstring_len(&in));
    ck_assert_int_eq(memcmp(utstring_body(&out), utstring_body(&in), utstring_len(&in)), 0);
    const char *text = utstring_body(&shown);
    ck_assert_str_eq(text + strlen(text) - 3, "END");
    utstring_done(&in);
}
END_TEST

/* What comes by now is what the rate lets by. */
START_TEST(a_rate_is_kept)
{
    char bytes[1000];
    memset(bytes, 'x', sizeof bytes);
    begin("rate=5000");
    for (int i = 0; i < 10; i++)
        fault_take(&fault, &(struct framing_piece){.data = bytes, .size = sizeof bytes}, false,
                   now);
    for (int64_t passed = 7; passed < 2000; passed += 7) {
        gives(7, NULL);
        ck_assert_uint_le(utstring_len(&out), (size_t)passed * 5);
        ck_assert_uint_ge(utstring_len(&out) + 20, (size_t)passed * 5);
    }
    gives(7, NULL);
    ck_assert_uint_eq(utstring_len(&out), 10000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {latency_is_waited_for,
                                  jitter_keeps_the_order,
                                  jitter_is_plus_or_minus,
                                  a_message_takes_as_long_as_the_rate_says,
                                  bytes_come_smoothly,
                                  nothing_comes_while_it_stalls,
                                  lost_is_as_much_as_was_said,
                                  bytes_are_not_lost,
                                  duplicates_stand_together,
                                  the_next_one_passes,
                                  one_bit_is_another,
                                  slices_are_pieces,
                                  the_bytes_of_the_line_go_along,
                                  pieces_of_a_message_share_its_fate,
                                  the_same_seed_does_the_same,
                                  what_is_lost_depends_on_nothing_else,
                                  a_seed_that_was_not_said_is_told,
                                  an_end_comes_last,
                                  ending_gives_all_in_the_order_in_which_it_came,
                                  what_came_out_in_part_ends_first,
                                  another_plan_holds_nothing_longer,
                                  a_reset_has_its_time,
                                  a_rate_is_kept,
                                  NULL};
    Suite *suite = suite_create("fault");
    TCase *tcase = tcase_create("fault");
    tcase_add_checked_fixture(tcase, setup, teardown);
    for (const TTest *const *test = tests; *test; test++)
        tcase_add_test(tcase, *test);
    tcase_add_loop_test(tcase, every_byte_of_a_stream_comes_in_order, 0, 20);
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}
