/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telex-bench was told: the values behind its table of options, and the endpoint. */
#ifndef TELEX_BENCH_SETTINGS_H
#define TELEX_BENCH_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/endpoint.h"
#include "telex-bench/exchange.h"

struct mode;
struct option_spec;

struct settings {
    const struct mode *mode;
    CAST_MARK;
    char *mode_name;
    struct endpoint endpoint;
    struct endpoint flood; /* host NULL: none */
    uint64_t clients;
    uint64_t size;            /* bytes of a message */
    uint64_t answer;          /* of what comes back for it */
    struct exchange exchange; /* what these are; its texts NULL: what is sent comes back */
    uint64_t depth;           /* messages under way for each client */
    uint64_t rate;            /* operations a second; 0: as fast as they are answered */
    int64_t time;             /* times in microseconds */
    int64_t warm_up;
    int64_t wait;
    uint64_t flood_rate;
    uint64_t flood_sources;
    uint64_t pid; /* 0: none */
    bool json;
    bool quiet;
    bool help;
    bool version;
};

/*
 * Reads the command line into settings; --help and --version are printed. Returns false where
 * the program is to end with *status, because of these or of an error, which has been said.
 */
bool settings_read(struct settings *settings, int argc, char **argv, int *status);
void settings_finish(struct settings *settings);

/* The table itself, *count rows, for completion in shells. */
const struct option_spec *settings_options(size_t *count);

#endif
