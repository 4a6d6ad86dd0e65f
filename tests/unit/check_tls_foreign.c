/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_foreign.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"

static void check(const char *said, size_t size, const char *expected)
{
    char *why = tls_foreign_why(said, size);
    ck_assert(tls_foreign_is(said, size, true));
    ck_assert_str_eq(why, expected);
    free(why);
}
#define CHECK(said, expected) check(said, sizeof(said) - 1, expected)

START_TEST(records_that_begin_are_none)
{
    ck_assert(!tls_foreign_is("\26", 1, false));
    ck_assert(!tls_foreign_is("\26\3\1\0\1\1", 6, false));
    ck_assert(!tls_foreign_is("\26\3\3\0\1\2", 6, true)); /* a server's hello */
    ck_assert(!tls_foreign_is("\25\3\1\0\2\2\50", 7, true));
    ck_assert(tls_foreign_is("\27\3\3\0\1x", 6, false));
    ck_assert(tls_foreign_is("\26\26", 2, false));
}
END_TEST

START_TEST(it_is_said_what_came)
{
    CHECK("SSH-2.0-OpenSSH_9.2\r\n",
          "the far end speaks no TLS (it said: SSH-2.0-OpenSSH_9.2)");
    CHECK("\x1b[2Jhi there", "the far end speaks no TLS (it said: \\x1b[2Jhi there)");
    CHECK("G", "the far end speaks no TLS (it said: G)");
    CHECK("POST /x HTTP/1.1\r\nHost: a\r\n\r\n",
          "the far end speaks HTTP, not TLS (it said: POST /x HTTP/1.1)");
    CHECK("HTTP/1.1 400 Bad Request of such a length that it is cut\r\n",
          "the far end speaks HTTP, not TLS (it said: "
          "HTTP/1.1 400 Bad Request of such a lengt...)");
    CHECK("PROXY TCP4 192.0.2.1 ",
          "a proxy's header came before TLS: proxy=yes is for those (it said: "
          "PROXY TCP4 192.0.2.1 )");
    CHECK("\26\3\1\0\1\1", "the far end speaks no TLS: it says again what we say");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {records_that_begin_are_none, it_is_said_what_came, NULL};
    return check_run("tls_foreign", tests);
}
