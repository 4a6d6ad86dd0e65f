/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream through a framing, however its bytes are cut on their way. */
#ifndef TELEX_TESTS_FAKE_FRAMING_H
#define TELEX_TESTS_FAKE_FRAMING_H

#include "framing/framing.h"

/* Of a word that must be right. */
struct framing fake_framing(const char *word);

/* What comes of a stream: each message, what is said of it, in order. */
struct fake_messages {
    UT_string bytes; /* of all of them */
    UT_string list;  /* "5 3! 2? -": sizes; '!' bad, '?' partial, '+' both, no quiet ones */
    uint64_t hash;   /* of all of it: equal for equal messages */
    size_t taken, count;
};
void fake_messages_init(struct fake_messages *messages);
void fake_messages_done(struct fake_messages *messages);

/* How many bytes come next, of left (1 or more). NULL: all at once. */
typedef size_t fake_cut(void *context, size_t left);

/* Runs data through the framing as a stream would, and checks what holds for all. */
void fake_run(const struct framing *framing, const char *data, size_t size, fake_cut *cut,
              void *context, struct fake_messages *messages);

#endif
