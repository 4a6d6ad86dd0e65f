/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/fields.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"

static json_t *object;
static UT_string scratch;

static void read_object(const char *text)
{
    json_error_t error;
    json_decref(object);
    object = json_loads(text, 0, &error);
    ck_assert_msg(object != NULL, "%s: %s", error.text, text);
}

static void setup(void)
{
    object = NULL;
    utstring_init(&scratch);
}

static void teardown(void)
{
    json_decref(object);
    utstring_done(&scratch);
}

START_TEST(reads_only_what_is_of_its_type)
{
    uint64_t value = 7;
    read_object("{\"a\":3,\"b\":-3,\"c\":\"3\",\"d\":3.0,\"e\":null,\"f\":true}");
    ck_assert(fields_unsigned(object, "a", &value) && value == 3);
    for (const char *key = "bcdefx"; *key; key++)
        ck_assert(!fields_unsigned(object, (char[]){*key, '\0'}, &value));
    ck_assert_uint_eq(value, 3);
    ck_assert_str_eq(fields_string(object, "c"), "3");
    ck_assert_ptr_null(fields_string(object, "a"));
    ck_assert(fields_true(object, "f") && !fields_true(object, "a"));
    ck_assert(!fields_unsigned(NULL, "a", &value));
}
END_TEST

START_TEST(reads_names_that_are_names)
{
    read_object("{\"name\":\"boiler-7\"}");
    ck_assert_str_eq(fields_name(object, "name"), "boiler-7");
    read_object("{\"name\":\"\\u001b[2J\"}");
    ck_assert_ptr_null(fields_name(object, "name"));
    read_object("{\"name\":null}");
    ck_assert_ptr_null(fields_name(object, "name"));
}
END_TEST

START_TEST(reads_durations)
{
    read_object("{\"a\":1,\"b\":0.000001,\"c\":-1,\"d\":1e300,\"e\":\"1\",\"f\":12.345678}");
    ck_assert_int_eq(fields_seconds(object, "a"), 1000000);
    ck_assert_int_eq(fields_seconds(object, "b"), 1);
    ck_assert_int_eq(fields_seconds(object, "f"), 12345678);
    for (const char *key = "cdex"; *key; key++)
        ck_assert(fields_seconds(object, (char[]){*key, '\0'}) == FIELDS_MISSING);
}
END_TEST

START_TEST(reads_times)
{
    read_object("{\"a\":\"2017-03-19T10:27:00.000006Z\",\"b\":\"2017-03-19T10:27:00Z\","
                "\"c\":\"2017-03-19T10:27:00.5Z\",\"d\":\"2017-03-19T10:27:00\",\"e\":\"now\","
                "\"f\":1489919220,\"g\":\"2017-03-19T10:27:00.12345678Z\"}");
    ck_assert_int_eq(fields_time(object, "a"), 1489919220000006);
    ck_assert_int_eq(fields_time(object, "b"), 1489919220000000);
    ck_assert_int_eq(fields_time(object, "c"), 1489919220500000);
    ck_assert_int_eq(fields_time(object, "g"), 1489919220123456);
    for (const char *key = "defx"; *key; key++)
        ck_assert(fields_time(object, (char[]){*key, '\0'}) == FIELDS_MISSING);
}
END_TEST

START_TEST(reads_data)
{
    static const struct {
        const char *text;
        const char *data; /* NULL: none */
        size_t size;
    } cases[] = {
        {"{\"text\":\"gr\\u00fc\\u00df\"}", "gr\xc3\xbc\xc3\x9f", 6},
        {"{\"text\":\"\"}", "", 0},
        {"{\"base64\":\"\"}", "", 0},
        {"{\"base64\":\"Av8AAw==\"}", "\x02\xff\0\x03", 4},
        {"{\"base64\":\"/wA=\"}", "\xff\0", 2},
        {"{\"base64\":\"AAAA\"}", "\0\0\0", 3},
        {"{\"base64\":\"/wA\"}", NULL, 0},
        {"{\"base64\":\"/w===\"}", NULL, 0},
        {"{\"base64\":\"A===\"}", NULL, 0},
        {"{\"base64\":\"=AAA\"}", NULL, 0},
        {"{\"base64\":\"/w A\"}", NULL, 0},
        {"{\"base64\":3}", NULL, 0},
        {"{}", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const void *data = NULL;
        size_t size = 99;
        read_object(cases[i].text);
        bool good = fields_data(object, &scratch, &data, &size);
        ck_assert_msg(good == (cases[i].data != NULL), "%s", cases[i].text);
        if (good) {
            ck_assert_uint_eq(size, cases[i].size);
            ck_assert(memcmp(data, cases[i].data, size) == 0);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        reads_only_what_is_of_its_type,
        reads_names_that_are_names,
        reads_durations,
        reads_times,
        reads_data,
        NULL,
    };
    return check_run_with("fields", setup, teardown, tests);
}
