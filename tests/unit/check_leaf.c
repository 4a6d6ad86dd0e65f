/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/leaf.h"

#include <string.h>

#include "check_main.h"
#include "fake_bus.h"
#include "fleet/jetstream.h"
#include "loop/loop.h"

#define INFO "$JS.hub.API.STREAM.INFO.TELEX"
#define CREATE "$JS.hub.API.STREAM.CREATE.TELEX"
#define UPDATE "$JS.hub.API.STREAM.UPDATE.TELEX"
#define OTHER "{\"name\":\"TELEX\",\"external\":{\"api\":\"$JS.tokyo.API\"}}"
#define OURS "{\"name\":\"TELEX\",\"external\":{\"api\":\"$JS.berlin.API\"}}"

static const struct jetstream_settings settings = {.node = "berlin", .leaf = true};

static struct loop loop;
static struct bus *bus;
static struct leaf *leaf;

static void setup(void)
{
    loop_init(&loop);
    bus = fake_bus_create();
    leaf = leaf_create(&loop, bus, &settings);
    fake_bus_connect(bus);
    leaf_connected(leaf);
}

static void teardown(void)
{
    leaf_destroy(leaf);
    fake_bus_destroy(bus);
    loop_finish(&loop);
}

static struct bus_request *asks(const char *subject)
{
    while (!fake_bus_first(bus))
        loop_poll(&loop);
    ck_assert_str_eq(fake_bus_first(bus)->subject, subject);
    return fake_bus_first(bus);
}

START_TEST(a_hub_without_the_stream_gets_it)
{
    fake_bus_answer(asks(INFO), 0, "{\"error\":{\"err_code\":10059,\"description\":\"none\"}}");
    ck_assert_ptr_nonnull(strstr(asks(CREATE)->data, "$JS.berlin.API"));
    fake_bus_answer(asks(CREATE), 0,
                    "{\"error\":{\"err_code\":10005,\"description\":\"few\"}}");
    fake_bus_answer(asks(CREATE), 0, "{\"config\":{}}");
    fake_bus_answer(asks(INFO), 0,
                    "{\"config\":{\"sources\":[" OURS "]}}"); /* it looks again */
    ck_assert_uint_eq(fake_bus_count(bus), 0);
}
END_TEST

START_TEST(a_node_whose_word_was_written_over_says_it_again)
{
    for (int twice = 0; twice < 2; twice++) {
        fake_bus_answer(asks(INFO), 0, "{\"config\":{\"sources\":[" OTHER "]}}");
        ck_assert_ptr_nonnull(strstr(asks(UPDATE)->data, "$JS.tokyo.API"));
        ck_assert_ptr_nonnull(strstr(asks(UPDATE)->data, "$JS.berlin.API"));
        fake_bus_answer(asks(UPDATE), 0, "{\"config\":{}}");
    }
}
END_TEST

START_TEST(a_hub_that_is_away_is_looked_for_again)
{
    fake_bus_answer(asks(INFO), 503, "");
    fake_bus_answer(asks(INFO), 0, "{\"config\":{\"sources\":[" OURS "]}}");
    ck_assert_uint_eq(fake_bus_count(bus), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_hub_without_the_stream_gets_it,
                                  a_node_whose_word_was_written_over_says_it_again,
                                  a_hub_that_is_away_is_looked_for_again, NULL};
    return check_run_with("leaf", setup, teardown, tests);
}
