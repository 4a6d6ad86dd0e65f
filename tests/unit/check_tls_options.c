/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tls_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/home.h"
#include "check_main.h"
#include "core/listener.h"
#include "core/origin.h"
#include "tls/tls_context.h"
#include "transport/transport.h"

/* The scheme does not matter here: the set is that of those under TLS. */
#define PLACE "tcp://127.0.0.1:1"

static const struct transport_settings nothing;

static struct listener *listening(const char *keys, char **error)
{
    struct endpoint endpoint;
    char *text = mem_printf(PLACE "?%s", keys);
    ck_assert_msg(endpoint_parse(text, &endpoint, error), "%s", *error);
    free(text);
    return listener_create(&endpoint, &tls_options_keys, error);
}

static struct origin *calling(const char *keys, char **error)
{
    struct endpoint endpoint;
    char *text = mem_printf(PLACE "?%s", keys);
    ck_assert_msg(endpoint_parse(text, &endpoint, error), "%s", *error);
    free(text);
    return origin_create(&endpoint, &tls_options_keys, error);
}

static void check_listening_refused(const char *keys, const char *expected)
{
    char *error = NULL;
    ck_assert_msg(!listening(keys, &error), "%s", keys);
    ck_assert_msg(strstr(error, expected), "%s: %s", keys, error);
    free(error);
}

static void check_calling_refused(const char *keys, const char *expected)
{
    char *error = NULL;
    ck_assert_msg(!calling(keys, &error), "%s", keys);
    ck_assert_msg(strstr(error, expected), "%s: %s", keys, error);
    free(error);
}

START_TEST(a_listener_has_keys)
{
    char *error = NULL;
    struct listener *listener =
        listening("cert=/c&key=/k&ca=/a&psk=/p&alpn=h2,b&min=1.3&verify=optional&handshake=0.5&"
                  "plain=yes&named=yes&proxy=yes",
                  &error);
    ck_assert_msg(listener, "%s", error);
    const struct tls_options *options = tls_options_of(&listener->origin);
    ck_assert_str_eq(options->settings.cert, "/c");
    ck_assert_str_eq(options->settings.key, "/k");
    ck_assert_str_eq(options->settings.ca, "/a");
    ck_assert_str_eq(options->settings.psk, "/p");
    ck_assert_str_eq(options->settings.alpn, "h2,b");
    ck_assert_int_eq(options->settings.min, TLS_VERSION_1_3);
    ck_assert_int_eq(options->settings.verify, TLS_VERIFY_OPTIONAL);
    ck_assert_int_eq(options->handshake, 500000);
    ck_assert(options->plain && options->named);
    ck_assert(tcp_options_of(&listener->origin)->proxied);
    listener_release(listener);
}
END_TEST

START_TEST(without_keys_there_are_defaults)
{
    char *error = NULL;
    struct listener *listener = listening("plain=no", &error);
    const struct tls_options *options = tls_options_of(&listener->origin);
    ck_assert_int_eq(options->handshake, 10000000);
    ck_assert(!options->plain && !options->named);
    ck_assert_ptr_null(options->context);
    listener_release(listener);
}
END_TEST

START_TEST(a_call_has_keys)
{
    char *error = NULL;
    struct origin *call =
        calling("verify=no&server-name=db.example&alpn=b&pin=sha256:"
                "00000000000000000000000000000000000000000000000000000000000000ff",
                &error);
    ck_assert_msg(call, "%s", error);
    const struct tls_settings *settings = &tls_options_of(call)->settings;
    ck_assert_int_eq(settings->verify, TLS_VERIFY_NONE);
    ck_assert_str_eq(settings->server_name, "db.example");
    ck_assert(settings->pinned);
    ck_assert_int_eq(settings->pin[31], 0xff);
    origin_release(call);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    check_listening_refused("cert=", "cert=: name a file");
    check_listening_refused("alpn=,", "',' is no list of protocols");
    check_listening_refused("min=1.1", "'1.1': use 1.2 or 1.3");
    check_listening_refused("verify=no", "verify=no: use none, optional or require");
    check_listening_refused("handshake=x", "handshake=x: not a number of seconds");
    check_listening_refused("plain=x", "plain=x: use no or yes");
    check_listening_refused("named=x", "named=x: use no or yes");
    check_listening_refused("pin=x", "key 'pin' does not belong here");
    check_listening_refused("server-name=x", "key 'server-name' does not belong here");
    check_calling_refused("plain=yes", "key 'plain' does not belong here");
    check_calling_refused("named=yes", "key 'named' does not belong here");
    check_calling_refused("verify=require", "verify=require: use yes or no");
    check_calling_refused("pin=x", "'x' is no fingerprint");
    check_calling_refused("server-name=", "'' is no name of a server");
}
END_TEST

