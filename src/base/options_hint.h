/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody may have meant who gave an option that is none. */
#ifndef TELEX_BASE_OPTIONS_HINT_H
#define TELEX_BASE_OPTIONS_HINT_H

#include <stddef.h>

struct options;

/* What to say of a short option that others programs have, or NULL. */
const char *options_hint_letter(const struct options *options, char letter);
/* The long option that word, of so many bytes and without dashes, may be a slip of; or NULL. */
const char *options_hint_word(const struct options *options, const char *word, size_t size);
/* The fault of an operand "name=value" that is an option without its dashes (malloc'ed), or
 * NULL. */
char *options_hint_operand(const struct options *options, const char *operand);

#endif
