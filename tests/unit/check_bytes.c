/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"

#include <stdint.h>
#include <string.h>

#include "check_main.h"

START_TEST(parses_items)
{
    static const struct {
        const char *items, *bytes;
        size_t size;
    } cases[] = {
        {"de ad", "\xde\xad", 2},
        {"deadBEEF", "\xde\xad\xbe\xef", 4},
        {"0xff", "\xff", 1},
        {"0XfF00 7f", "\xff\x00\x7f", 3},
        {"\"AT\\r\\n\"", "AT\r\n", 4},
        {"  ff\"AT\"0d\"\" \t\"x\" ",
         "\xff"
         "AT\x0dx",
         5},
        {"\"\\a\\b\\e\\f\\n\\r\\t\\v\\\\\\\"\\'\\?\"", "\a\b\x1b\f\n\r\t\v\\\"'?", 12},
        {"\"\\x41c\\101\\0\\18\\377\"",
         "AcA\0\x01"
         "8\xff",
         7},
        {"\"\xe4\xb8\xad de\"", "\xe4\xb8\xad de", 6},
        {"\"\"", "", 0},
        {"\"123456789\" crc16", "123456789\x37\x4b", 11},
        {"\"123456789\"crc16-ccitt", "123456789\x29\xb1", 11},
        {"01 02 sum8 03 sum8\"\"xor8", "\x01\x02\x03\x03\x09\x0a", 6},
        {"01 crc32 crc32 sum8 crc32",
         "\x01\x1b\xdf\x05\xa5\x1c\xdf\x44\x21\x05\x92\x03\x48\xb6", 14},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UT_string out;
        utstring_init(&out);
        ut_append(&out, "before", 6);
        char *error = NULL;
        bool good = bytes_parse(&out, cases[i].items, &error);
        ck_assert_msg(good, "%s: %s", cases[i].items, error);
        ck_assert_uint_eq(utstring_len(&out), cases[i].size + 6);
        ck_assert_mem_eq(utstring_body(&out), "before", 6);
        ck_assert_mem_eq(utstring_body(&out) + 6, cases[i].bytes, cases[i].size);
        utstring_done(&out);
    }
}
END_TEST

#define ITEMS                                                           \
    "hex pairs like 0d0a, nor a string in double quotes, nor a check: " \
    "crc16, crc16-ccitt, crc32, sum8 or xor8"

START_TEST(refuses_items)
{
    static const struct {
        const char *items, *error;
    } cases[] = {
        {"", "no bytes given: write hex pairs like 0d0a or strings like \"AT\\r\""},
        {" \t", "no bytes given: write hex pairs like 0d0a or strings like \"AT\\r\""},
        {"de a", "'a' has an odd number of hex digits, a byte takes two"},
        {"0xabc", "'0xabc' has an odd number of hex digits, a byte takes two"},
        {"0x", "'0x' is neither " ITEMS},
        {"41 zz", "'zz' is neither " ITEMS},
        {"41\x1b[", "'41\\x1b[' is neither " ITEMS},
        {"'AT'", "''AT'' is neither " ITEMS},
        {"\"AT", "'\"AT' lacks its closing double quote"},
        {"\"AT\\", "'\"AT\\\\' lacks its closing double quote"},
        {"\"AT\\\"", "'\"AT\\\\\"' lacks its closing double quote"},
        {"41 crc16x", "'crc16x' is neither " ITEMS},
        {"CRC16", "'CRC16' is neither " ITEMS},
        {"\"\" sum8", "'sum8' is over the bytes before it, and there are none"},
        {"\"\\x4\"", "'\\x4\"' needs two hex digits after the x"},
        {"\"\\x", "'\\x' needs two hex digits after the x"},
        {"\"\\q\"", "'\\q' is no escape sequence of C"},
        {"\"\\8\"", "'\\8' is no escape sequence of C"},
        {"\"\\400\"", "'\\400' is more than one byte holds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UT_string out;
        utstring_init(&out);
        ut_append(&out, "before", 6);
        char *error = NULL, *items = mem_strdup(cases[i].items);
        ck_assert_msg(!bytes_parse(&out, items, &error), "%s", cases[i].items);
        check_error(error, cases[i].error);
        ck_assert_str_eq(utstring_body(&out), "before");
        ck_assert_uint_eq(utstring_len(&out), 6);
        free(items);
        utstring_done(&out);
    }
}
END_TEST

/* The test vectors of RFC 4648, section 10, and the two last digits. */
START_TEST(writes_base64)
{
    static const struct {
        const char *data, *base64;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "+/+/"},
    };
    UT_string out;
    utstring_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *data = mem_dup(cases[i].data, strlen(cases[i].data));
        utstring_clear(&out);
        ut_append(&out, ">", 1);
        bytes_base64(&out, data, strlen(cases[i].data));
        ck_assert_str_eq(utstring_body(&out) + 1, cases[i].base64);
        ck_assert_uint_eq(utstring_len(&out), strlen(cases[i].base64) + 1);
        free(data);
    }
    uint8_t many[1000] = {0};
    bytes_base64(&out, many, sizeof many);
    ck_assert_uint_eq(utstring_len(&out), 5 + 1336);
    utstring_done(&out);
}
END_TEST

