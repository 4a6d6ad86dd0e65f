/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tcp_options.h"

#include "check_main.h"
#include "core/origin.h"
#include "stream/via.h"

static struct origin *make(const char *text, char **error)
{
    struct endpoint endpoint;
    ck_assert(endpoint_parse(text, &endpoint, error));
    return origin_create(&endpoint, &tcp_options_keys, error);
}

START_TEST(a_proxy_and_who_calls_it)
{
    char *error = NULL;
    struct origin *origin = make("far:7?via=socks5://me@there@[::1]:1080&via-auth=/x", &error);
    const struct tcp_options *options = tcp_options_of(origin);
    ck_assert_ptr_eq(options->via, &via_socks5);
    ck_assert_str_eq(options->via_user, "me@there");
    ck_assert_str_eq(options->via_proxy.host, "::1");
    ck_assert_uint_eq(options->via_proxy.port, 1080);
    ck_assert_str_eq(options->via_auth, "/x");
    ck_assert_str_eq(origin->text, "tcp://far:7?via=socks5://me@there@[::1]:1080&via-auth=/x");
    ck_assert_str_eq(origin_place(origin), "far:7");
    origin_release(origin);
}
END_TEST

START_TEST(no_proxy)
{
    char *error = NULL;
    struct origin *origin = make("far:7", &error);
    ck_assert_ptr_null(tcp_options_of(origin)->via);
    ck_assert(!tcp_options_of(origin)->proxied);
    origin_release(origin);
}
END_TEST

START_TEST(bad_values_are_named)
{
    char *error = NULL;
    ck_assert_ptr_null(make("far:7?via=http://h", &error));
    check_error(error,
                "via=http://h: use socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT");
    error = NULL;
    ck_assert_ptr_null(make("far:7?via=http://a:b@h:1", &error));
    check_error(error, "via=: a password does not stand here: put it into a file that "
                       "via-auth=FILE names, or into the environment as TELEX_VIA_AUTH");
    error = NULL;
    ck_assert_ptr_null(make("far:7?via-auth=", &error));
    check_error(error, "via-auth=: name a file, as in via-auth=/etc/telex/proxy");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_proxy_and_who_calls_it, no_proxy, bad_values_are_named,
                                  NULL};
    return check_run("tcp_options", tests);
}
