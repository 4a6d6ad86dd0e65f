/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a control socket is that nobody has given a path of: a place that is one's own alone,
 * and the one of the service (telexd(8), FILES).
 */
#ifndef TELEX_CONSOLE_CONTROL_PLACE_H
#define TELEX_CONSOLE_CONTROL_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

/* The service's, and root's own. */
#define CONTROL_PLACE_SERVICE "/run/telex/telex.sock"

/*
 * One's own: $XDG_RUNTIME_DIR/telex.sock; without that variable /run/user/UID/telex.sock where
 * the directory is there and that user's; else /tmp/telex-UID/telex.sock. malloc'ed.
 */
char *control_place_own(uid_t user);

/*
 * Whether the directory of path may be used by user: in /tmp, where anybody may make one of
 * that name, it has to be a directory of that user's alone. Others are as they are. One that is
 * not there may be.
 */
bool control_place_is_safe(const char *path, uid_t user);

/*
 * Makes the directory of path where it is one of those that are not there after a boot:
 * /run/telex, for root, and the one in /tmp. False with *error (malloc'ed, the reason alone)
 * where that is not safe.
 */
bool control_place_prepare(const char *path, uid_t user, char **error);

#endif
