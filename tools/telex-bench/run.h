/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run from the first connection to the last byte. */
#ifndef TELEX_BENCH_RUN_H
#define TELEX_BENCH_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "telex-bench/client.h"
#include "telex-bench/flood.h"
#include "telex-bench/mode.h"
#include "telex-bench/pace.h"
#include "telex-bench/pattern.h"
#include "telex-bench/poller.h"
#include "telex-bench/server.h"
#include "telex-bench/settings.h"
#include "telex-bench/tally.h"
#include "telex-bench/target.h"
#include "telex-bench/wire.h"

struct datagrams;

struct run {
    const struct settings *settings;
    const struct mode *mode;
    struct target target;
    struct wires wires;
    struct poller poller;
    struct poller_source signals;
    struct pattern pattern;    /* random */
    struct pattern texts[2];   /* those of settings->exchange: sent, expected */
    const struct pattern *out; /* what streams send, and what they get */
    const struct pattern *in;
    uint8_t *buffer;             /* PATTERN_PIECE bytes for what comes in */
    struct datagrams *datagrams; /* NULL: streams */
    struct pace pace;
    struct flood flood;
    struct tally tally;
    struct tally measured; /* the same when the measured time was over */
    char *clients;         /* an array, see run_client */
    size_t client_size;
    uint64_t opened; /* clients that are, or were, connected */
    uint64_t alive;
    uint64_t under_way;  /* datagrams */
    uint64_t finished;   /* the first so many clients have nothing under way in the end */
    uint64_t unanswered; /* operations of streams, in the end */
    uint64_t ignored;    /* clients that were never answered on their stream */
    int64_t opening;     /* how long it took to connect all, in nanoseconds */
    int64_t begin;       /* of the measured time; INT64_MAX: not yet */
    int64_t end;         /* likewise */
    int64_t own_cpu;     /* nanoseconds of CPU time that we used in it */
    int64_t next_tick;
    int64_t next_progress;
    int64_t next_call; /* not before then is another connection to be tried */
    bool interrupted;
    bool out_of_ports;           /* some calls had to wait until a local port was free */
    bool server_gone;            /* in the end there was none to be measured */
    struct server_sample before; /* any client was connected */
    struct server_sample at_begin;
    struct server_sample at_end;
};

/*
 * Makes the run that settings (borrowed) ask for, and prints what came of it. Returns the
 * program's exit status; what went wrong has been said.
 */
int run_all(const struct settings *settings);

static inline struct client *run_client(const struct run *run, uint64_t number)
{
    return (struct client *)(run->clients + number * run->client_size);
}

/* Operations are due at fixed times, because somebody asked for that. */
static inline bool run_is_paced(const struct run *run)
{
    return run->settings->rate > 0 && !run->mode->holds;
}

/* An operation is done, so many nanoseconds after it was due. */
static inline void run_count(struct run *run, int64_t latency)
{
    run->tally.operations++;
    histogram_add(&run->tally.latency, latency);
}

/* Waits for what comes, at most until deadline, and does what is due. */
void run_turn(struct run *run, int64_t deadline);

#endif
