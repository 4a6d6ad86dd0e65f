/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/figures.h"

#include "telex-bench/clock.h"
#include "telex-bench/run.h"

static double divide(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static struct figures_quantiles quantiles(const struct histogram *histogram)
{
    return (struct figures_quantiles){
        .p50 = (double)histogram_quantile(histogram, 0.5) / CLOCK_MICROSECOND,
        .p99 = (double)histogram_quantile(histogram, 0.99) / CLOCK_MICROSECOND,
        .p999 = (double)histogram_quantile(histogram, 0.999) / CLOCK_MICROSECOND,
        .max = (double)histogram->max / CLOCK_MICROSECOND,
    };
}

static void server(struct figures *figures, const struct run *run, double bytes)
{
    double cpu = (double)(run->at_end.cpu - run->at_begin.cpu) / CLOCK_MICROSECOND;
    double grown = (double)(run->at_end.private_bytes - run->before.private_bytes);
    figures->cpu_seconds = cpu / 1e6;
    figures->cpu_per_operation = divide(cpu, (double)figures->operations);
    figures->cpu_per_megabyte = divide(cpu, bytes / (1 << 20));
    figures->private_bytes = (uint64_t)run->at_end.private_bytes;
    figures->private_bytes_per_client = grown / (double)run->settings->clients;
}

void figures_make(struct figures *figures, const struct run *run)
{
    const struct tally *tally = &run->tally;
    double bytes = tally->bytes > 0 ? (double)tally->bytes
                                    : (double)(tally->operations * run->settings->size);
    double seconds = (double)(run->end - run->begin) / CLOCK_SECOND;
    *figures = (struct figures){
        .seconds = seconds,
        .operations = tally->operations,
        .rate = divide((double)tally->operations, seconds),
        .bytes_per_second = divide(bytes, seconds),
        .loss = divide((double)tally->lost, (double)tally->sent),
        .latency = quantiles(&tally->latency),
        .connect = quantiles(&tally->connect),
    };
    if (run->settings->pid > 0)
        server(figures, run, bytes);
}
