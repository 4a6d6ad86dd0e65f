/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing JSON (RFC 8259) into a UT_string, one member after another. No tree and no allocation
 * for each value: the string's capacity is reused. Commas take care of themselves.
 */
#ifndef TELEX_BASE_JSON_PUT_H
#define TELEX_BASE_JSON_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ut.h"

struct json {
    UT_string *out;
    bool comma; /* the next member or element needs one before it */
};

void json_put_init(struct json *json, UT_string *out);

/* Braces and brackets. key is NULL at the top level and inside arrays. */
void json_put_object_begin(struct json *json, const char *key);
void json_put_object_end(struct json *json);
void json_put_array_begin(struct json *json, const char *key);
void json_put_array_end(struct json *json);

/* Members (key given) or elements (key NULL). */
void json_put_string(struct json *json, const char *key,
                     const char *value); /* NULL gives null */
/*
 * Valid UTF-8. Quote, backslash, control, C1, bidirectional, separator and invisible characters
 * (those that utf8_printable refuses) become \u escapes, \" and \\ excepted; above U+FFFF
 * surrogate pairs. Bytes that are not UTF-8 become U+FFFD.
 */
void json_put_text(struct json *json, const char *key, const void *data, size_t size);
void json_put_base64(struct json *json, const char *key, const void *data, size_t size);
void json_put_unsigned(struct json *json, const char *key, uint64_t value);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_null(struct json *json, const char *key);
/* Seconds with up to six decimals from microseconds. */
void json_put_seconds(struct json *json, const char *key, int64_t microseconds);
/* RFC 3339 in UTC with microseconds: "2026-01-02T03:04:05.000006Z". */
void json_put_time(struct json *json, const char *key, int64_t microseconds_since_epoch);

#endif
