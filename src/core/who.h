/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A peer or a listener as people know it: by its number, and by its name where it has one.
 *
 * Where one program shows peers of many daemons, each of these is a node of some name, and has
 * a place, from 1. A peer's number then has the node's place in its upper bits, so that it is
 * nobody else's there; and is shown, and typed, as "berlin/3".
 */
#ifndef TELEX_CORE_WHO_H
#define TELEX_CORE_WHO_H

#include <stdbool.h>
#include <stdint.h>

struct who {
    uint64_t number;  /* 0: nobody */
    const char *name; /* borrowed; NULL: none */
    const char *node; /* borrowed; NULL: there is but one daemon */
};

/* Numbers of a node's peers are below this. */
#define WHO_NUMBER_END (UINT64_C(1) << 48)

/* As its own daemon has it. */
static inline uint64_t who_number(uint64_t number)
{
    return number & (WHO_NUMBER_END - 1);
}

/* The peer of that number, of its daemon's, of the same node as another peer. */
static inline uint64_t who_beside(uint64_t other, uint64_t number)
{
    return (other & ~(WHO_NUMBER_END - 1)) | number;
}

/* What numbers of a node at that place are counted from. */
static inline uint64_t who_base(unsigned place)
{
    return place * WHO_NUMBER_END;
}

/* "#3" or "#3 boiler", of a node "berlin/3" or "berlin/boiler". */
enum { WHO_LABEL = 72 };
void who_label(const struct who *who, char label[WHO_LABEL]);

/* A number as it is typed, "3" or "#3", from 1 to most; false: word is none. */
bool who_parse_number(const char *word, uint64_t most, uint64_t *number);

#endif
