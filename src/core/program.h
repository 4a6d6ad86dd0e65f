/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What operators may ask of the process around the hub. The daemon offers all of it; the client
 * leaves out (NULL) what it has not.
 */
#ifndef TELEX_CORE_PROGRAM_H
#define TELEX_CORE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scheme.h"

struct key_set;
struct listener;
struct listening; /* a listener in the making */

struct program {
    void *context;
    /*
     * Prepares to listen on endpoint. Where *waits, the addresses of its host are not known
     * yet: ready is called once, never from within, when they are or are not to be had. NULL
     * with *error, a sentence.
     */
    struct listening *(*prepare)(void *context, const char *endpoint,
                                 void (*ready)(void *asker), void *asker, bool *waits,
                                 char **error);
    /* Binds and announces what is ready; *error is a sentence ("cannot listen on
     * tcp://[::]:1: Permission denied"). */
    bool (*listen)(void *context, struct listening *listening, const struct listener **listener,
                   char **error);
    /* Frees it, when it listens or where it is given up. */
    void (*release)(struct listening *listening);
    /* Calls out; *peer is the number of the new peer, in state connecting; open comes later. */
    bool (*connect)(void *context, const char *endpoint, uint64_t *peer, char **error);
    /*
     * Calls that wait to be made again are not, where word names them: the name of one, the
     * number of its last line, or "*". Returns how many those were. NULL: there are none.
     */
    unsigned (*hang_up)(void *context, const char *word);
    /* Those calls in words, malloc'ed; NULL: none waits. The member NULL: there are none. */
    char *(*waiting)(void *context);
    /* The keys that a scheme alone knows; NULL: it has none. The member NULL: none has any. */
    const struct key_set *(*keys)(enum scheme scheme);
    /* Ends the program gracefully, once the present command is answered. */
    void (*shutdown)(void *context);
};

#endif
