/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the text console shows what goes over a line: views, and characters cut by a read. */
#ifndef TELEX_CONSOLE_TEXT_MESSAGE_H
#define TELEX_CONSOLE_TEXT_MESSAGE_H

#include <stdint.h>

struct console;
struct told;

/*
 * On a terminal a message has at most so many rows; then it is said how much is left out, and
 * how to see it: with /show, or where there is no such command in hex rows, of which there may
 * be more then.
 */
enum { TEXT_MESSAGE_ROWS = 12, TEXT_HEX_ROWS = 256 };

/* A message or sent event, in the console's view. */
void text_message(struct console *console, const struct told *told);
/* Shows what is left of a character that the peer never finished. */
void text_message_rest(struct console *console, const struct told *told);
/* Drops what is kept for a peer, or for all (0). */
void text_message_forget(struct console *console, uint64_t peer);

#endif
