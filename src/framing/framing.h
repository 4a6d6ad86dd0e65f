/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one message of a stream is (telexd(8), framing=). Pure functions. To add one: a file
 * that defines a const struct framing_ops, a line in the list below, a line in meson.build.
 */
#ifndef TELEX_FRAMING_FRAMING_H
#define TELEX_FRAMING_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of one message of a stream. */
enum { FRAMING_MESSAGE_MAX = 65536 };

struct framing_ops {
    /*
     * The length of the first message in the size bytes at data, 1 or more, or 0 where more
     * bytes are needed: never with size >= FRAMING_MESSAGE_MAX, nor at the end. end says that
     * no more bytes come. Sets *partial, which is false before, for a piece of a message whose
     * end is not there.
     */
    size_t (*cut)(const char *data, size_t size, bool end, bool *partial);
};

/* In the order in which people are told of them. */
#define FRAMINGS(FIRST, X) \
    FIRST(raw, RAW)        \
    X(line, LINE)

#define FRAMING_DECLARE(name, NAME) extern const struct framing_ops framing_##name;
FRAMINGS(FRAMING_DECLARE, FRAMING_DECLARE)
#undef FRAMING_DECLARE

enum framing {
    FRAMING_UNSET,
#define FRAMING_ENUM(name, NAME) FRAMING_##NAME,
    FRAMINGS(FRAMING_ENUM, FRAMING_ENUM)
#undef FRAMING_ENUM
        FRAMING_COUNT
};

/* "raw|line" */
#define FRAMING_NAME(name, NAME) #name
#define FRAMING_NEXT_NAME(name, NAME) "|" #name
#define FRAMINGS_NAMES FRAMINGS(FRAMING_NAME, FRAMING_NEXT_NAME)

/* What the framing's cut says; 0 where size is. *partial is set either way. */
size_t framing_next(enum framing framing, const void *data, size_t size, bool end,
                    bool *partial);

bool framing_parse(const char *word, enum framing *framing, char **error);
const char *framing_name(enum framing framing); /* "raw" where it is not set */

#endif
