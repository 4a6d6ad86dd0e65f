/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a telexd's as it is told to a program that follows many: whose it is. Pure. */
#ifndef TELEX_FLEET_NODE_LINE_H
#define TELEX_FLEET_NODE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

struct node_line {
    const char *node;
    uint64_t input; /* of the line that it answers; 0: of none, and it stays as it is */
    bool more;      /* others answer it too, and have not yet */
    bool past;      /* it was told before we came */
};

/* Appends it, with a newline. Nothing where the text is no object. */
void node_line_write(UT_string *out, const struct node_line *line, const char *text,
                     size_t size);

#endif
