/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the beginning of an endpoint may become: schemes, the keys behind it, their values. */
#ifndef TELEX_CONSOLE_TERMINAL_ENDPOINTS_H
#define TELEX_CONSOLE_TERMINAL_ENDPOINTS_H

#include "core/keys.h"

/* Calls add with each whole word that could stand there; it may begin otherwise than text. */
void terminal_endpoints_find(const char *text, enum key_use use,
                             void (*add)(void *context, const char *word), void *context);

#endif
