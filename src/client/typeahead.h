/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed while there is no line: kept, up to a bound, until one stands, and given then
 * in the order in which it was typed.
 */
#ifndef TELEX_CLIENT_TYPEAHEAD_H
#define TELEX_CLIENT_TYPEAHEAD_H

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct typeahead;

/* Gets a line that was kept; it may end the line to the peer, and what is left waits again. */
typedef void typeahead_give(void *context, const char *text, size_t size);

/* The most bytes that are kept, one for the end of each line counted. */
enum { TYPEAHEAD_MAX = 1 << 20 };

/* There is no line at first. */
struct typeahead *typeahead_create(struct loop *loop, typeahead_give *give, void *context);
void typeahead_destroy(struct typeahead *typeahead); /* NULL is fine */
/* There is no line any more. */
void typeahead_hold(struct typeahead *typeahead);
/* One stands: gives what was kept, outside the present callback. */
void typeahead_let_go(struct typeahead *typeahead);
/* Whether what is typed now has to be kept: else it would not come, or come too early. */
bool typeahead_waits(const struct typeahead *typeahead);
/* Keeps one line of text; false where there is no room for it. */
bool typeahead_add(struct typeahead *typeahead, const char *text, size_t size);
/* Of what waits, counted likewise. */
size_t typeahead_bytes(const struct typeahead *typeahead);

#endif
