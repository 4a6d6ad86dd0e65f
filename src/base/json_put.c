/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json_put.h"

#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/utf8.h"

static void append(struct json *json, const char *text, size_t size)
{
    ut_append(json->out, text, size);
}

static void append_unit(struct json *json, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    append(json,
           (char[]){'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15],
                    hex[unit & 15]},
           6);
}

/* One character that may not stand in a string as it is. */
static void append_escaped(struct json *json, uint32_t code)
{
    static const char letters[] = "btn\0fr"; /* of 8 to 13; there is no \v */
    if (code == '"' || code == '\\') {
        append(json, (char[]){'\\', (char)code}, 2);
    } else if (code >= 8 && code <= 13 && code != 11) {
        append(json, (char[]){'\\', letters[code - 8]}, 2);
    } else if (code > 0xffff) {
        append_unit(json, 0xd800 + ((code - 0x10000) >> 10));
        append_unit(json, 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
        append_unit(json, code);
    }
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static void append_quoted(struct json *json, const uint8_t *data, size_t size)
{
    size_t run = 0; /* where the bytes begin that go out as they are */
    append(json, "\"", 1);
    for (size_t i = 0; i < size;) {
        if (is_plain(data[i])) {
            i++;
            continue;
        }
        uint32_t code;
        int length = utf8_decode(data + i, size - i, &code);
        if (length > 1 && utf8_printable(code)) {
            i += (size_t)length;
            continue;
        }
        append(json, (const char *)data + run, i - run);
        if (length > 0)
            append_escaped(json, code);
        else
            append(json, "\xef\xbf\xbd", 3);
        i += length > 0 ? (size_t)length : 1;
        run = i;
    }
    if (size > run)
        append(json, (const char *)data + run, size - run);
    append(json, "\"", 1);
}

/* The comma, where one is due, and the key. */
static void begin_value(struct json *json, const char *key)
{
    if (json->comma)
        append(json, ",", 1);
    json->comma = true;
    if (!key)
        return;
    append_quoted(json, (const uint8_t *)key, strlen(key));
    append(json, ":", 1);
}

static void begin_group(struct json *json, const char *key, const char *bracket)
{
    begin_value(json, key);
    append(json, bracket, 1);
    json->comma = false;
}

static void end_group(struct json *json, const char *bracket)
{
    append(json, bracket, 1);
    json->comma = true;
}

void json_put_init(struct json *json, UT_string *out)
{
    *json = (struct json){.out = out};
}

void json_put_object_begin(struct json *json, const char *key)
{
    begin_group(json, key, "{");
}

void json_put_object_end(struct json *json)
{
    end_group(json, "}");
}

void json_put_array_begin(struct json *json, const char *key)
{
    begin_group(json, key, "[");
}

void json_put_array_end(struct json *json)
{
    end_group(json, "]");
}

void json_put_string(struct json *json, const char *key, const char *value)
{
    if (value)
        json_put_text(json, key, value, strlen(value));
    else
        json_put_null(json, key);
}

void json_put_text(struct json *json, const char *key, const void *data, size_t size)
{
    begin_value(json, key);
    append_quoted(json, data, size);
}

void json_put_base64(struct json *json, const char *key, const void *data, size_t size)
{
    begin_value(json, key);
    append(json, "\"", 1);
    bytes_base64(json->out, data, size);
    append(json, "\"", 1);
}

/* Writes value before end, with zeros up to width digits; returns where it begins. */
static char *digits_before(char *end, uint64_t value, int width)
{
    for (; value > 0 || width > 0; value /= 10, width--)
        *--end = (char)('0' + value % 10);
    return end;
}

void json_put_unsigned(struct json *json, const char *key, uint64_t value)
{
    char digits[20], *end = digits + sizeof digits;
    char *begin = digits_before(end, value, 1);
    begin_value(json, key);
    append(json, begin, (size_t)(end - begin));
}

void json_put_bool(struct json *json, const char *key, bool value)
{
    begin_value(json, key);
    append(json, value ? "true" : "false", value ? 4 : 5);
}

void json_put_null(struct json *json, const char *key)
{
    begin_value(json, key);
    append(json, "null", 4);
}

void json_put_seconds(struct json *json, const char *key, int64_t microseconds)
{
    char text[24], *end = text + sizeof text;
    uint64_t whole = microseconds < 0 ? 0 - (uint64_t)microseconds : (uint64_t)microseconds;
    char *begin = digits_before(end, whole % 1000000, 6);
    while (end > begin && end[-1] == '0')
        end--;
    if (end > begin)
        *--begin = '.';
    begin = digits_before(begin, whole / 1000000, 1);
    if (microseconds < 0)
        *--begin = '-';
    begin_value(json, key);
    append(json, begin, (size_t)(end - begin));
}

/* value in digits digits and the separator that follows it; returns the place after both. */
static char *put_field(char *at, int value, int digits, char separator)
{
    digits_before(at + digits, (uint64_t)value, digits);
    at[digits] = separator;
    return at + digits + 1;
}

void json_put_time(struct json *json, const char *key, int64_t microseconds_since_epoch)
{
    /* The years 0 to 9999: RFC 3339 has four digits for them. */
    const int64_t first = -62167219200, last = 253402300799;
    int64_t seconds = microseconds_since_epoch / 1000000;
    int64_t part = microseconds_since_epoch % 1000000;
    if (part < 0) {
        part += 1000000;
        seconds--;
    }
    time_t time = seconds < first ? first : seconds > last ? last : seconds;
    struct tm tm;
    gmtime_r(&time, &tm);
    char text[32], *at = text;
    *at++ = '"';
    at = put_field(at, tm.tm_year + 1900, 4, '-');
    at = put_field(at, tm.tm_mon + 1, 2, '-');
    at = put_field(at, tm.tm_mday, 2, 'T');
    at = put_field(at, tm.tm_hour, 2, ':');
    at = put_field(at, tm.tm_min, 2, ':');
    at = put_field(at, tm.tm_sec, 2, '.');
    at = put_field(at, (int)part, 6, 'Z');
    *at++ = '"';
    begin_value(json, key);
    append(json, text, (size_t)(at - text));
}
