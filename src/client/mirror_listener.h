/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listeners of a mirror. They bind nothing. */
#ifndef TELEX_CLIENT_MIRROR_LISTENER_H
#define TELEX_CLIENT_MIRROR_LISTENER_H

#include <jansson.h>

struct listener;
struct mirror;

/* The most listeners that are mirrored. */
enum { MIRROR_LISTENERS_MAX = 65536 };

/* The origin of calls, of which nothing is known: eol is unset. One reference. */
struct origin *mirror_call_create(void);
/*
 * The listener that "listener" of an object numbers; one that was never heard of is made. NULL
 * where there is no such number, or there are too many.
 */
struct listener *mirror_listener_of(struct mirror *mirror, const json_t *object);
/* The same, with what a listening event or an entry of /listeners says of it. */
struct listener *mirror_listener_entry(struct mirror *mirror, const json_t *object);
/* All was said of it that will be: what was left out, or is not known here, is the plainest. */
void mirror_listener_complete(struct listener *listener);
/* Takes it off the list, and releases it. */
void mirror_listener_remove(struct mirror *mirror, struct listener *listener);

#endif
