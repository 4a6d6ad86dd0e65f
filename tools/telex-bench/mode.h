/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the clients do: one file and one struct for each kind. */
#ifndef TELEX_BENCH_MODE_H
#define TELEX_BENCH_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "telex-bench/poller.h"

struct client;
struct histogram;
struct run;
struct settings;

struct mode {
    const char *name;
    bool datagrams;      /* for udp; else for tcp and unix */
    bool connects;       /* opens its connections itself, all the time */
    bool holds;          /* its operations are the clients that are there in the end */
    uint64_t size;       /* of a message, where nothing was said */
    uint64_t size_least; /* and at least */
    uint64_t size_most;
    uint64_t depth_most;
    uint64_t rate;         /* operations a second, where nothing was said; 0: no limit */
    int64_t tick_interval; /* nanoseconds; 0: a part of settings->wait */
    /* Bytes of one client's struct, which begins with a struct client; it is zeroed. */
    size_t (*client_size)(const struct settings *settings);
    poller_ready *ready; /* of a client's descriptor, once it is connected */
    /* The run begins: offers what the client may have under way to the pace. */
    void (*start)(struct client *client, int64_t now);
    /* The pace begins an operation that was due at that time. */
    void (*begin)(struct client *client, int64_t due);
    /* Sends what was begun. */
    void (*flush)(struct client *client, int64_t now);
    /* Looks for what was lost; called now and then. NULL: nothing ever is. */
    void (*tick)(struct client *client, int64_t now);
    /*
     * The time is over: adds how late is by now what was begun and is not back. Of datagrams
     * only those that are not sent yet. NULL where the clients only hold.
     */
    void (*clock)(const struct client *client, int64_t now, struct histogram *latency);
    /* How many operations the server has still to answer. NULL: datagrams, or none ever. */
    uint64_t (*under_way)(const struct client *client);
};

#define MODES(X) X(echo) X(stream) X(churn) X(idle) X(udp_echo) X(udp_idle)

#define MODE_DECLARE(name) extern const struct mode mode_##name;
MODES(MODE_DECLARE)
#undef MODE_DECLARE

/* NULL: there is no such mode for datagrams, or none for streams. */
const struct mode *mode_find(const char *name, bool datagrams);
bool mode_exists(const char *name);

#endif
