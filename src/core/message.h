/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message on its way through the house. The bytes are borrowed for the call. */
#ifndef TELEX_CORE_MESSAGE_H
#define TELEX_CORE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One text that an operator sent to several peers at once: each is told of it, and all bear
 * this. */
enum { MESSAGE_GROUP_NAMED = 4 };
struct message_group {
    uint64_t number; /* later ones have higher numbers; 0: it went to one peer alone */
    uint64_t size;   /* the peers that were meant, though some may not have got it */
    uint64_t peers[MESSAGE_GROUP_NAMED]; /* these, where they are no more; else 0 */
};

/* The peers that a message was passed on to: numbers, as uint64_t in memory, wherever. */
struct message_to {
    const void *numbers;
    size_t count;
};

static inline uint64_t message_to(const struct message_to *to, size_t i)
{
    uint64_t number;
    memcpy(&number, (const char *)to->numbers + i * sizeof number, sizeof number);
    return number;
}

struct message {
    const void *data;
    size_t size;
    bool partial;     /* a piece of a message without its end */
    bool bad;         /* what came where a frame should be */
    bool automatic;   /* sent: by an agent, not by an operator */
    unsigned console; /* sent by an operator: the console's number */
    struct message_group group;
    struct message_to to; /* received: passed on to these; count 0: to nobody */
};

#endif
