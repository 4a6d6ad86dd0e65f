/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To whom an operator's plain text goes. A target that was chosen by its number is that line.
 * One that was chosen by its name is kept by name: when its line closes there is none (it is
 * away), until a peer of that name is on the line again; and when a newcomer takes the name
 * over, that is the target. An operator who gives it another name, or none, does not move it:
 * it is kept by that name from then on, or by its number.
 */
#ifndef TELEX_COMMAND_OPERATOR_TARGET_H
#define TELEX_COMMAND_OPERATOR_TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct operator_session;
struct peer;
struct told;

/* Makes the peer of that number the target, which is kept by its number; 0: there is none. */
void operator_target_set(struct operator_session *session, uint64_t number);
/* Makes the peer, which was found by that word, the target; it is kept by name where the word
 * is one. NULL: there is none. */
void operator_target_choose(struct operator_session *session, const struct peer *peer,
                            const char *word);
/* Whether there is none because the one that is kept by name is away. */
bool operator_target_is_away(const struct operator_session *session);
/* Something has happened, and was shown: the target follows it. */
void operator_target_follow(struct operator_session *session, const struct told *told);

#endif
