/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What telexd was told: the values behind its table of options, and the endpoints. The command
 * line wins over the file of --config; its endpoints replace the file's.
 */
#ifndef TELEX_SERVER_SETTINGS_H
#define TELEX_SERVER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "console/control_spec.h"
#include "core/access.h"
#include "core/hub.h"
#include "core/limits.h"
#include "core/phonebook.h"
#include "core/profile.h"
#include "core/time_form.h"
#include "core/view.h"
#include "transport/transport.h"

struct option_spec;

/* What SIGHUP reads again. */
struct settings_live {
    const struct agent *reply; /* NULL: not set, see profile_default */
    enum eol eol;
    struct hub_settings hub;
    struct limits_settings limits; /* streams 0: what the descriptors allow */
    struct transport_settings lines;
    bool log_events;
    int64_t half_close;   /* microseconds; negative: not set, see hub_half_close */
    struct access access; /* its rules, not compiled */
    struct phonebook known;
};

/* What --call asked for. */
struct settings_call {
    char *endpoint; /* as it was typed */
    char *name;     /* that it gives; NULL: none */
};

struct settings {
    char *config; /* the file's name, or NULL */
    CAST_MARK;
    enum view view;
    enum time_form time_form;
    bool json;
    struct control_spec *controls;
    size_t control_count;
    char *metrics; /* an endpoint that metrics_bind_check has seen, or NULL */
    bool no_console;
    bool exit_on_eof;
    struct settings_live live;
    char **endpoints; /* those of the command line, or where it has none those of the file */
    int endpoint_count;
    struct settings_call *calls; /* of the command line, then those of the file */
    size_t call_count;
    char **listen; /* the file's */
    int listen_count;
    bool help;
    bool version;
    bool check; /* looks, and does nothing */
    int argc;   /* the command line: borrowed, for settings_reread */
    char **argv;
};

/*
 * Reads the command line and the file that it names into settings; --help and --version are
 * printed. Returns false where the program is to end with *status, because of these or of an
 * error, which has been said.
 */
bool settings_read(struct settings *settings, int argc, char **argv, int *status);
/*
 * Reads both once more, into *fresh, to be finished. False where the file cannot be read or is
 * wrong: *error is malloc'ed, and *fresh is finished.
 */
bool settings_reread(const struct settings *settings, struct settings *fresh, char **error);
/* The options that are another in fresh and need a new start: "control, json"; NULL: none.
 * malloc'ed. */
char *settings_reread_left(const struct settings *settings, const struct settings *fresh);
/* Takes over from fresh, still to be finished, what is live, and the endpoints. */
void settings_reread_take(struct settings *settings, struct settings *fresh);
void settings_finish(struct settings *settings);

/* The table itself, *count rows, for completion in shells. */
const struct option_spec *settings_options(size_t *count);

#endif
