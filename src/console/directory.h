/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who can be named at a console: its prompt and completion ask. The peers and listeners are a
 * hub's, or those that another program tells of.
 */
#ifndef TELEX_CONSOLE_DIRECTORY_H
#define TELEX_CONSOLE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/who.h"

struct hub;

/* Called for one after another, as long as it says true. What is in *who is borrowed. */
typedef bool directory_visit(void *context, const struct who *who);

struct directory {
    /* The peer of that number; nobody where there is none. */
    struct who (*find)(const struct directory *directory, uint64_t number);
    void (*peers)(const struct directory *directory, directory_visit *visit, void *context);
    void (*listeners)(const struct directory *directory, directory_visit *visit, void *context);
};

/* A hub's. */
struct directory_hub {
    struct directory directory;
    const struct hub *hub;
};
void directory_of_hub(struct directory_hub *directory, const struct hub *hub);

#endif
