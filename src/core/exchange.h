/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What operators may ask of the process around the hub. The daemon offers all of it; the client
 * leaves out (NULL) what it has not.
 */
#ifndef TELEX_CORE_EXCHANGE_H
#define TELEX_CORE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

struct listener;

struct exchange {
    void *context;
    /* Binds and announces; *error is a sentence ("cannot listen on tcp://[::]:1: Permission
     * denied"). */
    bool (*listen)(void *context, const char *endpoint, const struct listener **listener,
                   char **error);
    /* Calls out; *peer is the number of the new peer, in state connecting; open comes later. */
    bool (*connect)(void *context, const char *endpoint, uint64_t *peer, char **error);
    /* Ends the program gracefully, once the present command is answered. */
    void (*shutdown)(void *context);
};

#endif
