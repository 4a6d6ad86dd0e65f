/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/origin.h"

#include "check_main.h"
#include "core/responder.h"

static struct origin *make_origin(const char *text)
{
    struct endpoint endpoint;
    struct profile profile;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    ck_assert_msg(profile_init(&profile, &endpoint, PROFILE_LISTEN, &error), "%s", error);
    return origin_create(&endpoint, &profile);
}

START_TEST(takes_over_what_it_is_given)
{
    struct endpoint endpoint;
    struct profile profile;
    char *error = NULL;
    ck_assert(endpoint_parse("tcp://[::1]:7?name=a&reply=echo", &endpoint, &error));
    ck_assert(profile_init(&profile, &endpoint, PROFILE_CALL, &error));
    struct origin *origin = origin_create(&endpoint, &profile);
    ck_assert_ptr_null(endpoint.host);
    ck_assert_ptr_null(endpoint.keys);
    ck_assert_ptr_null(profile.name);
    ck_assert_ptr_null(origin->listener);
    ck_assert_str_eq(origin->endpoint.host, "::1");
    ck_assert_str_eq(origin->profile.name, "a");
    ck_assert_ptr_eq(origin->profile.reply, &responder_echo);
    origin_release(origin);
}
END_TEST

START_TEST(its_text_can_be_typed_back)
{
    static const char *const cases[][2] = {
        {"9", "tcp://*:9"},
        {"tcp://", "tcp://*:9999"},
        {"udp://[::]:5?reply=echo", "udp://[::]:5"},
        {"unix:/run/a%3fb?mode=0660", "unix:/run/a%3fb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct origin *origin = make_origin(cases[i][0]);
        ck_assert_str_eq(origin->text, cases[i][1]);
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
    const TTest *const tests[] = {takes_over_what_it_is_given, its_text_can_be_typed_back,
                                  the_real_port_shows, lives_until_its_last_reference, NULL};
    return check_run("origin", tests);
}
