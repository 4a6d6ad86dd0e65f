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

/* Bytes that came back; a stream counts them, elsewhere they are whole messages. */
static double bytes_of(const struct run *run)
{
    if (run->mode->holds)
        return 0;
    if (run->measured.bytes > 0)
        return (double)run->measured.bytes;
    return (double)run->measured.operations * (double)run->settings->answer;
}

static void add_server(struct figures *figures, const struct run *run)
{
    double cpu = (double)(run->at_end.cpu - run->at_begin.cpu) / CLOCK_MICROSECOND;
    double grown = (double)(run->at_end.private_bytes - run->before.private_bytes);
    figures->has_server = true;
    figures->cpu_seconds = cpu / 1e6;
    figures->cpu_per_operation = divide(cpu, (double)figures->operations);
    figures->cpu_per_megabyte = divide(cpu, bytes_of(run) / (1 << 20));
    figures->private_bytes = (uint64_t)run->at_end.private_bytes;
    figures->private_bytes_per_client = grown / (double)run->settings->clients;
}

static void add_flood(struct figures *figures, const struct flood *flood)
{
    figures->has_flood = true;
    figures->flood_sent = flood->sent;
    figures->flood_lost = flood->sent - flood->answered;
    figures->flood_loss = divide((double)figures->flood_lost, (double)flood->sent);
    figures->flood_rate = divide((double)flood->sent, figures->seconds);
}

void figures_make(struct figures *figures, const struct run *run)
{
    const struct tally *measured = &run->measured;
    double seconds = (double)(run->end - run->begin) / CLOCK_SECOND;
    double took = run->mode->holds ? (double)run->opening / CLOCK_SECOND : seconds;
    *figures = (struct figures){
        .seconds = seconds,
        .operations = measured->operations,
        .rate = divide((double)measured->operations, took),
        .bytes_per_second = divide(bytes_of(run), seconds),
        .loss = divide((double)run->tally.lost, (double)run->tally.sent),
        .has_unanswered = run->mode->under_way,
        .latency = quantiles(&measured->latency),
        .has_connect = measured->connect.count > 0 && !run->mode->datagrams &&
                       (run->mode->holds || run->mode->connects),
        .connect = quantiles(&measured->connect),
        .has_exchanges = !run->mode->holds && measured->operations > 0,
        .own_cpu_seconds = (double)run->own_cpu / CLOCK_SECOND,
        .own_cpu_per_operation =
            divide((double)run->own_cpu / CLOCK_MICROSECOND, (double)measured->operations),
    };
    if (run->settings->pid > 0 && !run->server_gone)
        add_server(figures, run);
    if (run->settings->flood.host)
        add_flood(figures, &run->flood);
}
