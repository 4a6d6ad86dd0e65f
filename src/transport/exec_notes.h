/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a program says on stderr: told line by line as notes of its peer. A line is at most
 * EXEC_NOTE_MAX bytes, a longer one comes in several; so does what has no newline in it.
 */
#ifndef TELEX_TRANSPORT_EXEC_NOTES_H
#define TELEX_TRANSPORT_EXEC_NOTES_H

#include <stdbool.h>

struct exec_notes;
struct loop;

enum { EXEC_NOTE_MAX = 1024 };

/* fd is non-blocking, and its own from here on. tell gets text that is borrowed; without the
 * newline, and with U+FFFD in place of a NUL. */
struct exec_notes *exec_notes_create(struct loop *loop, int fd,
                                     void (*tell)(void *context, const char *text),
                                     void *context);
/* Reads nothing while on. */
void exec_notes_pause(struct exec_notes *notes, bool on);
/* Tells what is there and what stands without a newline; no more is read. */
void exec_notes_end(struct exec_notes *notes);
void exec_notes_destroy(struct exec_notes *notes); /* NULL is fine */

#endif
