/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, as a person reads it: when, whose line, which way, and then words or data.
 *
 *   10:27:05 #3 boiler ← 71.5 degrees
 *                      │ and rising
 *   10:27:06 #12       → reboot
 *   10:27:07 #12         closed (eof), received 9 bytes, sent 7, after 12 s
 *
 * On a terminal with room for it the labels are a column, which grows with them, in steps and
 * up to a bound, and never shrinks. What does not fit into a row goes on below its first word,
 * behind a gutter. What comes from outside stands right of that and nowhere else: so its place
 * says whose it is. On a narrow terminal nothing is padded, and the gutter is at the left edge
 * (console/text_fold); elsewhere there are no rows.
 */
#ifndef TELEX_CONSOLE_TEXT_ENTRY_H
#define TELEX_CONSOLE_TEXT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "console/text_line.h"

struct console;
struct text_fold;
struct who;

enum text_mark {
    TEXT_MARK_NONE,     /* our own words */
    TEXT_MARK_RECEIVED, /* "←": came from the peer */
    TEXT_MARK_SENT      /* "→": went to it */
};

struct text_entry {
    int64_t time;           /* microseconds since the epoch */
    const struct who *peer; /* NULL: of no line */
    const char *label;      /* in place of the peer's: of several; NULL: the peer's */
    bool passed;            /* that label begins with the peer's, and has its colour */
    const char *tag;        /* "(auto)", behind the label; NULL: none */
    enum text_mark mark;
    enum text_style style; /* of the words */
    /* Set by text_entry_begin: */
    size_t start;    /* where in console->out it begins, */
    size_t words;    /* and what stands behind the mark */
    unsigned indent; /* cells before the gutter */
};

/* "→" or "←"; ">" or "<" where the environment does not say UTF-8. */
const char *text_mark(enum text_mark mark);

/* Makes room for the label of a peer that has yet to speak. */
void text_entry_expect(struct console *console, const struct who *peer);
/* Appends to console->out what stands before the words. */
void text_entry_begin(struct console *console, struct text_entry *entry);
/* Ends the words: a line, or the rows that it takes. */
void text_entry_end(struct console *console, const struct text_entry *entry);

/* A sentence of our own about the console, written at once: what is no event. */
void text_entry_notice(struct console *console, int64_t time, const char *text);

/*
 * Makes rows of what stands in console->out from the entry's start on, without a newline behind
 * the last; columns and gutter of how are filled in. Returns how many bytes of it they hold.
 */
size_t text_entry_fold(struct console *console, const struct text_entry *entry,
                       struct text_fold how);
/* Appends what begins a row of data below the entry. */
void text_entry_gutter(const struct console *console, const struct text_entry *entry,
                       UT_string *out);
/* Appends to console->out what begins a row of our own words there: another gutter, that no
 * data stands behind. */
void text_entry_below(struct console *console, const struct text_entry *entry);

#endif
