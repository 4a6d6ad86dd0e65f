/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message on its way through the house. The bytes are borrowed for the call. */
#ifndef TELEX_CORE_MESSAGE_H
#define TELEX_CORE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct message {
    const void *data;
    size_t size;
    bool partial;     /* a piece of a line without its newline */
    bool automatic;   /* sent: by an agent, not by an operator */
    unsigned console; /* sent by an operator: the console's number */
};

#endif
