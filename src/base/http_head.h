/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head of an HTTP/1 message, a request's or an answer's: a first line, fields, an empty
 * line (RFC 9112 section 2.1). Pure functions. A newline alone ends a line, too (2.2).
 */
#ifndef TELEX_BASE_HTTP_HEAD_H
#define TELEX_BASE_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* Who says more before the empty line is not heard. */
enum { HTTP_HEAD_MAX = 8192 /* bytes, with that line */ };

/* Bytes that it takes of data, with the empty line; 0: that is not here. */
size_t http_head_size(const char *data, size_t size);

/* The functions below take a whole head. */

/* Whether all behind the first line are fields: "NAME: VALUE". */
bool http_head_is_valid(const char *head, size_t size);
/* What fields of that name say, joined by ", " (RFC 9110 section 5.3). malloc'ed; NULL: there
 * is none. */
char *http_head_field(const char *head, size_t size, const char *name);
/* How many fields of that name there are. */
unsigned http_head_count(const char *head, size_t size, const char *name);
/* Whether word is in the list that fields of that name are, in any case. */
bool http_head_lists(const char *head, size_t size, const char *name, const char *word);

/* The next element of a list that commas separate, without blanks around it, NUL-terminated in
 * place; what is empty is passed over. NULL: there is none left. */
char *http_list_next(char **list);

#endif
