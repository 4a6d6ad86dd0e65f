/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/dtls_record.h"

#include <string.h>

#include "check_main.h"

enum { HELLO = 13 + 12 + 2 + DTLS_RANDOM };

/* A record with so many bytes in it. Returns where the next may begin. */
static char *put(char *at, char type, char epoch, size_t size)
{
    memset(at, 0, 13 + size);
    at[0] = type;
    at[4] = epoch;
    at[11] = (char)(size >> 8);
    at[12] = (char)size;
    return at + 13 + size;
}

START_TEST(a_hello_has_a_random)
{
    char data[HELLO] = "";
    put(data, 22, 0, HELLO - 13);
    data[13] = 1;
    ck_assert_ptr_eq(dtls_record_hello(data, HELLO), data + HELLO - DTLS_RANDOM);
    ck_assert_ptr_null(dtls_record_hello(data, HELLO - 1));
    ck_assert_ptr_null(dtls_record_hello(data, 0));
}
END_TEST

START_TEST(what_else_there_is_has_none)
{
    static const struct {
        size_t at;
        char byte;
    } changes[] = {{0, 23}, {3, 1}, {4, 1}, {13, 2}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char data[HELLO] = "";
        put(data, 22, 0, HELLO - 13);
        data[13] = 1;
        data[changes[i].at] = changes[i].byte;
        ck_assert_ptr_null(dtls_record_hello(data, HELLO));
    }
}
END_TEST

START_TEST(those_under_a_key_are_counted)
{
    char data[2000], *end = put(put(put(data, 22, 0, 300), 20, 0, 1), 22, 1, 40);
    end = put(end, 23, 2, 0);
    ck_assert_uint_eq(dtls_record_sealed(data, (size_t)(end - data)), 2);
    ck_assert_uint_eq(dtls_record_sealed(data, (size_t)(end - data) - 13), 1);
    ck_assert_uint_eq(dtls_record_sealed(data, 0), 0);
}
END_TEST

/* What is cut off does not lead astray. */
START_TEST(a_length_may_lie)
{
    char data[30];
    put(data, 22, 1, 5);
    data[11] = (char)0xff;
    for (size_t size = 0; size < sizeof data; size++)
        ck_assert_uint_eq(dtls_record_sealed(data, size), size >= 13);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_hello_has_a_random, what_else_there_is_has_none,
                                  those_under_a_key_are_counted, a_length_may_lie, NULL};
    return check_run("dtls_record", tests);
}
