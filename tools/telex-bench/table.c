/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "telex-bench/figures.h"
#include "telex-bench/run.h"

void table_count(uint64_t count, char text[TABLE_TEXT])
{
    char digits[TABLE_TEXT];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *to = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
}

/* Three digits that mean something, and the unit. */
static void print_scaled(double value, const char *unit, char text[TABLE_TEXT])
{
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(text, TABLE_TEXT, "%.*f %s", decimals, value, unit);
}

void table_time(double microseconds, char text[TABLE_TEXT])
{
    if (microseconds < 999.5)
        print_scaled(microseconds, "µs", text);
    else if (microseconds < 999500)
        print_scaled(microseconds / 1e3, "ms", text);
    else
        print_scaled(microseconds / 1e6, "s", text);
}

/* Bytes in the unit that suits them: "1.21 MiB". */
static void print_bytes(double bytes, char text[TABLE_TEXT])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    while (bytes >= 999.5 && unit < sizeof units / sizeof *units - 1) {
        bytes /= 1024;
        unit++;
    }
    print_scaled(bytes, units[unit], text);
}

/* A row's head; more of them in one row stand in columns. */
static void head(const char *name)
{
    printf("%-15s", name);
}

static void print_quantiles(const char *name, const struct figures_quantiles *quantiles)
{
    char p50[TABLE_TEXT], p99[TABLE_TEXT], p999[TABLE_TEXT], max[TABLE_TEXT];
    table_time(quantiles->p50, p50);
    table_time(quantiles->p99, p99);
    table_time(quantiles->p999, p999);
    table_time(quantiles->max, max);
    head(name);
    printf("p50 %s, p99 %s, p99.9 %s, max %s\n", p50, p99, p999, max);
}

static void print_title(const struct run *run)
{
    const struct settings *settings = run->settings;
    char clients[TABLE_TEXT], size[TABLE_TEXT];
    table_count(settings->clients, clients);
    table_count(settings->size, size);
    printf("%s %s: %s client%s", run->mode->name, run->target.text, clients,
           settings->clients == 1 ? "" : "s");
    if (!run->mode->holds || run->mode->datagrams)
        printf(", %s byte%s", size, settings->size == 1 ? "" : "s");
    if (settings->exchange.send.data) {
        table_count(settings->answer, size);
        printf(", answered by %s", size);
    }
    if (settings->depth > 1)
        printf(", %" PRIu64 " under way each", settings->depth);
    printf("\n");
}

static void print_operations(const struct run *run, const struct figures *figures)
{
    char count[TABLE_TEXT], rate[TABLE_TEXT], bytes[TABLE_TEXT];
    table_count(figures->operations, count);
    table_count((uint64_t)(figures->rate + 0.5), rate);
    print_bytes(figures->bytes_per_second, bytes);
    if (run->mode->holds) {
        head("held");
        printf("%s, connected at %s a second\n", count, rate);
        return;
    }
    head("operations");
    printf("%s in %.2f s, %s a second, %s a second\n", count, figures->seconds, rate, bytes);
}

static void print_loss(const char *name, uint64_t lost, uint64_t sent, double loss)
{
    char lost_text[TABLE_TEXT], sent_text[TABLE_TEXT];
    table_count(lost, lost_text);
    table_count(sent, sent_text);
    head(name);
    printf("%s of %s datagrams (%.4g %%)", lost_text, sent_text, loss * 100);
}

static void print_faults(const struct tally *tally)
{
    char errors[TABLE_TEXT], mismatched[TABLE_TEXT];
    table_count(tally->errors, errors);
    table_count(tally->mismatched, mismatched);
    head("faults");
    printf("%s broken connection%s, %s wrong message%s\n", errors,
           tally->errors == 1 ? "" : "s", mismatched, tally->mismatched == 1 ? "" : "s");
}

static void print_unanswered(uint64_t count)
{
    char text[TABLE_TEXT];
    table_count(count, text);
    head("unanswered");
    printf("%s operation%s\n", text, count == 1 ? "" : "s");
}

static void print_own(const struct figures *figures)
{
    char time[TABLE_TEXT], each[TABLE_TEXT];
    table_time(figures->own_cpu_seconds * 1e6, time);
    table_time(figures->own_cpu_per_operation, each);
    head("own CPU");
    printf("%s, %.0f %% of the time", time, 100 * figures->own_cpu_seconds / figures->seconds);
    if (figures->has_exchanges)
        printf(", %s an operation", each);
    printf("\n");
}

static void print_server(const struct figures *figures)
{
    char time[TABLE_TEXT], each[TABLE_TEXT], megabyte[TABLE_TEXT];
    table_time(figures->cpu_seconds * 1e6, time);
    table_time(figures->cpu_per_operation, each);
    table_time(figures->cpu_per_megabyte, megabyte);
    head("server CPU");
    printf("%s", time);
    if (figures->has_exchanges)
        printf(", %s an operation, %s a MiB", each, megabyte);
    char own[TABLE_TEXT];
    print_bytes((double)figures->private_bytes, own);
    printf("\n");
    head("server memory");
    printf("%s of its own, grown by %.0f bytes a client\n", own,
           figures->private_bytes_per_client);
}

static void print_flood(const struct figures *figures)
{
    char rate[TABLE_TEXT];
    table_count((uint64_t)(figures->flood_rate + 0.5), rate);
    print_loss("flood lost", figures->flood_lost, figures->flood_sent, figures->flood_loss);
    printf(", %s a second\n", rate);
}

void table_print(const struct run *run, const struct figures *figures)
{
    print_title(run);
    print_operations(run, figures);
    if (run->measured.latency.count > 0)
        print_quantiles("latency", &figures->latency);
    if (figures->has_connect)
        print_quantiles("connect", &figures->connect);
    if (run->mode->datagrams) {
        print_loss("lost", run->tally.lost, run->tally.sent, figures->loss);
        printf("\n");
    }
    if (figures->has_unanswered)
        print_unanswered(run->unanswered);
    print_faults(&run->tally);
    print_own(figures);
    if (figures->has_server)
        print_server(figures);
    if (figures->has_flood)
        print_flood(figures);
}
