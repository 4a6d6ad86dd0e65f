/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the house that a turn of the loop is spent in, with the names people read. */
#ifndef TELEX_BASE_PART_H
#define TELEX_BASE_PART_H

#define PARTS_OF_TURN(X)  \
    X(PEERS, "peers")     \
    X(CONSOLE, "console") \
    X(COMMAND, "command") \
    X(FILES, "files")     \
    X(NAMES, "names")     \
    X(METRICS, "metrics") \
    X(SIGNALS, "signals")

enum part {
#define PART_ENUM(part, name) PART_##part,
    PARTS_OF_TURN(PART_ENUM)
#undef PART_ENUM
        PARTS
};

const char *part_name(enum part part);

#endif
