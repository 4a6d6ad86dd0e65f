/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that people type. Each function takes the whole of text, or says no. */
#ifndef TELEX_BASE_NUMBER_H
#define TELEX_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits only, no sign and no blanks, at most max. */
bool number_parse(const char *text, uint64_t max, uint64_t *value);

/* Bytes: digits and perhaps k, K, M or G (powers of 1024). */
bool number_parse_size(const char *text, uint64_t *bytes);

/* SECONDS with an optional fraction ("2", "0.25", ".5"), at most 1e9; in microseconds. */
bool number_parse_seconds(const char *text, int64_t *microseconds);

/* Octal file permission bits, at most 0777, as in mode=0660. */
bool number_parse_mode(const char *text, unsigned *mode);

#endif
