/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The subjects of a fleet:
 *
 *     telex.n.NODE              presence of a node
 *     telex.p                   who is there: all nodes answer
 *     telex.e.NODE.talk         events, in the stream TELEX: message, sent, file
 *     telex.e.NODE.life         all others
 *     telex.e.NODE.lost         those that are missing
 *     telex.c.NODE.r            commands that a read-only console has
 *     telex.c.NODE.w            all commands
 *
 * NODE is a name as names_valid has it, so it is one word of a subject.
 */
#ifndef TELEX_FLEET_SUBJECT_H
#define TELEX_FLEET_SUBJECT_H

#include <stdbool.h>

#include "core/names.h"

#define SUBJECT_STREAM "TELEX"
#define SUBJECT_WHO "telex.p"
/* Of all nodes, to subscribe to. */
#define SUBJECT_PRESENCES "telex.n.*"
#define SUBJECT_EVENTS "telex.e.>"

enum { SUBJECT_ROOM = NAMES_ROOM + sizeof "telex.e..talk" };

enum subject_kind {
    SUBJECT_PRESENCE,
    SUBJECT_TALK,
    SUBJECT_LIFE,
    SUBJECT_LOST,
    SUBJECT_READ,
    SUBJECT_WRITE,
    SUBJECT_KINDS
};

struct subject {
    enum subject_kind kind;
    char node[NAMES_ROOM];
};

/* Writes that of a node. */
void subject_make(char subject[SUBJECT_ROOM], enum subject_kind kind, const char *node);
/* What a subject says; false where it is none of a node's. */
bool subject_read(const char *text, struct subject *subject);

#endif
