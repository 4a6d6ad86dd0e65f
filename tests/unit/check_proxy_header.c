/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/proxy_header.h"

#include <string.h>

#include "base/address.h"
#include "check_main.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static union address remote;

static bool parse(const char *data, size_t size, size_t *length)
{
    remote = (union address){.any.sa_family = AF_UNSPEC};
    return proxy_header_parse(data, size, length, &remote);
}

/* Whole, with something behind it; no beginning of it is taken, or refused. expected: "" where
 * no client is named. */
static void check_good(const char *data, size_t size, const char *expected)
{
    char more[PROXY_HEADER_MAX + 16], text[ADDRESS_TEXT] = "";
    size_t length;
    memcpy(more, data, size);
    memcpy(more + size, "hello", 5);
    for (size_t part = 0; part < size; part++) {
        ck_assert_msg(parse(more, part, &length), "%zu of %zu", part, size);
        ck_assert_uint_eq(length, 0);
        ck_assert_int_eq(remote.any.sa_family, AF_UNSPEC);
    }
    ck_assert(parse(more, size + 5, &length));
    ck_assert_uint_eq(length, size);
    if (remote.any.sa_family != AF_UNSPEC)
        address_print(&remote, text);
    ck_assert_str_eq(text, expected);
}

static void check_bad(const char *data, size_t size)
{
    size_t length;
    ck_assert_msg(!parse(data, size, &length), "%.*s", (int)size, data);
    ck_assert_int_eq(remote.any.sa_family, AF_UNSPEC);
}

#define GOOD(data, expected) check_good(data, sizeof(data) - 1, expected)
#define BAD(data) check_bad(data, sizeof(data) - 1)

START_TEST(a_line_names_the_client)
{
    GOOD("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", "192.0.2.1:56324");
    GOOD("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "[2001:db8::1]:1");
    GOOD("PROXY TCP6 ::ffff:192.0.2.1 ::1 80 80\r\n", "192.0.2.1:80");
    GOOD("PROXY UNKNOWN\r\n", "");
    GOOD("PROXY UNKNOWN whatever it may be\r\n", "");
}
END_TEST

START_TEST(no_such_line_is_refused)
{
    BAD("hello\r\n");
    BAD("PROXX");
    BAD("PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n");
    BAD("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 1\r\n");
    BAD("PROXY TCP4  192.0.2.1 192.0.2.2 56324 443\r\n");
    BAD("PROXY TCP4 192.0.2.1 192.0.2.2 56324 65536\r\n");
    BAD("PROXY TCP4 192.0.2.1 192.0.2.2 -1 443\r\n");
    BAD("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n");
    BAD("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n");
    BAD("PROXY TCP6 fe80::1%lo ::1 1 2\r\n");
    BAD("PROXY TCP4 host.example 192.0.2.2 1 2\r\n");
    BAD("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n");
    BAD("PROXY UNKNOWNS\r\n");
    BAD("PROXY\r\n");
    BAD("PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n");
}
END_TEST

/* 107 bytes with its end, whatever else comes. */
START_TEST(a_line_has_an_end)
{
    char line[120];
    size_t length;
    memset(line, 'x', sizeof line);
    memcpy(line, "PROXY UNKNOWN ", 14);
    ck_assert(parse(line, 106, &length));
    ck_assert_uint_eq(length, 0);
    check_bad(line, 107);
    memcpy(line + 105, "\r\n", 2);
    ck_assert(parse(line, 120, &length));
    ck_assert_uint_eq(length, 107);
}
END_TEST

START_TEST(a_block_names_the_client)
{
    GOOD(SIGNATURE "\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb",
         "192.0.2.1:4660");
    GOOD(SIGNATURE "\x21\x11\0\x0f\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb\x04\0\0",
         "192.0.2.1:4660"); /* with an extension */
    GOOD(SIGNATURE "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
                   "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02\0\x50\x01\xbb",
         "[2001:db8::1]:80");
}
END_TEST

START_TEST(a_proxy_may_speak_for_itself)
{
    GOOD(SIGNATURE "\x20\0\0\0", "");
    GOOD(SIGNATURE "\x20\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb", "");
    GOOD(SIGNATURE "\x21\0\0\0", "");
    GOOD(SIGNATURE "\x21\x31\0\x02xx", "");
}
END_TEST

START_TEST(no_such_block_is_refused)
{
    BAD(SIGNATURE "\x11\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb"); /* version 1 */
    BAD(SIGNATURE "\x22\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb"); /* command 2 */
    BAD(SIGNATURE "\x21\x12\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb"); /* UDP */
    BAD(SIGNATURE "\x21\x11\0\x0b\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01");     /* too short */
    BAD(SIGNATURE "\x21\x21\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x12\x34\x01\xbb");
    BAD(SIGNATURE "\x21\x11\xff\xff"); /* too long */
    BAD("\r\n\r\n\0\r\nQUID");
    BAD("\r\nx");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_line_names_the_client,
                                  no_such_line_is_refused,
                                  a_line_has_an_end,
                                  a_block_names_the_client,
                                  a_proxy_may_speak_for_itself,
                                  no_such_block_is_refused,
                                  NULL};
    return check_run("proxy_header", tests);
}
