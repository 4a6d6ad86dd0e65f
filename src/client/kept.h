/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed while there is no line: kept, up to a bound, until one stands, and given then
 * in the order in which it was typed.
 */
#ifndef TELEX_CLIENT_KEPT_H
#define TELEX_CLIENT_KEPT_H

#include <stdbool.h>
#include <stddef.h>

struct kept;
struct loop;

/* Gets a line that was kept; it may end the line to the peer, and what is left waits again. */
typedef void kept_give(void *context, const char *text, size_t size);

/* The most bytes that are kept, one for the end of each line counted. */
enum { KEPT_MAX = 1 << 20 };

/* There is no line at first. */
struct kept *kept_create(struct loop *loop, kept_give *give, void *context);
void kept_destroy(struct kept *kept); /* NULL is fine */
/* There is no line any more. */
void kept_hold(struct kept *kept);
/* One stands: gives what was kept, outside the present callback. */
void kept_let_go(struct kept *kept);
/* Whether what is typed now has to be kept: else it would not come, or come too early. */
bool kept_waits(const struct kept *kept);
/* Keeps one line of text; false where there is no room for it. */
bool kept_add(struct kept *kept, const char *text, size_t size);
/* The same of what waits. */
size_t kept_bytes(const struct kept *kept);

#endif
