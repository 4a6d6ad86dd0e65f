/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The beginning of a character that the end of a read cut off, to stand before the peer's next
 * message. Bounded by the peers: forgotten when they close.
 */
#ifndef TELEX_CONSOLE_TEXT_PARTIAL_H
#define TELEX_CONSOLE_TEXT_PARTIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

struct console;
struct message;

struct text_partial {
    uint64_t peer;
    unsigned char data[4];
    size_t size;
    UT_hash_handle hh;
};

/* Borrowed until the next call for that peer; NULL: there is none. */
struct text_partial *text_partial_find(const struct console *console, uint64_t peer);
/* In place of what there was; size at most 4 bytes, 0: nothing. */
void text_partial_keep(struct console *console, uint64_t peer, const void *data, size_t size);
/* Forgets that of a peer; 0: all. */
void text_partial_forget(struct console *console, uint64_t peer);
/* It and the message as one piece, malloc'ed. */
unsigned char *text_partial_join(const struct text_partial *partial,
                                 const struct message *message);

#endif
