/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telex fleet was told. */
#ifndef TELEX_FLEET_FLEET_SETTINGS_H
#define TELEX_FLEET_FLEET_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "client/nats_settings.h"

struct option_spec;

struct fleet_settings {
    char *node; /* what operators call it, as names_valid has it */
    CAST_MARK;
    struct nats_settings nats;
    int64_t max_age;    /* microseconds that the stream keeps an event for */
    uint64_t max_bytes; /* that the stream takes */
    bool leaf;          /* the nats-server is this node's own, a leaf of the hub */
    char *control;      /* path of the control socket */
    bool tries_service; /* none was given: if nobody is there, at CONTROL_PLACE_SERVICE */
    bool help;
    bool version;
};

/*
 * --help and --version are printed. Returns false where the program is to end with *status,
 * because of these or of an error, which has been said.
 */
bool fleet_settings_read(struct fleet_settings *settings, int argc, char **argv, int *status);
void fleet_settings_finish(struct fleet_settings *settings);

/* The table of options, *count rows, for completion in shells. */
const struct option_spec *fleet_settings_options(size_t *count);

#endif
