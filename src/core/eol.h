/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is put behind a text that an operator sends. */
#ifndef TELEX_CORE_EOL_H
#define TELEX_CORE_EOL_H

#include <stdbool.h>
#include <stddef.h>

enum eol {
    EOL_UNSET,
    EOL_NONE,
    EOL_LF,
    EOL_CRLF,
    EOL_NUL,
    EOL_END, /* what ends a message of the framing, and is none of those (profile_eol) */
    EOLS
};

/* "none", "lf", "crlf", "nul" to EOL_*; false with *error where it is none of these. */
bool eol_parse(const char *word, enum eol *eol, char **error);
/* Neither this nor the next takes EOL_END. */
const char *eol_name(enum eol eol);
/* All of them from EOL_NONE on, for base/words. */
extern const char *const eol_words[];
/* The bytes themselves and how many. */
const char *eol_bytes(enum eol eol, size_t *size);

#endif
