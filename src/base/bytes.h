/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes that an operator spells out: the arguments of /bytes. */
#ifndef TELEX_BASE_BYTES_H
#define TELEX_BASE_BYTES_H

#include <stdbool.h>

#include "base/ut.h"

/*
 * Appends the bytes that items spells to out: runs of hex pairs, apart or together, each run
 * with or without 0x ("de ad", "deadbeef", "0xff"), and strings in double quotes with C escapes
 * (\a \b \e \f \n \r \t \v \\ \" \' \?, \x with exactly two digits, up to three octal digits),
 * and checks over all items before them (base/checksum.h: crc16 and the like).
 * Items stand apart by blanks (a quoted string may also touch its neighbour). On an error out
 * is as it was, *error (malloc'ed) says what is wrong. No item at all is an error.
 */
bool bytes_parse(UT_string *out, const char *items, char **error);

/* Appends size bytes in base64 (RFC 4648, padded). */
void bytes_base64(UT_string *out, const void *data, size_t size);

/*
 * Appends a dump like hexdump -C: rows of an offset, sixteen bytes in hex in two groups and in
 * ASCII, each row begun with prefix and ended with a newline; no closing offset. Rows are at
 * most width columns wide (prefix not counted; 0: any): where there is no room for more, the
 * offset has four digits instead of eight, then a row has 8, 4, 2 or 1 bytes. One takes 13.
 */
void bytes_hexdump(UT_string *out, const char *prefix, const void *data, size_t size,
                   unsigned width);
/* How many columns a row of sixteen bytes takes with an offset of so many digits. */
unsigned bytes_hexdump_width(int digits);
/* How many bytes it then puts into a row. */
unsigned bytes_hexdump_row(unsigned width);

#endif
