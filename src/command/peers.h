/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEER and PEERS as operators write them (telexd(8), CONSOLE), and sending to them. */
#ifndef TELEX_COMMAND_PEERS_H
#define TELEX_COMMAND_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

struct hub;
struct operator_session;
struct peer;

/* "3", "#3" or a name. NULL with *error (malloc'ed): "no peer '#9' on the line". */
struct peer *peers_find_one(const struct hub *hub, const char *word, char **error);

/*
 * "*" or a comma list. Fills the empty list (of struct peer *, ut_ptr_icd) with each peer once,
 * in order of number. On failure list stays empty: nothing is to be done to anyone. "*" with
 * nobody on the line is a failure.
 */
bool peers_find(const struct hub *hub, const char *words, UT_array *list, char **error);

/* The peers of a list that peers_find has filled. */
struct peer *const *peers_of(const UT_array *list);

/*
 * Sends data to each of the peers, with_eol each its own profile's eol right behind, in one
 * send. NULL where all got it, else an error (malloc'ed) that names those that did not, with
 * the reason; the others got it. Where it fits the datagrams of one of them not, nobody gets
 * it. Empty data and no eol: nothing to do.
 */
char *peers_deliver(struct operator_session *session, struct peer *const *peers, size_t count,
                    const void *data, size_t size, bool with_eol);

/* Finds the peers that words names, delivers, answers for the running command. */
void peers_send(struct operator_session *session, const char *words, const void *data,
                size_t size, bool with_eol);

/* Who did not get what was sent, and why: makes one error of it. */
struct peers_failures {
    UT_string text;
    size_t count;
};
void peers_failures_init(struct peers_failures *failures);
/* Takes reason, which is malloc'ed. */
void peers_failures_add(struct peers_failures *failures, const struct peer *peer, char *reason);
/*
 * NULL where there was none, else malloc'ed: "not sent to #3: it is closing; #4 boiler: its
 * queue is full (70000 bytes wait); and 5 more". Nothing remains to be freed.
 */
char *peers_failures_finish(struct peers_failures *failures);

#endif
