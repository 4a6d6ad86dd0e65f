/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that were accepted and are no peers yet, since their lanes have to open first: a
 * proxy's header, a handshake. Only then the hub knows of them. Access list and limits are
 * asked as soon as the client is known. They are bounded in number and in time.
 */
#ifndef TELEX_TRANSPORT_GREETING_H
#define TELEX_TRANSPORT_GREETING_H

#include <stdbool.h>

/* For a header of a proxy, or a request, to come whole: microseconds. */
enum { GREETING_PATIENCE = 10000000 };

struct line_kind;
struct origin;
struct switchboard;
union address;

/* fd, of a connection of remote, or one that it, a proxy, has passed on. Owns fd from here on.
 */
void greeting_begin(struct switchboard *board, const struct line_kind *kind,
                    struct origin *origin, int fd, const union address *remote, bool proxied);
/* Memory is short: those go that hold some, before any peer has to. */
void greetings_heed_memory(struct switchboard *board);
/* The limits count hosts anew: those that they have admitted. */
void greetings_count(const struct switchboard *board);
/* All that are under way go. */
void greetings_finish(struct switchboard *board);

#endif
