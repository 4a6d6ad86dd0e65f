/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the beginning of a path may become, found in a bounded time. */
#ifndef TELEX_CONSOLE_TERMINAL_PATHS_H
#define TELEX_CONSOLE_TERMINAL_PATHS_H

#include <stdbool.h>

/*
 * Calls add with each path in the directory of text that begins with text, in no order; "~"
 * stays as it was typed. Returns false where the directory was too large to see all of it in 3
 * ms.
 */
bool terminal_paths_find(const char *text, void (*add)(void *context, const char *path),
                         void *context);

#endif
