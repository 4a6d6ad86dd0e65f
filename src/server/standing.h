/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listeners that are there because command line or file ask for them. */
#ifndef TELEX_SERVER_STANDING_H
#define TELEX_SERVER_STANDING_H

#include <stddef.h>

struct standing_entry {
    char *text;      /* the endpoint, as it is written there */
    char *place;     /* the same without its keys, and before it was bound */
    unsigned number; /* the listener's, which an operator may have closed since */
};

struct standing {
    struct standing_entry *entries;
    size_t count;
};

void standing_add(struct standing *standing, const char *text, const char *place,
                  unsigned number);
void standing_finish(struct standing *standing);

#endif
