/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json_put.h"

#include <string.h>

#include "base/utf8.h"
#include "check_main.h"

static UT_string out; /* of the fixture */
static struct json json;

static void setup(void)
{
    utstring_init(&out);
    json_put_init(&json, &out);
}

static void teardown(void)
{
    utstring_done(&out);
}

/* What was written since the last look. */
static void wrote(const char *expected)
{
    ck_assert_str_eq(utstring_body(&out), expected);
    ck_assert_uint_eq(utstring_len(&out), strlen(expected));
    utstring_clear(&out);
    json_put_init(&json, &out);
}

START_TEST(sets_commas)
{
    json_put_object_begin(&json, NULL);
    json_put_string(&json, "a", "x");
    json_put_object_begin(&json, "empty");
    json_put_object_end(&json);
    json_put_array_begin(&json, "list");
    json_put_unsigned(&json, NULL, 1);
    json_put_array_begin(&json, NULL);
    json_put_array_end(&json);
    json_put_object_begin(&json, NULL);
    json_put_null(&json, "n");
    json_put_bool(&json, "t", true);
    json_put_object_end(&json);
    json_put_bool(&json, NULL, false);
    json_put_array_end(&json);
    json_put_string(&json, "none", NULL);
    json_put_object_end(&json);
    wrote("{\"a\":\"x\",\"empty\":{},\"list\":[1,[],{\"n\":null,\"t\":true},false],"
          "\"none\":null}");
}
END_TEST

START_TEST(escapes_strings)
{
    static const struct {
        const char *data;
        size_t size;
        const char *text;
    } cases[] = {
        {"", 0, "\"\""},
        {"plain ~", 7, "\"plain ~\""},
        {"a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\""},
        {"\b\t\n\v\f\r", 6, "\"\\b\\t\\n\\u000b\\f\\r\""},
        {"\0\x07\x1b\x1f\x7f", 5, "\"\\u0000\\u0007\\u001b\\u001f\\u007f\""},
        {"\xc2\x85\xc2\xa1", 4, "\"\\u0085\xc2\xa1\""},
        {"x\xe2\x80\xae\xe2\x80\xa8y", 8, "\"x\\u202e\\u2028y\""},
        {"\xe4\xb8\xad\xf0\x9f\x98\x80", 7, "\"\xe4\xb8\xad\xf0\x9f\x98\x80\""},
        {"\xf3\xa0\x80\x81\xf4\x8f\xbf\xbf", 8, "\"\\udb40\\udc01\\udbff\\udfff\""},
        {"a\xff\xe4\xb8", 4, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\nend", 4, "\"\\nend\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *data = mem_dup(cases[i].data, cases[i].size);
        json_put_text(&json, NULL, data, cases[i].size);
        wrote(cases[i].text);
        free(data);
    }
    json_put_text(&json, NULL, NULL, 0);
    wrote("\"\"");
    json_put_string(&json, "a \"key\"", "v");
    wrote("\"a \\\"key\\\"\":\"v\"");
}
END_TEST

/* Every character comes out as printable UTF-8. */
START_TEST(is_safe_for_a_terminal)
{
    for (unsigned value = 0; value < 0x10000; value++) {
        uint8_t pair[3] = {(uint8_t)(value >> 8), (uint8_t)value, (uint8_t)value};
        utstring_clear(&out);
        json_put_init(&json, &out);
        json_put_text(&json, NULL, pair, sizeof pair);
        const uint8_t *at = (const uint8_t *)utstring_body(&out);
        for (size_t left = utstring_len(&out); left > 0;) {
            uint32_t code;
            int length = utf8_decode(at, left, &code);
            if (length <= 0 || !utf8_printable(code))
                ck_abort_msg("%04x", value);
            at += length;
            left -= (size_t)length;
        }
    }
}
END_TEST

START_TEST(writes_numbers)
{
    json_put_unsigned(&json, NULL, 0);
    json_put_unsigned(&json, NULL, 1234567890);
    json_put_unsigned(&json, "max", UINT64_MAX);
    wrote("0,1234567890,\"max\":18446744073709551615");
    json_put_base64(&json, "b", "\xff\x00", 2);
    wrote("\"b\":\"/wA=\"");
}
END_TEST

START_TEST(writes_seconds)
{
    static const struct {
        int64_t microseconds;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1000000, "1"},
        {1500000, "1.5"},
        {1, "0.000001"},
        {100000, "0.1"},
        {60000010, "60.00001"},
        {-500000, "-0.5"},
        {INT64_MAX, "9223372036854.775807"},
        {INT64_MIN, "-9223372036854.775808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_put_seconds(&json, NULL, cases[i].microseconds);
        wrote(cases[i].text);
    }
}
END_TEST

START_TEST(writes_times)
{
    static const struct {
        int64_t microseconds;
        const char *text;
    } cases[] = {
        {0, "\"1970-01-01T00:00:00.000000Z\""},
        {1767323045000006, "\"2026-01-02T03:04:05.000006Z\""},
        {951782400123456, "\"2000-02-29T00:00:00.123456Z\""},
        {-1, "\"1969-12-31T23:59:59.999999Z\""},
        {INT64_MAX, "\"9999-12-31T23:59:59.775807Z\""},
        {INT64_MIN, "\"0000-01-01T00:00:00.224192Z\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_put_time(&json, NULL, cases[i].microseconds);
        wrote(cases[i].text);
    }
    json_put_time(&json, "time", 0);
    wrote("\"time\":\"1970-01-01T00:00:00.000000Z\"");
}
END_TEST

START_TEST(keeps_its_room)
{
    static const char data[1000] = {0};
    json_put_text(&json, NULL, data, sizeof data);
    size_t room = out.n;
    const char *body = utstring_body(&out);
    for (int i = 0; i < 100; i++) {
        utstring_clear(&out);
        json_put_init(&json, &out);
        json_put_text(&json, "k", data, sizeof data - 10);
    }
    ck_assert_uint_eq(out.n, room);
    ck_assert_ptr_eq(utstring_body(&out), body);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        sets_commas,    escapes_strings, is_safe_for_a_terminal, writes_numbers,
        writes_seconds, writes_times,    keeps_its_room,         NULL};
    return check_run_with("json", setup, teardown, tests);
}
