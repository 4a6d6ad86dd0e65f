/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that were accepted and are no peers yet: what stands before them, a proxy's header, has
 * to come first. Only then are access list and limits asked, and the hub knows of them. They
 * are bounded in number and in time.
 */
#ifndef TELEX_TRANSPORT_GREETING_H
#define TELEX_TRANSPORT_GREETING_H

struct line_kind;
struct origin;
struct switchboard;
union address;

/* fd, of a connection that remote, a proxy, has passed on. Owns fd from here on. */
void greeting_begin(struct switchboard *board, const struct line_kind *kind,
                    struct origin *origin, int fd, const union address *remote);
/* Memory is short: those go that hold some, before any peer has to. */
void greetings_heed_memory(struct switchboard *board);
/* All that are under way go. */
void greetings_finish(struct switchboard *board);

#endif
