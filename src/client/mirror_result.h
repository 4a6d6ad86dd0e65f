/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answers of a daemon, as its own console would be given them. */
#ifndef TELEX_CLIENT_MIRROR_RESULT_H
#define TELEX_CLIENT_MIRROR_RESULT_H

#include <jansson.h>
#include <stdbool.h>

struct mirror;

/* A result event: brings the mirror up to date, and shows it. false where it is none. */
bool mirror_result_take(struct mirror *mirror, const json_t *event);

#endif
