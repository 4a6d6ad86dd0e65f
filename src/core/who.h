/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer or a listener as people know it: by its number, and by its name where it has one. */
#ifndef TELEX_CORE_WHO_H
#define TELEX_CORE_WHO_H

#include <stdbool.h>
#include <stdint.h>

struct who {
    uint64_t number;  /* 0: nobody */
    const char *name; /* borrowed; NULL: none */
};

/* "#3" or "#3 boiler" */
enum { WHO_LABEL = 64 };
void who_label(const struct who *who, char label[WHO_LABEL]);

/* A number as it is typed, "3" or "#3", from 1 to most; false: word is none. */
bool who_parse_number(const char *word, uint64_t most, uint64_t *number);

#endif
