/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon's reserve of memory (base/mem.h): when it has been given up, its owner is told so in
 * the loop, wherever memory ran out.
 */
#ifndef TELEX_LOOP_BALLAST_H
#define TELEX_LOOP_BALLAST_H

struct ballast;
struct loop;

/* given_up is called from the loop. */
struct ballast *ballast_create(struct loop *loop, void (*given_up)(void *context),
                               void *context);
void ballast_destroy(struct ballast *ballast);

#endif
