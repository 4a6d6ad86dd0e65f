/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of a listening Unix socket (unix(7)): one left by a dead process is replaced, a live
 * one is an error, what is not a socket is never touched, and at the end only our own is
 * removed.
 */
#ifndef TELEX_LOOP_UNIX_PATH_H
#define TELEX_LOOP_UNIX_PATH_H

#include <stdbool.h>

struct unix_path; /* remembers which file is ours */

/*
 * Binds a stream socket (non-blocking, close-on-exec) to path and listens, with exactly the
 * permissions of mode from the first moment; mode 0: what the umask leaves. "@NAME" is an
 * abstract socket, for which there is no mode and no file. Returns -1 with
 * *error (malloc'ed, the reason alone). *file is to be handed to unix_path_remove when the
 * socket closes.
 */
int unix_path_bind(const char *path, unsigned mode, struct unix_path **file, char **error);
/* Removes the file if it is still ours, and frees. NULL is fine. */
void unix_path_remove(struct unix_path *file);
/* Connects a new non-blocking socket to path, or "@NAME". Returns -1 with errno. */
int unix_path_connect(const char *path);

#endif
