/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed where there are many nodes: each line goes to the node that it is for. */
#ifndef TELEX_CLIENT_NODES_TALK_H
#define TELEX_CLIENT_NODES_TALK_H

#include <stddef.h>

struct attach;

/* The forward of attach_kind. */
void nodes_talk_forward(void *attach, const char *line, size_t size);
/* script_ended and answered of attach_kind: the end comes once all is answered. */
void nodes_talk_script_ended(struct attach *attach);
void nodes_talk_answered(struct attach *attach);

#endif
