/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telex attach was told. */
#ifndef TELEX_CLIENT_ATTACH_SETTINGS_H
#define TELEX_CLIENT_ATTACH_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "client/nats_settings.h"
#include "core/time_form.h"
#include "core/view.h"

struct option_spec;

struct attach_settings {
    char *path; /* of the control socket; NULL: a fleet's */
    CAST_MARK;
    bool tries_service; /* none was given: if nobody is there, at CONTROL_PLACE_SERVICE */
    struct nats_settings nats; /* of a fleet; without a URL that of one daemon */
    bool read_only;
    bool json;
    bool follow;
    enum view view;
    enum time_form time_form;
    char *only;       /* PEERS; NULL: all */
    char *grep;       /* NULL: all messages */
    uint64_t history; /* messages to begin with */
    bool help;
    bool version;
};

/*
 * argv[0] is "attach". --help and --version are printed. Returns false where the program is to
 * end with *status, because of these or of an error, which has been said.
 */
bool attach_settings_read(struct attach_settings *settings, int argc, char **argv, int *status);
void attach_settings_finish(struct attach_settings *settings);

/* The table of options, *count rows, for completion in shells. */
const struct option_spec *attach_settings_options(size_t *count);

#endif
