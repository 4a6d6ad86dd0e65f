/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon's reserve of memory (base/mem.h): when it has been given up, the hub is told so in
 * the loop, wherever memory ran out.
 */
#ifndef TELEX_TRANSPORT_BALLAST_H
#define TELEX_TRANSPORT_BALLAST_H

struct ballast;
struct hub;
struct loop;

struct ballast *ballast_create(struct loop *loop, struct hub *hub);
void ballast_destroy(struct ballast *ballast);

#endif
