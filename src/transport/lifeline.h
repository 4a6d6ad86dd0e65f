/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds TCP lines that are dead though something is on its way. The kernel's keepalive looks
 * only after lines with nothing outstanding, and gives what is outstanding a quarter of an
 * hour. TCP_USER_TIMEOUT would end those too that only do not read: their kernel answers, but
 * takes nothing.
 */
#ifndef TELEX_TRANSPORT_LIFELINE_H
#define TELEX_TRANSPORT_LIFELINE_H

#include <stdbool.h>
#include <stdint.h>

struct lifeline;
struct stream;
struct switchboard;

/* What the kernel knows of a line that has something outstanding; see TCP_INFO in tcp(7). */
struct lifeline_facts {
    bool in_flight;       /* sent, and not acknowledged */
    int64_t since_sent;   /* microseconds: the last time something was sent, perhaps again */
    int64_t since_heard;  /* the last acknowledgement of anything */
    unsigned unanswered;  /* questions whether it takes more again, since it was last heard */
};

/*
 * Whether the far end owes an answer, which is dead when it has owed it for as long as keepalive
 * says. *owes (microseconds of the same clock as now; 0: it does not) is kept between looks.
 */
bool lifeline_is_dead(const struct lifeline_facts *facts, int64_t now, int64_t keepalive,
                      int64_t *owes);

struct lifeline *lifeline_create(struct switchboard *board);
void lifeline_destroy(struct lifeline *lifeline); /* NULL is fine */
/* Something was sent: somebody may owe an answer. Cheap where that is known. */
void lifeline_wake(struct lifeline *lifeline);

#endif
