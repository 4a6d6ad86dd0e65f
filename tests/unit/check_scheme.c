/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/scheme.h"

#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "check_main.h"

START_TEST(each_has_its_traits)
{
    ck_assert_str_eq(schemes[SCHEME_TCP].name, "tcp");
    ck_assert_str_eq(schemes[SCHEME_TCP].prefix, "tcp://");
    ck_assert_uint_eq(schemes[SCHEME_TCP].port, 9999);
    ck_assert(!schemes[SCHEME_TCP].datagram);
    ck_assert_str_eq(schemes[SCHEME_UDP].prefix, "udp://");
    ck_assert_uint_eq(schemes[SCHEME_UDP].port, 21567);
    ck_assert(schemes[SCHEME_UDP].datagram);
    ck_assert_str_eq(schemes[SCHEME_UNIX].prefix, "unix:");
    ck_assert_int_eq(schemes[SCHEME_UNIX].form, SCHEME_PATH);
    ck_assert(!schemes[SCHEME_UNIX].datagram);
    ck_assert_int_eq(schemes[SCHEME_UNIX].users, SCHEME_OWNER);
    ck_assert_int_eq(schemes[SCHEME_TCP].users, SCHEME_ANYBODY);
}
END_TEST

/* Else the parser would take one for another. */
START_TEST(no_prefix_begins_another)
{
    for (enum scheme i = 0; i < SCHEME_COUNT; i++)
        for (enum scheme j = 0; j < SCHEME_COUNT; j++)
            ck_assert(i == j || strncmp(schemes[i].prefix, schemes[j].prefix,
                                        strlen(schemes[i].prefix)) != 0);
}
END_TEST

START_TEST(a_prefix_tells_the_scheme)
{
    enum scheme scheme = SCHEME_COUNT;
    ck_assert_uint_eq(scheme_prefix("udp://h:1", &scheme), 6);
    ck_assert_int_eq(scheme, SCHEME_UDP);
    ck_assert_uint_eq(scheme_prefix("Unix:/x", &scheme), 5);
    ck_assert_int_eq(scheme, SCHEME_UNIX);
    ck_assert_uint_eq(scheme_prefix("TCP://", &scheme), 6);
    ck_assert_int_eq(scheme, SCHEME_TCP);
}
END_TEST

START_TEST(what_has_none_is_left_alone)
{
    static const char *const words[] = {"", "tcp", "tcp:/h", "tcps://h", " tcp://h", "9999"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        enum scheme scheme = SCHEME_COUNT;
        ck_assert_uint_eq(scheme_prefix(words[i], &scheme), 0);
        ck_assert_int_eq(scheme, SCHEME_COUNT);
    }
}
END_TEST

START_TEST(under_tls_stands_another)
{
    ck_assert_int_eq(scheme_without_tls(SCHEME_TLS), SCHEME_TCP);
    ck_assert_int_eq(scheme_without_tls(SCHEME_TCP), SCHEME_TCP);
    ck_assert_int_eq(scheme_without_tls(SCHEME_WS), SCHEME_WS);
    ck_assert_int_eq(scheme_without_tls(SCHEME_WSS), SCHEME_WS);
}
END_TEST

START_TEST(errors_list_them)
{
    char *list = words_list(scheme_words);
    ck_assert_str_eq(list, "tcp, udp, tls, dtls, ws, wss, unix, serial or exec");
    free(list);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_has_its_traits,
                                  no_prefix_begins_another,
                                  a_prefix_tells_the_scheme,
                                  what_has_none_is_left_alone,
                                  under_tls_stands_another,
                                  errors_list_them,
                                  NULL};
    return check_run("scheme", tests);
}
