/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Automatic replies. To add one: a file that defines a const struct responder, a line in the
 * list below, a line in meson.build.
 */
#ifndef TELEX_CORE_RESPONDER_H
#define TELEX_CORE_RESPONDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ut.h"
#include "core/message.h"

struct responder {
    const char *name;
    const char *help;
    /*
     * The reply to a message that came at wall (microseconds since the epoch): sets *data and
     * *size, which may point into the message or into scratch (cleared before the call, reused
     * by the next). NULL for a responder that never answers.
     */
    void (*reply)(const struct message *message, int64_t wall, UT_string *scratch,
                  const void **data, size_t *size);
};

#define RESPONDERS(X) X(none) X(echo) X(stamp)

#define RESPONDER_DECLARE(name) extern const struct responder responder_##name;
RESPONDERS(RESPONDER_DECLARE)
#undef RESPONDER_DECLARE

/* All of them, NULL-terminated, in the order of the list. */
extern const struct responder *const responder_table[];

/* NULL with *error (malloc'ed, lists the names) where there is none of that name. */
const struct responder *responder_find(const char *name, char **error);

#endif
