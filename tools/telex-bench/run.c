/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "telex-bench/clock.h"
#include "telex-bench/datagrams.h"
#include "telex-bench/opening.h"
#include "telex-bench/pattern.h"
#include "telex-bench/progress.h"
#include "telex-bench/remains.h"
#include "telex-bench/report.h"

enum { TICKS_A_WAIT = 8, SPARE_DESCRIPTORS = 16 };

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t tick_interval(const struct run *run)
{
    if (run->mode->tick_interval > 0)
        return run->mode->tick_interval;
    return run->settings->wait * CLOCK_MICROSECOND / TICKS_A_WAIT + CLOCK_MILLISECOND;
}

static void tick(struct run *run, int64_t now)
{
    run->next_tick = now + tick_interval(run);
    for (uint64_t i = 0; i < run->settings->clients; i++) {
        struct client *client = run_client(run, i);
        if (!client->dead)
            run->mode->tick(client, now);
    }
}

void run_turn(struct run *run, int64_t deadline)
{
    int64_t now = clock_now();
    int64_t until = earlier(deadline, earlier(pace_next(&run->pace), flood_next(&run->flood)));
    until = earlier(until, earlier(run->next_tick, run->next_progress));
    poller_turn(&run->poller, until > now ? until - now : 0);
    now = clock_now();
    pace_turn(&run->pace, now);
    flood_turn(&run->flood, now);
    if (now >= run->next_tick)
        tick(run, now);
    if (now >= run->next_progress)
        run->next_progress = progress_show(run, now);
}

/* SIGINT and SIGTERM end the run early. */
static void signal_ready(struct poller_source *source, uint32_t events)
{
    struct run *run = (struct run *)((char *)source - offsetof(struct run, signals));
    struct signalfd_siginfo signal;
    (void)events;
    if (read(source->fd, &signal, sizeof signal) == sizeof signal)
        run->interrupted = true;
}

static bool catch_signals(struct run *run)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    run->signals.ready = signal_ready;
    run->signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return run->signals.fd >= 0 && poller_add(&run->poller, &run->signals, EPOLLIN);
}

/* Descriptors for all: the soft limit goes up to the hard one. */
static bool raise_limit(const struct settings *settings, char **error)
{
    struct rlimit limit;
    uint64_t sources = settings->flood.host ? settings->flood_sources : 0;
    uint64_t needed = settings->clients + sources + SPARE_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || needed <= limit.rlim_cur)
        return true;
    if (needed > limit.rlim_max) {
        *error = mem_printf("the limit of %llu open files is too low for so many clients: "
                            "see ulimit -Hn",
                            (unsigned long long)limit.rlim_max);
        return false;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return true;
}

static void make_clients(struct run *run)
{
    const struct settings *settings = run->settings;
    size_t align = _Alignof(max_align_t);
    run->client_size = (run->mode->client_size(settings) + align - 1) / align * align;
    run->clients = mem_zalloc(run->client_size * settings->clients);
    for (uint64_t i = 0; i < settings->clients; i++) {
        struct client *client = run_client(run, i);
        client->source = (struct poller_source){.fd = -1};
        client->run = run;
        client->number = (uint32_t)i;
    }
}

static void make_bytes(struct run *run)
{
    const struct settings *settings = run->settings;
    const struct exchange *exchange = &settings->exchange;
    run->pattern = pattern_create();
    run->out = run->in = &run->pattern;
    run->buffer = mem_alloc(PATTERN_PIECE);
    if (run->mode->datagrams) {
        run->datagrams = datagrams_create(run->pattern.bytes, settings->size, settings->depth);
        if (exchange->send.data)
            datagrams_exchange(run->datagrams, exchange);
    } else if (exchange->send.data) {
        run->texts[0] = pattern_of_text(exchange->send.data, exchange->send.size);
        run->texts[1] = pattern_of_text(exchange->expect.data, exchange->expect.size);
        run->out = &run->texts[0];
        run->in = &run->texts[1];
    }
}

static bool run_init(struct run *run, const struct settings *settings, char **error)
{
    memset(run, 0, sizeof *run);
    run->settings = settings;
    run->mode = settings->mode;
    run->poller.fd = run->signals.fd = -1;
    run->begin = run->end = run->next_tick = INT64_MAX;
    run->next_progress = progress_first(run);
    pace_init(&run->pace, run->mode, settings->rate > 0 ? settings->rate : run->mode->rate);
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); /* the pace is to be kept */
    if (!raise_limit(settings, error) ||
        !target_init(&run->target, &settings->endpoint, error) ||
        !wires_init(&run->wires, &settings->endpoint, error))
        return false;
    if (!poller_init(&run->poller) || !catch_signals(run)) {
        *error = mem_printf("cannot wait for events: %s", strerror(errno));
        return false;
    }
    make_bytes(run);
    make_clients(run);
    return flood_init(&run->flood, settings, &run->poller, &run->tally, run->pattern.bytes,
                      error);
}

