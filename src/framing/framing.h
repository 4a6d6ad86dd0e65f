/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one message of a stream is, both ways (telexd(8), framing=): pure functions. What is cut
 * off the bytes that came does not depend on how they were cut on their way, raw and gap apart.
 * To add one: a file that defines a const struct framing_ops, a line in the list below, a line
 * in meson.build.
 */
#ifndef TELEX_FRAMING_FRAMING_H
#define TELEX_FRAMING_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

enum {
    FRAMING_MESSAGE_MAX = 65536, /* bytes of one message, as it is shown */
    FRAMING_END_MAX = 8,         /* bytes that end one */
    FRAMING_WORD_MAX = 27        /* of what a framing is chosen by */
};

struct framing_fence;
struct framing_ops;
struct framing_stuffing;

/* A framing as it was chosen: "length:u16be@4". A value; ops is NULL while none is. */
struct framing {
    const struct framing_ops *ops;
    char word[FRAMING_WORD_MAX + 1]; /* as it was typed */
    union {
        struct {
            unsigned char bytes[FRAMING_END_MAX];
            unsigned char size;
        } end;          /* line, nul, crlf, delimiter */
        uint32_t bytes; /* fixed */
        struct {
            int32_t more;    /* N: what follows the length, besides what it says */
            uint16_t offset; /* of the length */
            uint8_t width;   /* of the length, in bytes */
            bool little_endian;
            bool whole; /* shown and sent with all that stands before and in the length */
        } length;
        const struct framing_fence *fence;       /* stx, mllp */
        const struct framing_stuffing *stuffing; /* slip, cobs */
        uint32_t gap;                            /* milliseconds */
    };
};

/* Of one stream, between two calls; zeroed at first. raw and those that end in bytes keep
 * nothing. */
struct framing_state {
    uint64_t left;      /* bytes that still belong to what was begun */
    unsigned char mode; /* the framing's own; 0: between messages */
    uint16_t code;      /* cobs: of the block that was begun */
};

/* The first message of what came. */
struct framing_piece {
    size_t taken;     /* bytes of the input; 0: more are needed */
    const char *line; /* those bytes, in the input */
    const char *data; /* the message: there, or in room */
    size_t size;
    bool partial; /* its end is not here, nor its beginning if the one before was so too */
    bool bad;     /* no frame: data is what came */
    bool quiet;   /* there is nothing to tell */
};

/* What a piece is cut from. */
struct framing_input {
    const char *data;
    size_t size; /* 1 or more */
    bool end;    /* no more comes, or not to this message */
    char *room;  /* FRAMING_MESSAGE_MAX bytes, for what is decoded */
};

struct framing_ops {
    /* Fills in what it needs, by what stands behind the colon; NULL where its form has none,
     * and then it cannot fail. NULL: it needs nothing. */
    bool (*parse)(struct framing *framing, const char *argument, char **error);
    bool keeps; /* something in struct framing_state */
    /*
     * taken is 0 only where more bytes are needed: never at the end, nor with what the longest
     * message takes on the wire.
     */
    struct framing_piece (*cut)(const struct framing *framing, struct framing_state *state,
                                const struct framing_input *input);
    /*
     * Appends what a message becomes on the wire. False with *error where no frame can hold it;
     * out is as it was then. NULL: it goes as it is.
     */
    bool (*wrap)(const struct framing *framing, const char *data, size_t size, UT_string *out,
                 char **error);
    /* What ends a message, as part of it: the default of eol=. NULL: nothing does. */
    const char *(*end)(const struct framing *framing, size_t *size);
};

/* Each with its word and what may stand behind it, in the order in which people are told. */
#define FRAMINGS(FIRST, X)                          \
    FIRST(raw, "raw", "")                           \
    X(line, "line", "")                             \
    X(nul, "nul", "")                               \
    X(crlf, "crlf", "")                             \
    X(delimiter, "delimiter:", "HEX")               \
    X(fixed, "fixed:", "N")                         \
    X(length, "length:", "TYPE[@OFFSET][+N or -N]") \
    X(octet, "octet", "")                           \
    X(mllp, "mllp", "")                             \
    X(stx, "stx", "")                               \
    X(slip, "slip", "")                             \
    X(cobs, "cobs", "")                             \
    X(modbus, "modbus", "")                         \
    X(gap, "gap:", "MS")

#define FRAMING_DECLARE(name, word, argument) extern const struct framing_ops framing_##name;
FRAMINGS(FRAMING_DECLARE, FRAMING_DECLARE)
#undef FRAMING_DECLARE

/* "raw|line|nul|crlf|delimiter:HEX|..." */
#define FRAMING_FORM(name, word, argument) word argument
#define FRAMING_NEXT_FORM(name, word, argument) "|" word argument
#define FRAMINGS_FORMS FRAMINGS(FRAMING_FORM, FRAMING_NEXT_FORM)

/* "raw", "delimiter:", ...; NULL ends them. */
extern const char *const framing_words[];

/* False with *error (malloc'ed), which says what may stand there. */
bool framing_parse(const char *word, struct framing *framing, char **error);
/* One of those that nothing can be told: framing_of(&framing_line). */
struct framing framing_of(const struct framing_ops *ops);

/* What stands behind the colon of its word; "" where there is none. */
const char *framing_argument(const struct framing *framing);

/* What the framing's cut says; nothing where there is no input. */
struct framing_piece framing_cut(const struct framing *framing, struct framing_state *state,
                                 const struct framing_input *input);

/* Whether messages go out as they are. */
bool framing_is_plain(const struct framing *framing);
/* See wrap; a plain one appends the message. */
bool framing_wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                  char **error);
/* What ends a message, as part of it; size 0: nothing does. */
const char *framing_end(const struct framing *framing, size_t *size);

#endif
