/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What telex attach says of itself, besides what the daemon says. */
#ifndef TELEX_CLIENT_ATTACH_SAY_H
#define TELEX_CLIENT_ATTACH_SAY_H

struct attach;
struct node;

/*
 * A sentence about the attachment: above the line being typed, or, where stdout is no terminal
 * and so for events alone, on stderr.
 */
void attach_say(struct attach *attach, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* To whom, as which console, and who is on the line. path: of the control socket. */
void attach_say_attached(const struct node *node, const char *path);
/* An error, as the local console shows it. command may be NULL. */
void attach_say_refusal(struct attach *attach, const char *command, const char *text);
/* The lines that the node has never answered: whether they were done, nobody can say. */
void attach_say_unanswered(const struct node *node);

#endif
