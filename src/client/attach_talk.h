/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines to a node, and what follows from its answers. */
#ifndef TELEX_CLIENT_ATTACH_TALK_H
#define TELEX_CLIENT_ATTACH_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/follow.h"
#include "client/requests.h"

struct attach;
struct command_read;
struct node;

/* A line of our own. The node must have a carrier. */
void attach_talk_ask(struct node *node, const char *line, enum request_kind kind);
/* A line that was typed, and what it says. The node must be ready. */
void attach_talk_send(struct node *node, const struct command_read *read, const char *line,
                      size_t size);
/* The same of a line that the node is told in other words than were typed. */
void attach_talk_say(struct node *node, const struct command_read *read, const char *typed,
                     size_t typed_size, const char *line, size_t size);
/* What the console shows next is of the line that this node is doing now. */
void attach_talk_note_running(struct node *node);
/* Reads no more lines where enough wait for a node. */
void attach_talk_pace(struct attach *attach);

/* The answer of follow_hooks. */
bool attach_talk_answered(void *node, const struct follow_answer *answer);
/* The again of follow_hooks. */
enum follow_again attach_talk_again(void *node);
/* asks_for_all of follow_hooks: our own lines do. */
bool attach_talk_asks_for_all(void *node, uint64_t input);

#endif
