/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/histogram.h"

#include "base/mem.h"
#include "check_main.h"

static struct histogram *histogram;

static void setup(void)
{
    histogram = mem_zalloc(sizeof *histogram);
}

static void teardown(void)
{
    free(histogram);
}

START_TEST(nothing_is_zero)
{
    ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 0);
    ck_assert_uint_eq(histogram_quantile(histogram, 1), 0);
    ck_assert_uint_eq(histogram->max, 0);
}
END_TEST

START_TEST(small_values_are_exact)
{
    for (int i = 1; i <= 100; i++)
        histogram_add(histogram, i);
    ck_assert_uint_eq(histogram->count, 100);
    ck_assert_uint_eq(histogram_quantile(histogram, 0), 1);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.01), 1);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.011), 2);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 50);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.99), 99);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.999), 100);
    ck_assert_uint_eq(histogram_quantile(histogram, 1), 100);
}
END_TEST

/* A value that is not the largest reads as itself or up to 1/128 more, never as less. */
static void check_precision(uint64_t value)
{
    struct histogram *one = mem_zalloc(sizeof *one);
    histogram_add(one, (int64_t)value);
    histogram_add(one, INT64_MAX);
    uint64_t read = histogram_quantile(one, 0.5);
    ck_assert_msg(read >= value, "%llu reads as %llu", (unsigned long long)value,
                  (unsigned long long)read);
    ck_assert_msg(read - value <= value / 128, "%llu reads as %llu", (unsigned long long)value,
                  (unsigned long long)read);
    free(one);
}

START_TEST(large_values_are_near)
{
    for (int bit = 0; bit < HISTOGRAM_MOST_BITS; bit++) {
        uint64_t power = UINT64_C(1) << bit;
        check_precision(power);
        check_precision(power - 1);
        check_precision(power + power / 2);
        check_precision(power + power / 128);
    }
    check_precision((UINT64_C(1) << HISTOGRAM_MOST_BITS) - 1);
}
END_TEST

/* Buckets do not overlap: of two values the larger one never reads as less. */
START_TEST(order_is_kept)
{
    uint64_t last = 0;
    for (uint64_t value = 0; value < 70000; value += 7) {
        struct histogram *one = mem_zalloc(sizeof *one);
        histogram_add(one, (int64_t)value);
        histogram_add(one, INT64_MAX);
        uint64_t read = histogram_quantile(one, 0.5);
        ck_assert_uint_ge(read, last);
        last = read;
        free(one);
    }
}
END_TEST

START_TEST(no_quantile_is_above_the_largest)
{
    histogram_add(histogram, 1000001);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 1000001);
    ck_assert_uint_eq(histogram_quantile(histogram, 1), 1000001);
    ck_assert_uint_eq(histogram->max, 1000001);
}
END_TEST

START_TEST(a_rare_value_shows_where_it_should)
{
    for (int i = 0; i < 9990; i++)
        histogram_add(histogram, 100);
    for (int i = 0; i < 10; i++)
        histogram_add(histogram, 1000000);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.99), 100);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.999), 100);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.9991), 1000000);
}
END_TEST

START_TEST(what_does_not_fit_is_kept_at_the_ends)
{
    histogram_add(histogram, -1);
    ck_assert_uint_eq(histogram_quantile(histogram, 1), 0);
    histogram_add(histogram, INT64_MAX);
    histogram_add(histogram, INT64_C(1) << HISTOGRAM_MOST_BITS);
    ck_assert_uint_eq(histogram->count, 3);
    ck_assert_uint_eq(histogram->max, (UINT64_C(1) << HISTOGRAM_MOST_BITS) - 1);
    ck_assert_uint_eq(histogram_quantile(histogram, 1), histogram->max);
}
END_TEST

START_TEST(even_values_are_like_one_by_one)
{
    struct histogram *other = mem_zalloc(sizeof *other);
    for (int i = 1; i <= 1000; i++)
        histogram_add(other, i * INT64_C(1000000));
    histogram_add_even(histogram, INT64_C(1000000000), 1000);
    ck_assert_uint_eq(histogram->count, 1000);
    ck_assert_uint_eq(histogram->max, other->max);
    for (double part = 0; part <= 1; part += 0.01)
        ck_assert_uint_eq(histogram_quantile(histogram, part), histogram_quantile(other, part));
    free(other);
}
END_TEST

START_TEST(few_even_values)
{
    histogram_add_even(histogram, 5000, 0);
    ck_assert_uint_eq(histogram->count, 0);
    histogram_add_even(histogram, 5000, 1);
    ck_assert_uint_eq(histogram_quantile(histogram, 0), 5000);
    histogram_add_even(histogram, 0, 2);
    ck_assert_uint_eq(histogram->count, 3);
    ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 0);
    ck_assert_uint_eq(histogram->max, 5000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_zero,
                                  small_values_are_exact,
                                  large_values_are_near,
                                  order_is_kept,
                                  no_quantile_is_above_the_largest,
                                  a_rare_value_shows_where_it_should,
                                  what_does_not_fit_is_kept_at_the_ends,
                                  even_values_are_like_one_by_one,
                                  few_even_values,
                                  NULL};
    return check_run_with("histogram", setup, teardown, tests);
}
