/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what core/told_write has written (telex-json(7)). What is read is borrowed from the
 * JSON object; what that leaves out is nothing, or the plainest. No more than shape is checked:
 * texts are to be escaped before they are shown, but for transports and names, which are what
 * can be shown as it is.
 */
#ifndef TELEX_CLIENT_TOLD_READ_H
#define TELEX_CLIENT_TOLD_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "base/ut.h"
#include "core/card.h"

/* The type that has that name; false where there is none. */
bool told_read_type(const char *name, enum hub_event_type *type);
/*
 * The event, whose type and time are set already. Base64 is decoded into scratch; a message may
 * come without data, which is NULL then. false where a member is missing that must be there.
 */
bool told_read(struct told *told, const json_t *event, UT_string *scratch);
/* An entry of /peers, one of /listeners. since is not told. */
bool told_read_card(struct card *card, const json_t *object);
bool told_read_origin(struct origin_card *card, const json_t *object);

#endif
