/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ws_key.h"

#include <string.h>

#include "check_main.h"

/* RFC 6455 section 1.3. */
START_TEST(is_answered_as_the_rfc_has_it)
{
    char accept[WS_ACCEPT_SIZE];
    ws_key_accept("dGhlIHNhbXBsZSBub25jZQ==", accept);
    ck_assert_str_eq(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
END_TEST

START_TEST(is_another_each_time)
{
    char one[WS_KEY_SIZE], other[WS_KEY_SIZE];
    ws_key_make(one);
    ws_key_make(other);
    ck_assert(ws_key_is_valid(one) && ws_key_is_valid(other));
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(is_of_16_bytes)
{
    ck_assert(ws_key_is_valid("dGhlIHNhbXBsZSBub25jZQ=="));
    ck_assert(!ws_key_is_valid("dGhlIHNhbXBsZSBub25jZQ="));
    ck_assert(!ws_key_is_valid("dGhlIHNhbXBsZSBub25jZQ==="));
    ck_assert(!ws_key_is_valid("dGhlIHNhbXBsZSBub25j"));
    ck_assert(!ws_key_is_valid("dGhlIHNhbXBsZSBub25\nZQ=="));
    ck_assert(!ws_key_is_valid(""));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {is_answered_as_the_rfc_has_it, is_another_each_time,
                                  is_of_16_bytes, NULL};
    return check_run("ws_key", tests);
}
