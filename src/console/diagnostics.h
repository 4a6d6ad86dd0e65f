/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What log_error says, while a loop runs: written to stderr without ever waiting for its
 * reader. 64 KiB wait for room; lines beyond are counted, and told when all that waited is
 * written. A console whose output is the same file takes them itself (console/local).
 */
#ifndef TELEX_CONSOLE_DIAGNOSTICS_H
#define TELEX_CONSOLE_DIAGNOSTICS_H

struct diagnostics;
struct loop;

struct diagnostics *diagnostics_create(struct loop *loop);
/* Gives the reader a second at most to take what waits. NULL is fine. */
void diagnostics_destroy(struct diagnostics *diagnostics);

#endif
