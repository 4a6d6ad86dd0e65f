/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that is typed where there are many nodes: whose it is, and what that node is told.
 * Pure: who is there and which node was chosen is the caller's.
 */
#ifndef TELEX_CLIENT_NODES_LINE_H
#define TELEX_CLIENT_NODES_LINE_H

#include <stddef.h>

#include "command/command.h"
#include "core/names.h"

enum nodes_line_kind {
    NODES_LINE_EMPTY,  /* or blank: nothing was said */
    NODES_LINE_TEXT,   /* for the target: text */
    NODES_LINE_TARGET, /* chooses it: text is the peer's word, "-" for none */
    NODES_LINE_HERE,   /* a command of the operator's end */
    NODES_LINE_PEERS,  /* for the node that it names, or that was chosen: text */
    NODES_LINE_ASKS,   /* the same, and where there is none, for all: it changes nothing */
    NODES_LINE_NODE,   /* for the chosen node, whose peers it does not name */
    NODES_LINE_WRONG   /* error says why */
};

struct nodes_line {
    enum nodes_line_kind kind;
    char node[NAMES_ROOM]; /* that it names; "": none */
    char *text;            /* malloc'ed, with a NUL behind it */
    size_t size;           /* bytes of text */
    char *error;           /* malloc'ed */
    struct command_read read;
};

void nodes_line_read(struct nodes_line *line, const struct command *const *commands,
                     const char *typed, size_t size);
void nodes_line_finish(struct nodes_line *line);

#endif
