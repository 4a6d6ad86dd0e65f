/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/via.h"

#include <string.h>

#include "check_main.h"
#include "fake_via.h"

START_TEST(protocols_have_names)
{
    ck_assert_ptr_eq(via_protocol_find("socks5://h", 6), &via_socks5);
    ck_assert_ptr_eq(via_protocol_find("http", 4), &via_http);
    ck_assert_ptr_null(via_protocol_find("https", 5));
    ck_assert_ptr_null(via_protocol_find("", 0));
}
END_TEST

static char *fault_of(const char *host, const char *user)
{
    char *error = NULL;
    struct via *via = fake_via(&via_http, host, user);
    ck_assert_int_eq(via_check(via, &error), error == NULL);
    via_destroy(via);
    return error;
}

START_TEST(what_no_proxy_understands_is_not_asked)
{
    char name[VIA_TEXT_MAX + 2];
    memset(name, 'a', sizeof name);
    name[VIA_TEXT_MAX + 1] = '\0';
    char *error = fault_of(name, NULL);
    ck_assert_ptr_nonnull(strstr(error, "a proxy can be asked for names up to 255 bytes"));
    free(error);
    check_error(fault_of("here", name),
                "a proxy's user names and passwords have up to 255 bytes");
    check_error(fault_of("fe80::1%eth0", NULL),
                "fe80::1%eth0: the zone of an address means nothing to a proxy");
    name[VIA_TEXT_MAX] = '\0';
    ck_assert_ptr_null(fault_of(name, name));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {protocols_have_names, what_no_proxy_understands_is_not_asked,
                                  NULL};
    return check_run("via", tests);
}
