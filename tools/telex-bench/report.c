/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "telex-bench/figures.h"
#include "telex-bench/run.h"

/* Up to six decimals. */
static void number(struct json *json, const char *key, double value)
{
    json_seconds(json, key, (int64_t)(value * 1e6 + 0.5));
}

static void quantiles(struct json *json, const char *key,
                      const struct figures_quantiles *values, bool full)
{
    json_object_begin(json, key);
    number(json, "p50", values->p50);
    number(json, "p99", values->p99);
    if (full)
        number(json, "p999", values->p999);
    number(json, "max", values->max);
    json_object_end(json);
}

static void server(struct json *json, const struct figures *figures)
{
    json_object_begin(json, "server");
    number(json, "cpu_seconds", figures->cpu_seconds);
    if (figures->operations > 0) {
        number(json, "cpu_per_operation", figures->cpu_per_operation);
        number(json, "cpu_per_megabyte", figures->cpu_per_megabyte);
    }
    json_unsigned(json, "private_bytes", figures->private_bytes);
    number(json, "private_bytes_per_client", figures->private_bytes_per_client);
    json_object_end(json);
}

static void print_json(const struct run *run, const struct figures *figures)
{
    UT_string out;
    struct json json;
    utstring_init(&out);
    json_init(&json, &out);
    json_object_begin(&json, NULL);
    json_string(&json, "mode", run->mode->name);
    json_string(&json, "endpoint", run->target.text);
    json_unsigned(&json, "clients", run->settings->clients);
    json_unsigned(&json, "size", run->settings->size);
    json_unsigned(&json, "depth", run->settings->depth);
    number(&json, "seconds", figures->seconds);
    json_unsigned(&json, "operations", figures->operations);
    number(&json, "rate", figures->rate);
    number(&json, "bytes_per_second", figures->bytes_per_second);
    json_unsigned(&json, "errors", run->tally.errors);
    json_unsigned(&json, "mismatched", run->tally.mismatched);
    json_unsigned(&json, "lost", run->tally.lost);
    number(&json, "loss", figures->loss);
    quantiles(&json, "latency", &figures->latency, true);
    if (run->settings->pid > 0)
        server(&json, figures);
    json_object_end(&json);
    printf("%s\n", utstring_body(&out));
    utstring_done(&out);
}

int report_print(const struct run *run)
{
    struct figures figures;
    figures_make(&figures, run);
    print_json(run, &figures);
    if (run->tally.first_error)
        log_error("%" PRIu64 " connections broke, the first: %s", run->tally.errors,
                  run->tally.first_error);
    if (run->tally.first_mismatch)
        log_error("%" PRIu64 " messages came back wrong, the first: %s", run->tally.mismatched,
                  run->tally.first_mismatch);
    return run->tally.errors + run->tally.mismatched > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
