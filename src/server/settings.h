/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telexd was told: the values behind its table of options, and the endpoints. */
#ifndef TELEX_SERVER_SETTINGS_H
#define TELEX_SERVER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/access.h"
#include "core/profile.h"
#include "core/view.h"

struct settings {
    const struct responder *reply; /* NULL: the contract's defaults */
    enum eol eol;
    enum view view;
    bool json;
    bool no_console;
    bool exit_on_eof;
    int64_t idle_timeout; /* times in microseconds */
    int64_t udp_idle_timeout;
    int64_t half_close; /* negative: the contract's defaults */
    int64_t keepalive;
    int64_t connect_timeout;
    int64_t drain;
    uint64_t max_queue; /* bytes */
    uint64_t max_peers; /* 0: what the descriptors allow */
    uint64_t max_udp_peers;
    uint64_t max_peers_per_host; /* 0: no limit */
    uint64_t udp_reply_rate;     /* a second; 0: no limit */
    struct access access;
    char **endpoints; /* borrowed from argv */
    int endpoint_count;
    bool help;
    bool version;
};

/*
 * Reads the command line into settings; --help and --version are printed. Returns false where
 * the program is to end with *status, because of these or of an error, which has been said.
 */
bool settings_read(struct settings *settings, int argc, char **argv, int *status);
void settings_finish(struct settings *settings);

#endif
