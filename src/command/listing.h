/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer that lists many: in pieces of RESULT_LIST_MAX entries, the first at once, the
 * others one in each later turn of the loop, while the operator's console has room.
 */
#ifndef TELEX_COMMAND_LISTING_H
#define TELEX_COMMAND_LISTING_H

#include <stdbool.h>
#include <stdint.h>

struct operator_session;

/* How far an answer has come. */
struct listing_place {
    const char *word; /* what the command was given */
    uint64_t last;    /* number of the last entry that was looked at; 0: none yet */
    bool told;        /* a result was given */
};

/*
 * Answers with entries whose numbers come after place->last, and moves that to the last of
 * them; or with none, where none was found in reasonable time. Whether that was all, else the
 * result has more.
 */
typedef bool listing_piece(struct operator_session *session, struct listing_place *place);

/* For a command's run: answers, now or later. */
void listing_answer(struct operator_session *session, const char *word, listing_piece *piece);

#endif
