/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base64.h"

#include "check_main.h"

static void encodes(const void *data, size_t size, const char *expected)
{
    UT_string out;
    utstring_init(&out);
    base64_encode(&out, data, size);
    ck_assert_str_eq(utstring_body(&out) ? utstring_body(&out) : "", expected);
    utstring_done(&out);
}

START_TEST(the_vectors_of_the_rfc)
{
    encodes("", 0, "");
    encodes("f", 1, "Zg==");
    encodes("fo", 2, "Zm8=");
    encodes("foo", 3, "Zm9v");
    encodes("foob", 4, "Zm9vYg==");
    encodes("fooba", 5, "Zm9vYmE=");
    encodes("foobar", 6, "Zm9vYmFy");
}
END_TEST

START_TEST(any_byte)
{
    encodes("\0\xff\xfe\xfb\xef\xbe", 6, "AP/+++++");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_vectors_of_the_rfc, any_byte, NULL};
    return check_run("base64", tests);
}
