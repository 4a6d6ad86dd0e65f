/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON: what base/json writes is read back by another's parser (jansson) as it was, and holds
 * no character that could harm a terminal.
 */
/* Both libraries have functions of these names; here they are ours. */
#define json_string jansson_string
#define json_null jansson_null
#include <jansson.h>
#undef json_string
#undef json_null
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json_put.h"
#include "fuzz.h"

/* What a reader should get: bytes that are no UTF-8 are U+FFFD each. */
static void readable(const uint8_t *data, size_t size, UT_string *out)
{
    for (size_t i = 0; i < size;) {
        uint32_t code;
        const unsigned length = fuzz_decode(data + i, size - i, &code);
        if (length > 0)
            ut_append(out, data + i, length);
        else
            ut_append(out, "\xef\xbf\xbd", 3);
        i += length > 0 ? length : 1;
    }
}

static size_t base64_value(char letter)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = letter ? strchr(letters, letter) : NULL;
    FUZZ_CHECK(found);
    return (size_t)(found - letters);
}

static void check_base64(const char *text, size_t length, const uint8_t *data, size_t size)
{
    FUZZ_CHECK(length == (size + 2) / 3 * 4);
    for (size_t i = 0; i < size; i++) {
        const size_t bit = i * 8, first = base64_value(text[bit / 6]);
        const size_t second = base64_value(text[bit / 6 + 1]);
        FUZZ_CHECK((uint8_t)((first << 6 | second) >> (4 - bit % 6)) == data[i]);
    }
    for (size_t i = (size * 8 + 5) / 6; i < length; i++)
        FUZZ_CHECK(text[i] == '=');
}

static void write_object(struct json *json, const uint8_t *data, size_t size, int64_t number)
{
    json_put_object_begin(json, NULL);
    json_put_text(json, "text", data, size);
    json_put_base64(json, "base64", data, size);
    json_put_array_begin(json, "list");
    json_put_unsigned(json, NULL, (uint64_t)number >> 1);
    json_put_bool(json, NULL, number & 1);
    json_put_null(json, NULL);
    json_put_object_begin(json, NULL);
    json_put_object_end(json);
    json_put_array_end(json);
    json_put_seconds(json, "seconds", number);
    json_put_object_end(json);
}

static void check_object(const json_t *object, const uint8_t *data, size_t size, int64_t number)
{
    UT_string wanted;
    const json_t *text = json_object_get(object, "text");
    const json_t *base64 = json_object_get(object, "base64");
    const json_t *list = json_object_get(object, "list");
    utstring_init(&wanted);
    readable(data, size, &wanted);
    FUZZ_CHECK(json_object_size(object) == 4 && json_array_size(list) == 4);
    FUZZ_CHECK(json_string_length(text) == utstring_len(&wanted));
    FUZZ_CHECK(memcmp(json_string_value(text), utstring_body(&wanted), utstring_len(&wanted)) ==
               0);
    check_base64(json_string_value(base64), json_string_length(base64), data, size);
    FUZZ_CHECK((uint64_t)json_integer_value(json_array_get(list, 0)) == (uint64_t)number >> 1);
    FUZZ_CHECK(json_is_true(json_array_get(list, 1)) == (number & 1));
    const double seconds = json_number_value(json_object_get(object, "seconds"));
    const double difference = seconds - (double)number / 1e6;
    FUZZ_CHECK(difference < 1e-6 + 1e-9 * (double)(number < 0 ? -number : number) &&
               difference > -1e-6 - 1e-9 * (double)(number < 0 ? -number : number));
    utstring_done(&wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint64_t number = 0;
    UT_string out;
    struct json json;
    for (int i = 0; i < 8; i++)
        number = number << 8 | fuzz_byte(&input);
    const int64_t microseconds = (int64_t)number / 1024; /* some 285 years either way */
    utstring_init(&out);
    json_put_init(&json, &out);
    write_object(&json, input.at, input.size, microseconds);
    fuzz_check_printable(utstring_body(&out), utstring_len(&out), "");
    json_error_t error;
    json_t *object =
        json_loadb(utstring_body(&out), utstring_len(&out), JSON_ALLOW_NUL, &error);
    FUZZ_CHECK(object);
    check_object(object, input.at, input.size, microseconds);
    json_decref(object);
    utstring_done(&out);
    return 0;
}
