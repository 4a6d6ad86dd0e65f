/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a console shows messages. */
#ifndef TELEX_CORE_VIEW_H
#define TELEX_CORE_VIEW_H

#include <stdbool.h>

enum view { VIEW_TEXT, VIEW_HEX, VIEW_SIZE, VIEW_NONE, VIEWS };

/* false with *error (malloc'ed, lists the views) where there is none of that name. */
bool view_parse(const char *word, enum view *view, char **error);
const char *view_name(enum view view);
/* All of them, for base/words. */
extern const char *const view_words[];

#endif
