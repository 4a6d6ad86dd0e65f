/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/ws_options.h"

#include "check_main.h"
#include "core/origin.h"

static struct origin *origin_of(const char *text, char **error)
{
    struct endpoint endpoint;
    ck_assert(endpoint_parse(text, &endpoint, error));
    return origin_create(&endpoint, &ws_options_keys, error);
}

START_TEST(without_keys)
{
    char *error = NULL;
    struct origin *origin = origin_of("ws://h", &error);
    const struct ws_options *options = ws_options_of(origin);
    ck_assert(!options->protocols && !options->origins && options->type == WS_TYPE_AUTO);
    ck_assert_int_eq(options->ping, 30000000);
    ck_assert(!options->tls.tcp.via);
    origin_release(origin);
}
END_TEST

START_TEST(keys_are_taken)
{
    char *error = NULL;
    struct origin *origin =
        origin_of("ws://h?protocol=a,b&type=text&ping=0.5&via=http://p:1", &error);
    const struct ws_options *options = ws_options_of(origin);
    ck_assert_str_eq(options->protocols, "a,b");
    ck_assert_int_eq(options->type, WS_TYPE_TEXT);
    ck_assert_int_eq(options->ping, 500000);
    ck_assert(options->tls.tcp.via);
    origin_release(origin);
}
END_TEST

static void refuses(const char *text, const char *expected)
{
    char *error = NULL;
    ck_assert_ptr_null(origin_of(text, &error));
    check_error(error, expected);
}

START_TEST(what_cannot_be_meant)
{
    refuses("ws://h?type=x", "unknown type 'x': use auto, text or binary");
    refuses("ws://h?ping=x",
            "ping=x: not a number of seconds, of 0.01 at least, or 0 for none");
    refuses("ws://h?protocol=a b",
            "protocol=a b: use names of subprotocols, as in protocol=mqtt,chat");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {without_keys, keys_are_taken, what_cannot_be_meant, NULL};
    return check_run("ws_options", tests);
}
