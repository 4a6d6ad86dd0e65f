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
#include "telex-bench/report.h"
#include "telex-bench/server.h"

enum { TICKS_A_WAIT = 8, SPARE_DESCRIPTORS = 16 };

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t tick_interval(const struct run *run)
{
    return run->settings->wait * CLOCK_MICROSECOND / TICKS_A_WAIT + CLOCK_MILLISECOND;
}

static void tick(struct run *run, int64_t now)
{
    run->next_tick = now + tick_interval(run);
    for (uint64_t i = 0; i < run->opened; i++) {
        struct client *client = run_client(run, i);
        if (!client->dead)
            run->mode->tick(client, now);
    }
}

void run_turn(struct run *run, int64_t deadline)
{
    int64_t now = clock_now();
    int64_t until = earlier(deadline, pace_next(&run->pace));
    until = earlier(until, earlier(run->next_tick, run->next_progress));
    poller_turn(&run->poller, until > now ? until - now : 0);
    now = clock_now();
    pace_turn(&run->pace, now);
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

static bool run_init(struct run *run, const struct settings *settings, char **error)
{
    memset(run, 0, sizeof *run);
    run->settings = settings;
    run->mode = settings->mode;
    run->poller.fd = run->signals.fd = -1;
    run->begin = run->next_tick = INT64_MAX;
    run->next_progress = progress_first(run);
    pace_init(&run->pace, run->mode, settings->rate);
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); /* the pace is to be kept */
    if (!raise_limit(settings, error) || !target_init(&run->target, &settings->endpoint, error))
        return false;
    if (!poller_init(&run->poller) || !catch_signals(run)) {
        *error = mem_printf("cannot wait for events: %s", strerror(errno));
        return false;
    }
    run->pattern = pattern_create();
    run->buffer = mem_alloc(PATTERN_PIECE);
    if (run->mode->datagrams)
        run->datagrams = datagrams_create(run->pattern, settings->size);
    make_clients(run);
    return true;
}

static void run_finish(struct run *run)
{
    for (uint64_t i = 0; run->clients && i < run->settings->clients; i++)
        client_end(run_client(run, i));
    if (run->signals.fd >= 0)
        close(run->signals.fd);
    poller_finish(&run->poller);
    datagrams_destroy(run->datagrams);
    target_finish(&run->target);
    tally_finish(&run->tally);
    free(run->clients);
    free(run->buffer);
    free(run->pattern);
}

static bool take_sample(const struct run *run, struct run_sample *sample, char **error)
{
    pid_t pid = (pid_t)run->settings->pid;
    *sample = (struct run_sample){-1, -1};
    if (pid == 0)
        return true;
    sample->cpu = server_cpu(pid);
    sample->private_bytes = sample->cpu < 0 ? -1 : server_private(pid);
    if (sample->private_bytes >= 0)
        return true;
    *error = mem_printf("cannot measure process %ld: %s", (long)pid,
                        errno == ENOENT ? "there is none" : strerror(errno));
    return false;
}

static void start_clients(struct run *run)
{
    int64_t now = clock_now();
    pace_start(&run->pace, now);
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

/* What is under way may still come back, for as long as it may take. */
static void drain(struct run *run)
{
    int64_t deadline =
        clock_now() + run->settings->wait * CLOCK_MICROSECOND + CLOCK_MILLISECOND;
    uint64_t operations = run->tally.operations;
    pace_stop(&run->pace);
    while (run->under_way > 0 && goes_on(run) && clock_now() < deadline)
        run_turn(run, deadline);
    if (run->mode->tick)
        tick(run, deadline);
    run->tally.operations = operations; /* what comes now is not lost, but came too late */
}

static bool measure(struct run *run, char **error)
{
    const struct settings *settings = run->settings;
    start_clients(run);
    turn_until(run, clock_now() + settings->warm_up * CLOCK_MICROSECOND);
    if (!take_sample(run, &run->at_begin, error))
        return false;
    tally_begin(&run->tally);
    run->begin = clock_now();
    turn_until(run, run->begin + settings->time * CLOCK_MICROSECOND);
    run->end = clock_now();
    if (!take_sample(run, &run->at_end, error))
        return false;
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
