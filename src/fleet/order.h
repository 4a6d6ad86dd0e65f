/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One command that came from the fleet: whether it may be run here. Whoever sent it chose all
 * of it, the subject that its answer is to go to as well. Pure.
 */
#ifndef TELEX_FLEET_ORDER_H
#define TELEX_FLEET_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As it came, all borrowed; NULL: it has none. */
struct order_request {
    const char *reply;   /* the subject that answers are to go to */
    const char *id;      /* Telex-Id */
    const char *expires; /* Telex-Expires */
    const char *line;
    size_t size;
};

/*
 * Whether something may be said there: an inbox, and nothing else. What we say there is said
 * with our rights, and words of the sender's can be in it.
 */
bool order_may_answer(const char *reply);
/* Whether headers are as they should be; else false with *error (malloc'ed). *expires:
 * microseconds since the epoch. */
bool order_check_headers(const struct order_request *request, int64_t *expires, char **error);
/*
 * Whether that line is one for a node: else false with *error (malloc'ed), where it changes a
 * console alone, or is no line.
 */
bool order_check_line(const char *line, size_t size, char **error);
/* Whether its answer begins with events that are told again. */
bool order_tells_again(const char *line, size_t size);

#endif
