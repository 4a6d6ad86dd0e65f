/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"

/* Options with one key of their own. */
struct own {
    int colour;
};

static int alive;

static void *create(void)
{
    alive++;
    return mem_zalloc(sizeof(struct own));
}

static void destroy(void *options)
{
    alive--;
    free(options);
}

static bool take_colour(void *options, const char *value, char **error)
{
    ((struct own *)options)->colour = *value;
    return *value != '\0' || fail_with(error, "colour=%s: none", value);
}

static const struct key keys[] = {
    {"colour", KEY_EITHER, "NUMBER", take_colour, NULL, KEY_LIVE}};
static const struct key_set own = {
    .keys = keys, .count = 1, .create = create, .destroy = destroy};

static struct origin *make(const char *text, char **error)
{
    struct endpoint endpoint;
    ck_assert(endpoint_parse(text, &endpoint, error));
    struct origin *origin = origin_create(&endpoint, &own, error);
    ck_assert_ptr_null(endpoint.host);
    ck_assert_ptr_null(endpoint.keys);
    return origin;
}

static struct origin *make_origin(const char *text)
{
    char *error = NULL;
    struct origin *origin = make(text, &error);
    ck_assert_msg(origin, "%s", error);
    return origin;
}

START_TEST(takes_over_its_endpoint)
{
    struct origin *origin = make_origin("tcp://[::1]:7?name=a&reply=echo");
    ck_assert_ptr_null(origin->listener);
    ck_assert_str_eq(origin->endpoint.host, "::1");
    ck_assert_str_eq(origin->profile.name, "a");
    ck_assert_ptr_eq(origin->profile.reply, &agent_echo);
    origin_release(origin);
}
END_TEST

START_TEST(keys_of_its_own_are_its_options)
{
    struct origin *origin = make_origin("tcp://h:7?colour=3&name=a");
    ck_assert_int_eq(((struct own *)origin->options)->colour, '3');
    ck_assert_int_eq(alive, 1);
    origin_release(origin);
    ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(a_wrong_key_leaves_nothing_behind)
{
    char *error = NULL;
    ck_assert_ptr_null(make("tcp://h:7?name=a&colour=", &error));
    check_error(error, "colour=: none");
    error = NULL;
    ck_assert_ptr_null(make("tcp://h:7?size=1", &error));
    check_error(error,
                "key 'size' does not belong here: use one of reply, eol, framing, view, name, "
                "half-close, fault, again, colour");
    ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(its_text_can_be_typed_back)
{
    static const char *const cases[][2] = {
        {"9", "tcp://localhost:9"},
        {"tcp://", "tcp://localhost:9999"},
        {"udp://[::]:5?reply=echo", "udp://[::]:5"},
        {"udp://*:7", "udp://localhost:7"},
        {"unix:/run/a%3fb?colour=5", "unix:/run/a%3fb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct origin *origin = make_origin(cases[i][0]);
        ck_assert_str_eq(origin->text, cases[i][1]);
        ck_assert_str_eq(origin_place(origin),
                         strchr(origin->text, ':') + (origin->endpoint.path ? 1 : 3));
        origin_release(origin);
    }
}
END_TEST

START_TEST(the_real_port_shows)
{
    struct origin *origin = make_origin("udp://[::1]:0");
    ck_assert_str_eq(origin->text, "udp://[::1]:0");
    origin_set_port(origin, 65535);
    ck_assert_uint_eq(origin->endpoint.port, 65535);
    ck_assert_str_eq(origin->text, "udp://[::1]:65535");
    origin_set_port(origin, 1);
    ck_assert_str_eq(origin->text, "udp://[::1]:1");
    origin_release(origin);
}
END_TEST

START_TEST(lives_until_its_last_reference)
{
    struct origin *origin = make_origin("tcp://h:1?name=a");
    ck_assert_uint_eq(origin->references, 1);
    ck_assert_ptr_eq(origin_reference(origin), origin);
    ck_assert_ptr_eq(origin_reference(origin), origin);
    ck_assert_uint_eq(origin->references, 3);
    origin_release(origin);
    origin_release(origin);
    ck_assert_uint_eq(origin->references, 1);
    ck_assert_str_eq(origin->profile.name, "a");
    ck_assert_str_eq(origin->text, "tcp://h:1");
    origin_release(origin);
    origin_release(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {takes_over_its_endpoint,
                                  keys_of_its_own_are_its_options,
                                  a_wrong_key_leaves_nothing_behind,
                                  its_text_can_be_typed_back,
                                  the_real_port_shows,
                                  lives_until_its_last_reference,
                                  NULL};
    return check_run("origin", tests);
}
