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

/*
 * Answers with the entries whose numbers come after *last (0: the first ones), and sets it to
 * the last of them. Whether that was all, else the result has more.
 */
typedef bool listing_piece(struct operator_session *session, uint64_t *last);

/* For a command's run: answers, now or later. */
void listing_answer(struct operator_session *session, listing_piece *piece);

#endif
