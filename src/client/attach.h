/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of an operator's end (client/attach_state), whatever its nodes are. */
#ifndef TELEX_CLIENT_ATTACH_H
#define TELEX_CLIENT_ATTACH_H

struct attach;
struct attach_kind;
struct attach_settings;
struct directory;

/* There is a loop then, and no console yet. settings and kind are borrowed. */
void attach_init(struct attach *attach, const struct attach_settings *settings,
                 const struct attach_kind *kind);
/* Opens the console, of whom directory tells, which reads nothing before attach_begin. */
void attach_open(struct attach *attach, const struct directory *directory);
/* The operator may type from here on. Once it did nothing. */
void attach_begin(struct attach *attach);
/* Closes the console: modes of the terminal are restored, a reader of output waited for. */
void attach_close(struct attach *attach);
/* When all nodes are finished. Returns the exit status, or dies by the signal that ended us. */
int attach_finish(struct attach *attach);

#endif