static void check_load_fails(struct origin *origin, const struct transport_settings *settings,
                             const char *expected)
{
    char *error = NULL;
    ck_assert(!tls_options_load(origin, settings, NULL, &error));
    ck_assert_msg(strstr(error, expected), "%s", error);
    free(error);
    ck_assert_ptr_null(tls_options_of(origin)->context);
}

static bool is_built(void)
{
    char *error = NULL;
    struct tls_context *context = tls_context_call(&(struct tls_settings){0}, &error);
    tls_context_release(context);
    free(error);
    return context;
}

START_TEST(files_are_read_when_they_are_needed)
{
    char *error = NULL;
    const struct transport_settings settings = {.tls_listeners = {.cert = (char *)"/no/cert"},
                                                .tls_calls = {.ca = (char *)"/no/ca"}};
    struct listener *listener = listening("plain=no", &error),
                    *other = listening("cert=/no/own", &error);
    struct origin *call = calling("verify=yes", &error);
    if (is_built()) {
        check_load_fails(&listener->origin, &settings, "cannot read /no/cert: No such file");
        check_load_fails(&other->origin, &settings, "cannot read /no/own: No such file");
        check_load_fails(call, &settings, "cannot read /no/ca: No such file");
    } else {
        check_load_fails(&listener->origin, &nothing, "built without TLS");
    }
    listener_release(listener);
    listener_release(other);
    origin_release(call);
}
END_TEST

START_TEST(what_is_loaded_goes_on_from_what_was)
{
    char *error = NULL, fingerprint[LISTENER_FINGERPRINT];
    struct listener *listener = listening("plain=no", &error),
                    *next = listening("min=1.3", &error);
    if (is_built()) {
        ck_assert(tls_options_load(&listener->origin, &nothing, NULL, &error));
        memcpy(fingerprint, listener->fingerprint, sizeof fingerprint);
        ck_assert_int_eq(strncmp(fingerprint, "sha256:", 7), 0);
        ck_assert(tls_options_load(&next->origin, &nothing, &listener->origin, &error));
        ck_assert_str_eq(next->fingerprint, fingerprint);
        ck_assert(tls_options_load(&next->origin, &nothing, NULL, &error));
        ck_assert_str_ne(next->fingerprint, fingerprint);
    }
    listener_release(listener);
    listener_release(next);
}
END_TEST

START_TEST(datagrams_have_most_of_them)
{
    char *error = NULL;
    struct endpoint endpoint;
    ck_assert(endpoint_parse("dtls://127.0.0.1:1?min=1.2&named=yes", &endpoint, &error));
    struct listener *listener = listener_create(&endpoint, transport_keys(SCHEME_DTLS), &error);
    ck_assert(tls_options_of(&listener->origin)->settings.datagrams);
    if (is_built())
        ck_assert(transport_load(&listener->origin, &nothing, NULL, &error));
    else
        check_load_fails(&listener->origin, &nothing, "built without TLS");
    listener_release(listener);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_listener_has_keys,
                                  without_keys_there_are_defaults,
                                  a_call_has_keys,
                                  what_is_wrong_is_named,
                                  files_are_read_when_they_are_needed,
                                  what_is_loaded_goes_on_from_what_was,
                                  datagrams_have_most_of_them,
                                  NULL};
    return check_run("tls_options", tests);
}
