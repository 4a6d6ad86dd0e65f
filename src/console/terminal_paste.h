/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of a paste that wait to be asked about: from the first that begins with a slash on, all
 * of them, in their order. No readline, no keys.
 */
#ifndef TELEX_CONSOLE_TERMINAL_PASTE_H
#define TELEX_CONSOLE_TERMINAL_PASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

enum {
    TERMINAL_PASTE_MAX = 1 << 20, /* bytes that are kept */
    TERMINAL_PASTE_SHOWN = 12     /* lines that are shown */
};

enum terminal_paste_state {
    TERMINAL_PASTE_NONE,
    TERMINAL_PASTE_GATHERS, /* until the paste ends */
    TERMINAL_PASTE_ASKS,    /* until it is answered */
    TERMINAL_PASTE_RUNS     /* its lines are taken */
};

struct terminal_paste {
    UT_string lines; /* each with a newline */
    size_t taken;    /* bytes of them */
    enum terminal_paste_state state;
};

void terminal_paste_init(struct terminal_paste *paste);
void terminal_paste_finish(struct terminal_paste *paste);

/* Whether a line of a paste has to wait: it begins with a slash, or stands behind such a one.
 */
bool terminal_paste_wants(const struct terminal_paste *paste, const char *line, size_t size);
/* Keeps the line. false: there is no room, and nothing of it is kept any more. */
bool terminal_paste_add(struct terminal_paste *paste, const char *line, size_t size);
/* The paste has ended. Appends what is to be shown: the lines that it is about, the question.
 */
void terminal_paste_ask(struct terminal_paste *paste, UT_string *out);
/*
 * It was answered. Without yes, lines that begin with a slash are dropped, and where one of
 * them may choose the target, all behind it, which was meant for that one.
 */
void terminal_paste_answer(struct terminal_paste *paste, bool yes);
/* The next line that runs, borrowed until the next call; NULL: none any more. */
const char *terminal_paste_next(struct terminal_paste *paste);
/* Nothing of it is kept any more. */
void terminal_paste_drop(struct terminal_paste *paste);

#endif
