/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths as they are typed: "~" and "~user" at the beginning, as shells have them. */
#ifndef TELEX_BASE_HOME_H
#define TELEX_BASE_HOME_H

/*
 * A malloc'ed copy of path: "~/x" with $HOME (without it the home of who runs the program),
 * "~user/x" with that user's home. What has no such home stays as it is.
 */
char *home_expand(const char *path);
/*
 * The path for which path stands in this process: the same with its working directory before
 * it, where it is relative. malloc'ed; NULL where it is absolute as it is, or empty.
 */
char *home_absolute(const char *path);

#endif
