/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_put.h"
#include "base/log.h"
#include "telex-bench/figures.h"
#include "telex-bench/run.h"
#include "telex-bench/table.h"

/* With up to six decimals. */
static void number(struct json *json, const char *key, double value)
{
    json_put_seconds(json, key, (int64_t)(value * 1e6 + (value < 0 ? -0.5 : 0.5)));
}

static void quantiles(struct json *json, const char *key,
                      const struct figures_quantiles *quantiles)
{
    json_put_object_begin(json, key);
    number(json, "p50", quantiles->p50);
    number(json, "p99", quantiles->p99);
    number(json, "p999", quantiles->p999);
    number(json, "max", quantiles->max);
    json_put_object_end(json);
}

static void generator(struct json *json, const struct figures *figures)
{
    json_put_object_begin(json, "generator");
    number(json, "cpu_seconds", figures->own_cpu_seconds);
    if (figures->has_exchanges)
        number(json, "cpu_per_operation", figures->own_cpu_per_operation);
    json_put_object_end(json);
}

static void server(struct json *json, const struct figures *figures)
{
    json_put_object_begin(json, "server");
    number(json, "cpu_seconds", figures->cpu_seconds);
    if (figures->has_exchanges) {
        number(json, "cpu_per_operation", figures->cpu_per_operation);
        number(json, "cpu_per_megabyte", figures->cpu_per_megabyte);
    }
    json_put_unsigned(json, "private_bytes", figures->private_bytes);
    number(json, "private_bytes_per_client", figures->private_bytes_per_client);
    json_put_object_end(json);
}

static void flood(struct json *json, const struct figures *figures)
{
    json_put_object_begin(json, "flood");
    json_put_unsigned(json, "sent", figures->flood_sent);
    json_put_unsigned(json, "answered", figures->flood_sent - figures->flood_lost);
    json_put_unsigned(json, "lost", figures->flood_lost);
    number(json, "loss", figures->flood_loss);
    number(json, "rate", figures->flood_rate);
    json_put_object_end(json);
}

static void fill(struct json *json, const struct run *run, const struct figures *figures)
{
    json_put_object_begin(json, NULL);
    json_put_string(json, "mode", run->mode->name);
    json_put_string(json, "endpoint", run->target.text);
    json_put_unsigned(json, "clients", run->settings->clients);
    json_put_unsigned(json, "size", run->settings->size);
    if (run->settings->exchange.send.data)
        json_put_unsigned(json, "answer", run->settings->answer);
    json_put_unsigned(json, "depth", run->settings->depth);
    number(json, "seconds", figures->seconds);
    json_put_unsigned(json, "operations", figures->operations);
    number(json, "rate", figures->rate);
    number(json, "bytes_per_second", figures->bytes_per_second);
    json_put_unsigned(json, "errors", run->tally.errors);
    json_put_unsigned(json, "mismatched", run->tally.mismatched);
    json_put_unsigned(json, "unanswered", run->unanswered);
    json_put_unsigned(json, "lost", run->tally.lost);
    number(json, "loss", figures->loss);
    quantiles(json, "latency", &figures->latency);
    if (figures->has_connect)
        quantiles(json, "connect", &figures->connect);
    generator(json, figures);
    if (figures->has_server)
        server(json, figures);
    if (figures->has_flood)
        flood(json, figures);
    json_put_object_end(json);
}

static void print_json(const struct run *run, const struct figures *figures)
{
    UT_string out;
    struct json json;
    utstring_init(&out);
    json_put_init(&json, &out);
    fill(&json, run, figures);
    printf("%s\n", utstring_body(&out));
    utstring_done(&out);
}

static void say(uint64_t count, const char *one, const char *several, const char *first)
{
    if (count == 1)
        log_error("%s: %s", one, first);
    else if (count > 1)
        log_error("%" PRIu64 " %s, the first: %s", count, several, first);
}

/* False where clients called into the void, and no second signal ended the wait for them. */
static bool judge_answers(const struct run *run, bool silent)
{
    bool good = run->ignored == 0 || run->interrupted;
    if (silent)
        log_error("nothing came back in the measured time");
    else if (!good)
        log_error("%" PRIu64 " of %" PRIu64 " client%s never got an answer", run->ignored,
                  run->settings->clients, run->settings->clients == 1 ? "" : "s");
    return good && !silent;
}

/* Says what went wrong; false: so wrong that the program has failed. */
static bool judge(const struct run *run, const struct figures *figures)
{
    const struct tally *tally = &run->tally;
    /* Datagrams that are lost are no failure, not even if all are. */
    bool silent = figures->operations == 0 && !run->mode->datagrams && tally->errors == 0 &&
                  tally->mismatched == 0;
    say(tally->errors, "a connection broke", "connections broke", tally->first_error);
    say(tally->mismatched, "a message came back wrong", "messages came back wrong",
        tally->first_mismatch);
    if (run->out_of_ports)
        log_error(
            "for some time no local port was free to call from: the rate is not the server's");
    if (run->server_gone)
        log_error("process %" PRIu64 " is gone", run->settings->pid);
    bool answered = judge_answers(run, silent);
    return tally->errors == 0 && tally->mismatched == 0 && !run->server_gone && answered;
}

int report_print(const struct run *run)
{
    struct figures figures;
    figures_make(&figures, run);
    if (run->settings->json)
        print_json(run, &figures);
    else
        table_print(run, &figures);
    bool written = fflush(stdout) == 0;
    if (!written)
        log_error("cannot write the report");
    return judge(run, &figures) && written ? EXIT_SUCCESS : EXIT_FAILURE;
}
