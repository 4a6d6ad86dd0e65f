/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telex was told: the values behind its table of options, and the endpoint. */
#ifndef TELEX_CLIENT_SETTINGS_H
#define TELEX_CLIENT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/endpoint.h"
#include "core/profile.h"
#include "core/time_form.h"
#include "core/view.h"
#include "tls/tls_settings.h"

struct option_spec;

struct settings {
    enum eol eol;
    CAST_MARK;
    enum view view;
    enum time_form time_form;
    bool json;
    bool raw;
    bool whole;
    int64_t wait; /* times in microseconds; negative: not said */
    int64_t connect_timeout;
    bool reconnect;
    char *bind; /* a local address, or NULL */
    struct tls_settings tls;
    bool insecure;
    bool help;
    bool version;
    struct endpoint endpoint;
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
