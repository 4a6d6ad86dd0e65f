/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/fields.h"

#include <string.h>

#include "base/timestamp.h"
#include "core/names.h"

/* A hundred years: longer than any line stands, and far from any overflow. */
#define FIELDS_SECONDS_MAX 3155760000.0

const char *fields_string(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *fields_name(const json_t *object, const char *key)
{
    const char *name = fields_string(object, key);
    return name && names_valid(name) ? name : NULL;
}

bool fields_unsigned(const json_t *object, const char *key, uint64_t *value)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_integer(member) || json_integer_value(member) < 0)
        return false;
    *value = (uint64_t)json_integer_value(member);
    return true;
}

void fields_list(const json_t *object, const char *key, uint64_t *values, size_t most)
{
    const json_t *list = json_object_get(object, key);
    for (size_t i = 0; i < most; i++) {
        const json_int_t value = json_integer_value(json_array_get(list, i));
        values[i] = value > 0 ? (uint64_t)value : 0;
    }
}

bool fields_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

int64_t fields_seconds(const json_t *object, const char *key)
{
    const json_t *member = json_object_get(object, key);
    if (!json_is_number(member))
        return FIELDS_MISSING;
    double seconds = json_number_value(member);
    if (!(seconds >= 0 && seconds <= FIELDS_SECONDS_MAX))
        return FIELDS_MISSING;
    return (int64_t)(seconds * 1e6 + 0.5);
}

int64_t fields_time(const json_t *object, const char *key)
{
    const char *text = fields_string(object, key);
    int64_t time;
    return text && timestamp_parse(text, &time) ? time : FIELDS_MISSING;
}

static int fields_base64_value(char letter)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = letter ? strchr(letters, letter) : NULL;
    return found ? (int)(found - letters) : -1;
}

/* Whole groups of four, the last of which may be filled up with = (RFC 4648, section 4). */
static bool fields_base64(const char *text, size_t length, UT_string *out)
{
    utstring_clear(out);
    if (length % 4 != 0)
        return false;
    size_t letters = length;
    while (letters > 0 && length - letters < 2 && text[letters - 1] == '=')
        letters--;
    unsigned bits = 0, count = 0;
    for (size_t i = 0; i < letters; i++) {
        int value = fields_base64_value(text[i]);
        if (value < 0)
            return false;
        bits = (bits << 6 | (unsigned)value) & 0xffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            ut_append(out, &(char){(char)(bits >> count)}, 1);
        }
    }
    return true;
}

bool fields_bytes(const json_t *object, const char *key, UT_string *out)
{
    const json_t *base64 = json_object_get(object, key);
    return json_is_string(base64) &&
           fields_base64(json_string_value(base64), json_string_length(base64), out);
}

bool fields_data(const json_t *object, UT_string *scratch, const void **data, size_t *size)
{
    const json_t *text = json_object_get(object, "text");
    if (json_is_string(text)) {
        *data = json_string_value(text);
        *size = json_string_length(text);
        return true;
    }
    if (!fields_bytes(object, "base64", scratch))
        return false;
    *data = utstring_body(scratch);
    *size = utstring_len(scratch);
    return true;
}
