/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What fails for a reason that a person reads: a sentence in *error, malloc'ed, in which text
 * from outside is escaped. Always false, so that it can be returned.
 */
#ifndef TELEX_BASE_FAIL_H
#define TELEX_BASE_FAIL_H

#include <stdbool.h>

/*
 * The first conversion of format is %s and prints what comes from outside; there is no %%
 * before it. What the others print is ours, or escaped already: fail_with(error,
 * "cannot read %s: %s", path, strerror(errno)).
 */
bool fail_with(char **error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same of a reason that is in *error already: "what OUTSIDE: reason". */
bool fail_about(char **error, const char *what, const char *outside);

#endif
