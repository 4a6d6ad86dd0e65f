/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lanes make of what is said: so many bytes of plaintext became so many of the wire. A
 * queue, and the kernel, count those of the wire; people are told of plaintext.
 */
#ifndef TELEX_STREAM_LEDGER_H
#define TELEX_STREAM_LEDGER_H

#include <stddef.h>
#include <stdint.h>

/* All zero: nothing was said. */
struct ledger {
    uint64_t plain, wire; /* what was said lately, and what that became */
    uint64_t put;         /* bytes of the wire, ever */
    uint64_t farewell;    /* of them, those behind all that was said */
};

/* So many bytes have gone down. */
void ledger_put(struct ledger *ledger, size_t wire);
/* The last of them are what plain bytes became. */
void ledger_said(struct ledger *ledger, size_t plain, uint64_t wire);
/* What of it was said, where the last so many bytes of the wire are meant. */
size_t ledger_plain(const struct ledger *ledger, size_t wire);
/* The part of plain that stands in part of whole, bytes of the wire; none only where that is.
 */
size_t ledger_share(size_t plain, uint64_t part, uint64_t whole);

#endif
