/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to= of a listener says: an endpoint that is called for each of its peers, or a name. */
#ifndef TELEX_SERVER_FAR_END_H
#define TELEX_SERVER_FAR_END_H

#include <stdbool.h>
#include <stdint.h>

#include "core/eol.h"

struct listener;

/*
 * Understands to= of the listener, whose profile is complete. eol and half_close are those of
 * the options, as for profile_default. What the far end does not say itself, framing and view,
 * it has of the listener. False with *error (malloc'ed, a sentence).
 */
bool far_end_add(struct listener *listener, enum eol eol, int64_t half_close, char **error);

/* Whether it is none of our own listeners, a utlist, nor the listener itself. False with
 * *error. */
bool far_end_check(const struct listener *own, const struct listener *listener, char **error);

#endif
