/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that come with telex in a package of their own, and are run in its place. */
#ifndef TELEX_CLIENT_COMPANION_H
#define TELEX_CLIENT_COMPANION_H

/*
 * Becomes program, which stands beside this program's file, or else where such programs are
 * installed. Returns the exit status where it is in neither place, or can't be run, which has
 * been said, with the package that brings it.
 */
int companion_run(const char *program, const char *package, char **argv);

#endif
