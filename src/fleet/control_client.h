/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to a daemon's control socket that comes back by itself, after pauses that grow
 * to a second.
 */
#ifndef TELEX_FLEET_CONTROL_CLIENT_H
#define TELEX_FLEET_CONTROL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct attach_place;
struct control_client;
struct loop;

/* What a daemon says first. Borrowed for the call. */
struct control_hello {
    const char *version;
    const char *run;  /* 16 hexadecimal digits */
    uint64_t seq;     /* of the last event so far */
    uint64_t history; /* of the first that can be told again */
    uint64_t console; /* our number there */
    bool read_only;   /* the socket is for looking on */
};

struct control_hooks {
    void *context;
    /* A daemon has greeted us; lines follow. */
    void (*hello)(void *context, const struct control_hello *hello);
    /* Its first lines are answered: it may be sent to until it is lost. */
    void (*ready)(void *context); /* NULL: nobody wants to know */
    /* A line from it, but for hello and the answers to our first lines. */
    void (*line)(void *context, const char *line, size_t size);
    /* After hello: it is gone, and tried again. */
    void (*lost)(void *context);
    /* Most of what was sent is on its way. */
    void (*drained)(void *context); /* NULL: nobody wants to know */
};

/*
 * Begins to connect. first are lines that are said before all others and must succeed, parted
 * by newlines; "" for none. Those that a console which looks on has no need of are left out
 * where it is one. All is borrowed for good. Of who is quiet (place) nothing is said,
 * else each change once.
 */
struct control_client *control_client_create(struct loop *loop,
                                             const struct attach_place *place,
                                             const char *first,
                                             const struct control_hooks *hooks);
void control_client_destroy(struct control_client *client); /* NULL is fine. Not from a hook */

/* Whether it is ready, and so may be sent to. */
bool control_client_is_ready(const struct control_client *client);
/* A line without its newline. In "input" of its answers the first lines are counted too. */
void control_client_send(struct control_client *client, const char *line, size_t size);
/* Reads no more while on; what was read already still comes. Until it is lost. */
void control_client_hold(struct control_client *client, bool on);
/* Bytes that the daemon has not read. */
size_t control_client_backlog(const struct control_client *client);

#endif
