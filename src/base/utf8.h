/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef TELEX_BASE_UTF8_H
#define TELEX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What utf8_decode returns when there is no whole character. */
enum { UTF8_INVALID = 0, UTF8_INCOMPLETE = -1 };

/*
 * Decodes the character at data (size > 0). Returns its length in bytes, 1 to 4, and sets
 * *code; UTF8_INVALID when data[0] begins no valid character; UTF8_INCOMPLETE when all of data
 * is a proper beginning of one.
 */
int utf8_decode(const uint8_t *data, size_t size, uint32_t *code);

/* Whether all of data is valid UTF-8. Zero bytes are. NUL counts as a valid character. */
bool utf8_valid(const void *data, size_t size);

/* How many bytes at the end of data, 0 to 3, are the beginning of an unfinished character. */
size_t utf8_unfinished(const void *data, size_t size);

/*
 * Whether a person can see the character, and only it: not a control character (C0, DEL, C1),
 * not one that changes the direction or the line, none of those that show nothing or a blank
 * (soft hyphen, fillers, joiners, variation selectors, tags, spaces but U+0020 and U+3000), no
 * format control, no private use, no surrogate, no non-character.
 */
bool utf8_printable(uint32_t code);

/*
 * The cells that the C library gives the character: 1, 2, or 0 for one that is drawn with the
 * one before it, as a combining mark, or a Hangul vowel; -1 for one that a terminal must not
 * get, because it is not printable or the C library does not know it. Needs LC_CTYPE to be
 * UTF-8 (base/charset); where it is not, only ASCII is known.
 */
int utf8_advance(uint32_t code);

/* The most cells that some terminal may give it; otherwise the same. */
int utf8_width(uint32_t code);

#endif
