/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a listener is no longer what it was when it was bound. */
#ifndef TELEX_CORE_HUB_RENEW_H
#define TELEX_CORE_HUB_RENEW_H

struct hub;
struct listener;

/*
 * Has listener, which listens, follow what says now says of the same place: its keys, with the
 * defaults filled in. said is what it followed so far: what is the same in both stays as an
 * operator may have changed it since. Reply and eol hold at once for those on the line too,
 * framing for those who come; a new name, or certificate, is told (listening). said and says
 * are not bound, and are to be released by the caller; what says holds is not for use any more.
 *
 * Returns the keys that what listens keeps as they were, "interface, mode", or NULL.
 * malloc'ed.
 */
char *hub_renew_listener(struct hub *hub, struct listener *listener,
                         const struct listener *said, struct listener *says);

#endif
