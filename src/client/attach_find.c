/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "console/control_place.h"

/* Why it was not to be reached at a path; errno where that said so, else 0. */
struct attempt {
    const char *path;
    const char *why;
    int cause;
};

static bool try_it(struct attempt *attempt, bool (*connect)(void *context), void *context)
{
    attempt->why = "its directory is not yours alone";
    if (!control_place_is_safe(attempt->path, geteuid()))
        return false;
    if (connect(context))
        return true;
    attempt->cause = errno;
    attempt->why = strerror(errno);
    return false;
}

static bool is_nobody(const struct attempt *attempt)
{
    return attempt->cause == ENOENT || attempt->cause == ECONNREFUSED;
}

/* What the last one that was tried suggests. */
static const char *advice(const struct attempt *last, bool is_service)
{
    if (is_nobody(last))
        return "; is there a telexd with --control?";
    return is_service && last->cause == EACCES ? "; the group telex may" : "";
}

static void say_unreachable(const struct attempt *first, const struct attempt *second)
{
    char *shown = escape_string(first->path);
    if (second->path)
        log_error("cannot attach to %s: %s, nor to %s: %s%s", shown, first->why, second->path,
                  second->why, advice(second, true));
    else
        log_error("cannot attach to %s: %s%s", shown, first->why, advice(first, false));
    free(shown);
}

bool attach_find(const struct attach_place *place, const char **path,
                 bool (*connect)(void *context), void *context)
{
    struct attempt first = {.path = place->path}, second = {0};
    *path = first.path;
    if (try_it(&first, connect, context))
        return true;
    if (place->tries_service) {
        *path = second.path = CONTROL_PLACE_SERVICE;
        if (try_it(&second, connect, context))
            return true;
    }
    if (!place->quiet)
        say_unreachable(&first, &second);
    return false;
}
