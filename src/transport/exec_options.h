/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of exec endpoints: pty. */
#ifndef TELEX_TRANSPORT_EXEC_OPTIONS_H
#define TELEX_TRANSPORT_EXEC_OPTIONS_H

#include <stdbool.h>

#include "base/cast.h"
#include "core/keys.h"
#include "loop/pty.h"

struct origin;

struct exec_options {
    CAST_MARK;
    bool on_pty; /* a terminal is its stdin, stdout and stderr */
    struct pty_size size;
};

extern const struct key_set exec_options_keys;

/* Of an origin whose scheme is exec. */
const struct exec_options *exec_options_of(const struct origin *origin);

#endif
