/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/own.h"

#include "check_main.h"
#include "fake.h"

static struct fake world;
static struct hub *const hub = &world.hub;

static void setup(void)
{
    fake_init(&world);
    fake_listen(&world, "tcp://127.0.0.1:7");
    fake_listen(&world, "tcp://*:8");
    fake_listen(&world, "udp://[::]:9");
    fake_listen(&world, "unix:/dev/null");
}

static void teardown(void)
{
    fake_finish(&world);
}

static bool is_own(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
    const bool own = own_is_endpoint(hub->listeners, &endpoint);
    endpoint_finish(&endpoint);
    return own;
}

START_TEST(knows_its_listeners)
{
    static const char *const own[] = {
        "tcp://127.0.0.1:7", "tcp://localhost:7",    "tcp://*:7",     "tcp://LOCALHOST:8",
        "tcp://[::1]:8",     "tcp://127.9.9.9:8",    "udp://[::1]:9", "udp://localhost:9",
        "unix:/dev/null",    "unix:/dev/../dev/null"};
    for (size_t i = 0; i < COUNT(own); i++)
        ck_assert_msg(is_own(own[i]), "%s", own[i]);
}
END_TEST

START_TEST(and_nothing_else)
{
    static const char *const others[] = {
        "tcp://127.0.0.1:9", "udp://127.0.0.1:7",   "tcp://127.0.0.2:7", "tcp://192.0.2.1:8",
        "udp://127.0.0.1:9", "tcp://example.com:8", "unix:/dev/zero",    "unix:@null"};
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!is_own(others[i]), "%s", others[i]);
}
END_TEST

START_TEST(knows_where_they_are)
{
    union address address;
    ck_assert(address_parse("127.0.0.1", 7, &address));
    ck_assert(own_is_address(hub, false, &address));
    ck_assert(!own_is_address(hub, true, &address));
    ck_assert(address_parse("192.0.2.1", 7, &address));
    ck_assert(!own_is_address(hub, false, &address));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {knows_its_listeners, and_nothing_else, knows_where_they_are,
                                  NULL};
    return check_run_with("own", setup, teardown, tests);
}
