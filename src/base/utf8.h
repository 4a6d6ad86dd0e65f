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
 * Whether a terminal may be given the character as it is: not a control character (C0, DEL,
 * C1), not a bidirectional control (U+061C, U+200E, U+200F, U+202A-202E, U+2066-2069), not a
 * line or paragraph separator (U+2028, U+2029), not a byte-order mark (U+FEFF), not a
 * non-character, and none of the invisible format characters (U+200B, U+2060-2064,
 * U+E0000-E007F).
 */
bool utf8_printable(uint32_t code);

#endif
