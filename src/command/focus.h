/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one console is shown of what happens on the lines: messages of these peers only, not of
 * those, only with a text in them; and how, where a line has a view of its own. Asked for each
 * event, of values alone: a console in another process has one too, and it says the same.
 */
#ifndef TELEX_COMMAND_FOCUS_H
#define TELEX_COMMAND_FOCUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/search.h"
#include "command/selection.h"
#include "core/view.h"

struct focus_view;
struct told;

/* The most words of all selections that have a view of their own: a message is held against
 * them all. */
enum { FOCUS_VIEW_WORDS_MAX = 64 };

/* Zeroed, all is shown. */
struct focus {
    struct selection only;    /* no words: everybody */
    struct selection muted;   /* no words: nobody */
    struct search grep;       /* no text: all messages */
    struct focus_view *views; /* utlist, the newest first: it counts */
    unsigned view_words;      /* of all of them */
    bool nodes;               /* those of one node can be meant, as in "berlin/3" */
};

void focus_finish(struct focus *focus);

/*
 * "-" ends it; only takes the place of the former one, muted is added to. False with *error
 * (malloc'ed) where words are no PEERS, or too many; then it is as it was.
 */
bool focus_set_only(struct focus *focus, const char *words, char **error);
bool focus_set_muted(struct focus *focus, const char *words, char **error);
/* "-" ends it. */
void focus_set_grep(struct focus *focus, const char *text, size_t size);
/* How messages of words are shown; NULL: as all others. May fail likewise. */
bool focus_set_view(struct focus *focus, const char *words, const enum view *view,
                    char **error);
/* All are shown alike. */
void focus_clear_views(struct focus *focus);

/*
 * Whether that is of the message kind, or tells of the coming and going of a peer, and is not
 * to be shown at the console of that number. What it sent itself always is.
 */
bool focus_hides(const struct focus *focus, const struct told *told, unsigned console);
/* How a message is shown: as was said of its peer, else as its line has it, else as general. */
enum view focus_view(const struct focus *focus, const struct told *told, enum view general);
/* Forgets peers that are meant by number, which are others in another run; whether any were. */
bool focus_drop_numbers(struct focus *focus);
/*
 * The commands that bring an empty focus to this state, each a line without its newline: what
 * is set at one daemon is said to the next one.
 */
void focus_lines(const struct focus *focus,
                 void (*say)(void *context, const char *line, size_t size), void *context);

#endif
