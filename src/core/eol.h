/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is put behind a text that an operator sends. */
#ifndef TELEX_CORE_EOL_H
#define TELEX_CORE_EOL_H

#include <stdbool.h>
#include <stddef.h>

enum eol { EOL_UNSET, EOL_NONE, EOL_LF, EOL_CRLF, EOL_NUL };

/* "none", "lf", "crlf", "nul" to EOL_*; false with *error where it is none of these. */
bool eol_parse(const char *word, enum eol *eol, char **error);
const char *eol_name(enum eol eol);
/* All of them from EOL_NONE on, for base/words. */
extern const char *const eol_words[];
/* The bytes themselves and how many. */
const char *eol_bytes(enum eol eol, size_t *size);

#endif
