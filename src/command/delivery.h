/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text, or bytes, to each of several peers. */
#ifndef TELEX_COMMAND_DELIVERY_H
#define TELEX_COMMAND_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct operator_session;

/*
 * Finds the peers that words names (command/peers.h), sends data to each, with_eol each its own
 * profile's eol right behind, in one send, and answers for the running command: with an error
 * that names those that did not get it, and why; the others got it. Where it fits the datagrams
 * of one of them not, nobody gets it. Empty data and no eol: nothing to do. data is borrowed
 * for the call.
 */
void delivery_run(struct operator_session *session, const char *words, const void *data,
                  size_t size, bool with_eol);

/* The same of a text to one, with its eol. quiet: answers only where that fails. note: for
 * people, where it was sent, and static; or NULL. */
void delivery_run_to(struct operator_session *session, uint64_t number, const void *data,
                     size_t size, bool quiet, const char *note);

#endif