START_TEST(dumps_like_hexdump)
{
    UT_string out;
    utstring_init(&out);
    uint8_t data[27];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 10);
    bytes_hexdump(&out, "  ", data, sizeof data, 0);
    bytes_hexdump(&out, "", "0123456789abcdef", 16, 78);
    bytes_hexdump(&out, "", "012345678", 9, 200);
    bytes_hexdump(&out, "> ", "", 0, 0);
    ck_assert_str_eq(
        utstring_body(&out),
        "  00000000  00 0a 14 1e 28 32 3c 46  50 5a 64 6e 78 82 8c 96  |....(2<FPZdnx...|\n"
        "  00000010  a0 aa b4 be c8 d2 dc e6  f0 fa 04                 |...........|\n"
        "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
        "00000000  30 31 32 33 34 35 36 37  38                       |012345678|\n");
    utstring_done(&out);
}
END_TEST

START_TEST(dumps_into_narrow_places)
{
    static const struct {
        unsigned width, row;
        const char *dump;
    } cases[] = {
        {77, 16,
         ": 0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
         ": 0010  67                                                |g|\n"},
        {73, 8,
         ": 0000  30 31 32 33 34 35 36 37  |01234567|\n"
         ": 0008  38 39 61 62 63 64 65 66  |89abcdef|\n"
         ": 0010  67                       |g|\n"},
        {40, 4,
         ": 0000  30 31 32 33  |0123|\n"
         ": 0004  34 35 36 37  |4567|\n"
         ": 0008  38 39 61 62  |89ab|\n"
         ": 000c  63 64 65 66  |cdef|\n"
         ": 0010  67           |g|\n"},
    };
    UT_string out;
    utstring_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        utstring_clear(&out);
        bytes_hexdump(&out, ": ", "0123456789abcdefg", 17, cases[i].width);
        ck_assert_str_eq(utstring_body(&out), cases[i].dump);
        ck_assert_uint_eq(bytes_hexdump_row(cases[i].width), cases[i].row);
    }
    utstring_done(&out);
}
END_TEST

START_TEST(dumps_no_wider_than_told)
{
    UT_string out;
    utstring_init(&out);
    for (unsigned width = 13; width < 100; width++) {
        utstring_clear(&out);
        bytes_hexdump(&out, "", "0123456789abcdef01234567", 24, width);
        const char *line = utstring_body(&out);
        for (size_t rows = 0; *line; rows++) {
            size_t length = strcspn(line, "\n");
            ck_assert_uint_le(length, width);
            ck_assert_uint_eq(strtoul(line, NULL, 16), rows * bytes_hexdump_row(width));
            line += length + 1;
        }
    }
    utstring_done(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {parses_items,
                                  refuses_items,
                                  writes_base64,
                                  dumps_like_hexdump,
                                  dumps_into_narrow_places,
                                  dumps_no_wider_than_told,
                                  NULL};
    return check_run("bytes", tests);
}
