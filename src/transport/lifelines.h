/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks after all TCP lines of a switchboard while anything is on its way to any of them. */
#ifndef TELEX_TRANSPORT_LIFELINES_H
#define TELEX_TRANSPORT_LIFELINES_H

#include <stdbool.h>

struct link;
struct switchboard;

/* Bytes are on their way, or settings.keepalive has changed: looks from now on, four times in
 * that time. Ends by itself. */
void lifelines_begin(struct switchboard *board);
/* The link_ops.check_line of TCP. */
bool lifelines_check(struct link *link);
void lifelines_finish(struct switchboard *board);

#endif
