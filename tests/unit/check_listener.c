/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/listener.h"

#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"

/* A binding without sockets, that counts its ends. */
struct fake_binding {
    struct binding binding; /* first */
    struct listener *listener;
    unsigned destroyed;
};

static struct fake_binding binding;

static void destroy(struct binding *destroyed)
{
    ck_assert_ptr_eq(destroyed, &binding.binding);
    binding.destroyed++;
    /* Whoever looks at the listener meanwhile finds it closed. */
    ck_assert_ptr_null(binding.listener->binding);
    ck_assert(!binding.listener->open);
    listener_close(binding.listener);
}

static struct listener *make_listener(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    struct listener *listener = listener_create(&endpoint, NULL, &error);
    ck_assert_msg(listener, "%s", error);
    return listener;
}

static struct listener *make_bound(const char *text)
{
    static const struct binding_ops ops = {.destroy = destroy};
    struct listener *listener = make_listener(text);
    binding = (struct fake_binding){.binding.ops = &ops, .listener = listener};
    listener->binding = &binding.binding;
    listener->open = true;
    return listener;
}

START_TEST(takes_over_its_endpoint)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert(endpoint_parse("tcp://[::1]:7?name=a&reply=echo", &endpoint, &error));
    struct listener *listener = listener_create(&endpoint, NULL, &error);
    ck_assert_ptr_null(endpoint.host);
    ck_assert_ptr_null(endpoint.keys);
    ck_assert_uint_eq(endpoint.key_count, 0);
    ck_assert_str_eq(listener->origin.endpoint.host, "::1");
    ck_assert_str_eq(listener->origin.profile.name, "a");
    ck_assert_ptr_eq(listener->origin.profile.reply, &agent_echo);
    listener_release(listener);
}
END_TEST

START_TEST(a_wrong_key_makes_none)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert(endpoint_parse("tcp://[::1]:7?name=a&eol=x", &endpoint, &error));
    ck_assert_ptr_null(listener_create(&endpoint, NULL, &error));
    ck_assert_ptr_null(endpoint.host);
    check_error(error, "unknown eol 'x': use none, lf, crlf or nul");
}
END_TEST

START_TEST(its_text_can_be_typed_back)
{
    static const char *const cases[][2] = {
        {"9", "tcp://*:9"},
        {"tcp://", "tcp://*:9999"},
        {"udp://[::]:5?reply=echo", "udp://[::]:5"},
        {"unix:/run/a%3fb", "unix:/run/a%3fb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct listener *listener = make_listener(cases[i][0]);
        ck_assert_str_eq(listener->origin.text, cases[i][1]);
        listener_release(listener);
    }
}
END_TEST

START_TEST(begins_without_number_and_binding)
{
    struct listener *listener = make_listener("tcp://h:1");
    ck_assert_uint_eq(listener->number, 0);
    ck_assert_uint_eq(listener->origin.references, 1);
    ck_assert(!listener->open);
    ck_assert_ptr_null(listener->binding);
    listener_release(listener);
}
END_TEST

START_TEST(its_peers_keep_what_they_need)
{
    struct listener *listener = make_bound("tcp://h:1?reply=echo&name=a");
    struct origin *origin = origin_reference(&listener->origin);
    ck_assert_ptr_eq(origin->listener, listener);
    listener_release(listener);
    ck_assert_uint_eq(binding.destroyed, 1);
    ck_assert_uint_eq(origin->references, 1);
    ck_assert(!origin->listener->open);
    ck_assert_ptr_eq(origin->profile.reply, &agent_echo);
    ck_assert_str_eq(origin->profile.name, "a");
    ck_assert_str_eq(origin->text, "tcp://h:1");
    origin_release(origin);
    ck_assert_uint_eq(binding.destroyed, 1);
}
END_TEST

START_TEST(the_binding_ends_once)
{
    struct listener *listener = make_bound("tcp://h:1");
    listener_close(listener);
    ck_assert_uint_eq(binding.destroyed, 1);
    ck_assert(!listener->open);
    ck_assert_ptr_null(listener->binding);
    listener_close(listener);
    listener_release(listener);
    ck_assert_uint_eq(binding.destroyed, 1);
}
END_TEST

START_TEST(may_be_closed_without_a_binding)
{
    struct listener *listener = make_listener("tcp://h:1");
    listener_close(listener);
    listener_release(listener);
    listener_release(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        takes_over_its_endpoint,         a_wrong_key_makes_none,
        its_text_can_be_typed_back,      begins_without_number_and_binding,
        its_peers_keep_what_they_need,   the_binding_ends_once,
        may_be_closed_without_a_binding, NULL};
    return check_run("listener", tests);
}