static void run_finish(struct run *run)
{
    for (uint64_t i = 0; run->clients && i < run->settings->clients; i++)
        client_end(run_client(run, i));
    if (run->signals.fd >= 0)
        close(run->signals.fd);
    flood_finish(&run->flood);
    poller_finish(&run->poller);
    datagrams_destroy(run->datagrams);
    wires_finish(&run->wires);
    target_finish(&run->target);
    tally_finish(&run->tally);
    free(run->clients);
    free(run->buffer);
    free(run->pattern.bytes);
    free(run->texts[0].bytes);
    free(run->texts[1].bytes);
}

static bool take_sample(const struct run *run, struct server_sample *sample, char **error)
{
    pid_t pid = (pid_t)run->settings->pid;
    if (pid == 0 || server_measure(pid, sample))
        return true;
    *error = mem_printf("cannot measure process %ld: %s", (long)pid,
                        errno == ENOENT ? "there is none" : strerror(errno));
    return false;
}

static void start_clients(struct run *run)
{
    int64_t now = clock_now();
    pace_start(&run->pace, now);
    flood_start(&run->flood, now);
    if (run->mode->tick)
        run->next_tick = now + tick_interval(run);
    for (uint64_t i = 0; i < run->settings->clients; i++) {
        struct client *client = run_client(run, i);
        run->mode->start(client, now);
        run->mode->flush(client, now);
    }
}

static bool goes_on(const struct run *run)
{
    return run->alive > 0 && !run->interrupted;
}

/* Until the time is over, or there is no reason to go on. */
static void turn_until(struct run *run, int64_t deadline)
{
    while (goes_on(run) && clock_now() < deadline)
        run_turn(run, deadline);
}

/* The first datagrams of clients that only hold are sent and answered, or lost. */
static void settle(struct run *run)
{
    while (goes_on(run) && pace_next(&run->pace) != INT64_MAX)
        run_turn(run, INT64_MAX);
    int64_t deadline = clock_now() + run->settings->wait * CLOCK_MICROSECOND;
    while (goes_on(run) && run->under_way > 0 && clock_now() < deadline)
        run_turn(run, deadline);
}

static void warm_up(struct run *run)
{
    turn_until(run, clock_now() + run->settings->warm_up * CLOCK_MICROSECOND);
    if (run->mode->holds)
        settle(run);
    else
        tally_begin(&run->tally);
    flood_begin(&run->flood);
}

static bool answers_are_missing(struct run *run)
{
    return run->alive > 0 &&
           (run->under_way > 0 || remains_any(run) || run->flood.answered < run->flood.sent);
}

/*
 * What is under way may still come back, for as long as that may take: it is not lost then, but
 * came too late to be counted. A second signal ends this too.
 */
static void drain(struct run *run)
{
    int64_t wait = run->settings->wait * CLOCK_MICROSECOND;
    int64_t deadline = clock_now() + wait;
    pace_stop(&run->pace);
    flood_stop(&run->flood);
    run->interrupted = false;
    if (!run->mode->datagrams)
        run->next_tick = INT64_MAX;
    while (answers_are_missing(run) && !run->interrupted && clock_now() < deadline)
        run_turn(run, deadline);
    if (run->mode->datagrams)
        tick(run, clock_now() + wait + 1); /* what has not come by now is lost */
    if (run->mode->datagrams && run_is_paced(run))
        run->measured.latency = run->tally.latency; /* by now it is known what was not lost */
    remains_count(run);
}

static bool measure(struct run *run, char **error)
{
    start_clients(run);
    warm_up(run);
    if (run->interrupted) {
        *error = mem_strdup("interrupted before anything was measured");
        return false;
    }
    if (!take_sample(run, &run->at_begin, error))
        return false;
    run->begin = clock_now();
    run->own_cpu = clock_cpu();
    turn_until(run, run->begin + run->settings->time * CLOCK_MICROSECOND);
    run->end = clock_now();
    run->own_cpu = clock_cpu() - run->own_cpu;
    char *reason = NULL;
    run->server_gone = !take_sample(run, &run->at_end, &reason);
    free(reason);
    remains_clock(run);
    run->measured = run->tally;
    if (run->mode->holds)
        run->measured.operations = run->alive;
    drain(run);
    return true;
}

static bool do_all(struct run *run, const struct settings *settings, char **error)
{
    return run_init(run, settings, error) && take_sample(run, &run->before, error) &&
           opening_all(run, error) && measure(run, error);
}

int run_all(const struct settings *settings)
{
    struct run *run = mem_alloc(sizeof *run);
    char *error = NULL;
    int status = EXIT_FAILURE;
    bool good = do_all(run, settings, &error);
    progress_clear(run);
    if (good)
        status = report_print(run);
    else
        log_error("%s", error);
    free(error);
    run_finish(run);
    free(run);
    return status;
}
