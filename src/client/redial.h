/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telex --reconnect: calls again and again, after pauses that grow, and keeps meanwhile what is
 * typed.
 */
#ifndef TELEX_CLIENT_REDIAL_H
#define TELEX_CLIENT_REDIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct redial;

struct redial_hooks {
    void *context;
    void (*call)(void *context); /* the pause is over */
    /* A line that was kept: the line to the peer stands again. */
    void (*line)(void *context, const char *line, size_t size);
};

/* The most bytes of text that are kept. */
enum { REDIAL_KEPT_MAX = 1 << 20 };

struct redial *redial_create(struct loop *loop, const struct redial_hooks *hooks);
void redial_destroy(struct redial *redial); /* NULL is fine */
/*
 * The line is lost, or could not be had: call comes after a pause, twice as long as the last
 * one unless the line had been worth something meanwhile.
 */
void redial_later(struct redial *redial, bool was_good);
/* Keeps one line of text; false where there is no room for it. */
bool redial_keep(struct redial *redial, const char *line, size_t size);
bool redial_keeps(const struct redial *redial);
/* The line stands: gives what was kept to the hook, outside the present callback. */
void redial_flush(struct redial *redial);

#endif
