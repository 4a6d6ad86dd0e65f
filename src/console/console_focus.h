/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of all that happens one console shows: command/focus, as its renderer wants it. */
#ifndef TELEX_CONSOLE_CONSOLE_FOCUS_H
#define TELEX_CONSOLE_CONSOLE_FOCUS_H

#include <stdbool.h>

struct console;
struct told;

/* Whether that is not to be shown: it costs no rendering, and is not lost. */
bool console_hides(const struct console *console, const struct told *told);

#endif
