/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_options.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check_main.h"
#include "core/listener.h"

/* NULL with *error where a key is wrong. */
static struct origin *call(const char *text, char **error)
{
    struct endpoint endpoint;
    ck_assert(endpoint_parse(text, &endpoint, error));
    return origin_create(&endpoint, &udp_options_keys, error);
}

static struct origin *good_call(const char *text)
{
    char *error = NULL;
    struct origin *origin = call(text, &error);
    ck_assert_msg(origin, "%s: %s", text, error);
    return origin;
}

START_TEST(nothing_is_set_without_keys)
{
    struct origin *origin = good_call("udp://h:1");
    const struct udp_options *options = udp_options_of(origin);
    ck_assert_ptr_null(options->from);
    ck_assert_ptr_null(options->interface);
    ck_assert_int_lt(options->ttl, 0);
    ck_assert_int_lt(options->loop, 0);
    origin_release(origin);
}
END_TEST

START_TEST(reads_every_key)
{
    struct origin *origin =
        good_call("udp://h:1?from=2&interface=br-0123456789ab&ttl=255&loop=no");
    const struct udp_options *options = udp_options_of(origin);
    ck_assert_str_eq(options->from, "2");
    ck_assert_str_eq(options->interface, "br-0123456789ab");
    ck_assert_int_eq(options->ttl, 255);
    ck_assert_int_eq(options->loop, 0);
    origin_release(origin);
    origin = good_call("udp://h:1?ttl=0&loop=yes");
    ck_assert_int_eq(udp_options_of(origin)->ttl, 0);
    ck_assert_int_eq(udp_options_of(origin)->loop, 1);
    origin_release(origin);
}
END_TEST

START_TEST(a_wrong_value_is_named)
{
    static const struct {
        const char *endpoint, *error;
    } cases[] = {
        {"udp://h:1?interface=", "interface=: not an interface, as in interface=eth0"},
        {"udp://h:1?interface=a%20b", "interface=a b: not an interface, as in interface=eth0"},
        {"udp://h:1?interface=sixteen-letters-",
         "interface=sixteen-letters-: not an interface, as in interface=eth0"},
        {"udp://h:1?ttl=256", "ttl=256: not a number from 0 to 255"},
        {"udp://h:1?ttl=%1b", "ttl=\\x1b: not a number from 0 to 255"},
        {"udp://h:1?loop=maybe", "loop=maybe: use no or yes"},
        {"udp://h:1?name=a&from=b&reply=echo&eol=x",
         "unknown eol 'x': use none, lf, crlf or nul"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *error = NULL;
        ck_assert_ptr_null(call(cases[i].endpoint, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

START_TEST(each_key_has_its_place)
{
    static const char *const wrong[] = {"from", "ttl", "loop", "mode", "framing", "half-close"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct endpoint endpoint;
        char *error = NULL, *text = mem_printf("udp://h:1?%s=1", wrong[i]);
        char *expected =
            mem_printf("key '%s' does not belong here: use one of reply, eol, view, "
                       "name, fault, to, interface",
                       wrong[i]);
        ck_assert(endpoint_parse(text, &endpoint, &error));
        ck_assert_ptr_null(listener_create(&endpoint, &udp_options_keys, &error));
        check_error(error, expected);
        free(expected);
        free(text);
    }
    char *error = NULL;
    ck_assert_ptr_null(call("udp://h:1?mode=0660", &error));
    check_error(
        error,
        "key 'mode' does not belong here: use one of reply, eol, view, name, fault, again, "
        "from, interface, ttl, loop");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_is_set_without_keys, reads_every_key,
                                  a_wrong_value_is_named, each_key_has_its_place, NULL};
    return check_run("udp_options", tests);
}
