/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who comes and goes, said on stderr in the words of the text console, a line each and never
 * what they say: for a service, whose stderr is kept.
 */
#ifndef TELEX_CONSOLE_JOURNAL_H
#define TELEX_CONSOLE_JOURNAL_H

#include <stdbool.h>

struct hub;
struct journal;

enum journal_extent {
    JOURNAL_NOTHING,
    JOURNAL_PORTS, /* what the system has chosen, and nobody could know otherwise */
    JOURNAL_ALL    /* all but messages */
};

struct journal *journal_create(struct hub *hub, enum journal_extent extent);
void journal_set(struct journal *journal, enum journal_extent extent);
void journal_destroy(struct journal *journal); /* NULL is fine */

#endif
