/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which listeners a file that is read again leaves as they are, which change, which come and
 * which go. A line is known by its place, the endpoint without its keys.
 */
#ifndef TELEX_SERVER_RELOAD_PLAN_H
#define TELEX_SERVER_RELOAD_PLAN_H

#include <stdbool.h>
#include <stddef.h>

struct hub;
struct listener;
struct listening;
struct passed;
struct settings;
struct standing;
struct standing_entry;

struct reload_item {
    const char *text;      /* of the settings: borrowed */
    char *place;           /* that without its keys */
    char *name;            /* that it gives, or NULL */
    struct listener *says; /* complete, not bound; NULL: listening has it */
    unsigned number;       /* of the listener that is there for it; 0: a new one */
    struct listener *said; /* what that one is by the settings so far; NULL: it was opened at a
                              console, which the line now makes last */
    struct listening *coming; /* of a new one, once it is begun */
};

struct reload_plan {
    struct reload_item *items;
    size_t count;
    unsigned *gone; /* numbers of listeners that have no line any more */
    size_t gone_count;
};

/* What the hub and the settings so far are compared with fresh in. */
struct reload_before {
    const struct hub *hub;
    const struct settings *settings;
    const struct passed *passed;
    const struct standing *standing;
};

/*
 * Compares, and changes nothing. False with *error (malloc'ed), *plan being empty, where a name
 * is one that a listener of an operator has.
 */
bool reload_plan_make(struct reload_plan *plan, const struct reload_before *before,
                      const struct settings *fresh, char **error);
/* Whether its names are free still, after a while. False with *error. */
bool reload_plan_names_free(const struct reload_plan *plan, const struct reload_before *before,
                            char **error);
/* Reads the files that its lines name, so that a bad one changes nothing. False with *error. */
bool reload_plan_load(struct reload_plan *plan, const struct reload_before *before,
                      const struct settings *fresh, char **error);
void reload_plan_finish(struct reload_plan *plan);

#endif
