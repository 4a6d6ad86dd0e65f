/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one peer is treated: as an operator has set for it alone, else as its profile says. */
#ifndef TELEX_CORE_WAYS_H
#define TELEX_CORE_WAYS_H

#include <stdbool.h>

#include "core/eol.h"
#include "framing/framing.h"

struct peer;

enum eol ways_eol(const struct peer *peer);
/* Its bytes, and how it is called: "crlf", or the bytes in hex. */
const char *ways_end(const struct peer *peer, size_t *size);
const char *ways_eol_name(const struct peer *peer);
const struct framing *ways_framing(const struct peer *peer); /* borrowed until it is set */
/* Whether it has one of its own. */
bool ways_has_eol(const struct peer *peer);
bool ways_has_framing(const struct peer *peer);

void ways_set_eol(struct peer *peer, enum eol eol);
/* From the bytes on that are no message yet. Of streams alone: link_ops.frame. */
void ways_set_framing(struct peer *peer, const struct framing *framing);

#endif
