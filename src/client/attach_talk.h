/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines to the daemon, and what follows from its answers. */
#ifndef TELEX_CLIENT_ATTACH_TALK_H
#define TELEX_CLIENT_ATTACH_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "client/follow.h"
#include "client/requests.h"

struct attach;

/* A line of our own. There must be a connection. */
void attach_talk_ask(struct attach *attach, const char *line, enum request_kind kind);
/* A line that was typed: the forward of console_settings. */
void attach_talk_forward(void *attach, const char *line, size_t size);
/* The answer of follow_hooks. */
bool attach_talk_answered(void *attach, const struct follow_answer *answer);
/* The again of follow_hooks. */
enum follow_again attach_talk_again(void *attach);
/* asks_for_all of follow_hooks: our own lines do. */
bool attach_talk_asks_for_all(void *attach, uint64_t input);
/* Reads no more lines where enough wait. */
void attach_talk_pace(struct attach *attach);

#endif
