/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "~" and "~user" at the beginning of a path, as shells have them. */
#ifndef TELEX_BASE_HOME_H
#define TELEX_BASE_HOME_H

/*
 * A malloc'ed copy of path: "~/x" with $HOME (without it the home of who runs the program),
 * "~user/x" with that user's home. What has no such home stays as it is.
 */
char *home_expand(const char *path);

#endif
