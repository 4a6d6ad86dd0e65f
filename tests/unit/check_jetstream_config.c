/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/jetstream_config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "check_main.h"

static const struct jetstream_settings node = {
    .node = "berlin", .max_age = 3600000000, .max_bytes = 1 << 20};

static void is(char *config, const char *expected)
{
    ck_assert_str_eq(config, expected);
    free(config);
}

#define AGE_AND_REST(age, replicas, window)                                              \
    "\"retention\":\"limits\",\"storage\":\"file\",\"discard\":\"old\",\"max_age\":" age \
    ",\"max_bytes\":1048576,\"num_replicas\":" replicas ",\"duplicate_window\":" window "}"
#define SOURCE                                                     \
    "{\"name\":\"TELEX\",\"filter_subject\":\"telex.e.berlin.>\"," \
    "\"external\":{\"api\":\"$JS.berlin.API\"}}"

START_TEST(a_broker_keeps_the_events_of_all_nodes_and_a_leaf_those_of_its_own)
{
    struct jetstream_settings leaf = node;
    leaf.leaf = true;
    is(jetstream_config_own(&node, 3),
       "{\"name\":\"TELEX\",\"subjects\":[\"telex.e.>\"]," AGE_AND_REST("3600000000000", "3",
                                                                        "120000000000"));
    is(jetstream_config_own(&leaf, 1),
       "{\"name\":\"TELEX\",\"subjects\":[\"telex.e.berlin.>\"]," AGE_AND_REST(
           "3600000000000", "1", "120000000000"));
    is(jetstream_config_hub(&leaf, 1), "{\"name\":\"TELEX\",\"sources\":[" SOURCE
                                       "]," AGE_AND_REST("3600000000000", "1", "120000000000"));
}
END_TEST

START_TEST(the_window_for_what_comes_twice_is_no_longer_than_what_is_kept)
{
    struct jetstream_settings brief = node;
    brief.max_age = 60000000;
    is(jetstream_config_own(&brief, 1),
       "{\"name\":\"TELEX\",\"subjects\":[\"telex.e.>\"]," AGE_AND_REST("60000000000", "1",
                                                                        "60000000000"));
}
END_TEST

/* What the hub's stream becomes; NULL: it stays as it is. */
static char *join(const char *answer)
{
    char *changed, *error;
    ck_assert(jetstream_config_join(&node, answer, strlen(answer), &changed, &error));
    ck_assert_ptr_null(error);
    return changed;
}

START_TEST(a_node_is_added_to_the_sources_of_the_hub_once)
{
    is(join("{\"config\":{\"name\":\"TELEX\",\"sources\":[{\"name\":\"TELEX\","
            "\"external\":{\"api\":\"$JS.tokyo.API\"}}]}}"),
       "{\"name\":\"TELEX\",\"sources\":[{\"name\":\"TELEX\","
       "\"external\":{\"api\":\"$JS.tokyo.API\"}}," SOURCE "]}");
    is(join("{\"config\":{\"name\":\"TELEX\"}}"),
       "{\"name\":\"TELEX\",\"sources\":[" SOURCE "]}");
    ck_assert_ptr_null(join("{\"config\":{\"name\":\"TELEX\",\"sources\":[" SOURCE "]}}"));
}
END_TEST

START_TEST(a_hub_that_hears_the_node_itself_is_left_alone)
{
    const char *answer = "{\"config\":{\"name\":\"TELEX\",\"subjects\":[\"telex.e.>\"]}}";
    char *changed, *error;
    ck_assert(!jetstream_config_join(&node, answer, strlen(answer), &changed, &error));
    check_error(error, "the hub's stream TELEX has subjects of its own, so it would get "
                       "everything twice: make it without");
    ck_assert(!jetstream_config_join(&node, "x", 1, &changed, &error));
    check_error(error, "the hub's answer cannot be read");
}
END_TEST

START_TEST(errors_are_told_in_its_words)
{
    static const struct {
        const char *answer;
        int code;
        const char *why;
    } rows[] = {
        {"{\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}",
         JETSTREAM_NO_STREAM, "stream not found"},
        {"{\"error\":{\"description\":\"\\u001b[2J\"}}", JETSTREAM_UNREADABLE, "\\x1b[2J"},
        {"{\"error\":{}}", JETSTREAM_UNREADABLE, "an error without a reason"},
        {"", JETSTREAM_UNREADABLE, "an answer that cannot be read"},
        {"[]", JETSTREAM_UNREADABLE, "an answer that cannot be read"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *why;
        ck_assert_int_eq(jetstream_error(rows[i].answer, strlen(rows[i].answer), &why),
                         rows[i].code);
        check_error(why, rows[i].why);
    }
    char *none;
    ck_assert_int_eq(jetstream_error("{\"seq\":1}", 9, &none), 0);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(what_was_stored_before_is_told)
{
    const char *answer = "{\"stream\":\"TELEX\", \"seq\":4,\"duplicate\": true}";
    ck_assert(jetstream_is_duplicate(answer, strlen(answer)));
    answer = "{\"stream\":\"TELEX\", \"seq\":4}";
    ck_assert(!jetstream_is_duplicate(answer, strlen(answer)));
}
END_TEST

/* The last batch, from a stored message with such headers. */
static struct jetstream_last last_of(const char *headers)
{
    struct jetstream_last last;
    UT_string answer;
    utstring_init(&answer);
    utstring_printf(&answer, "{\"message\":{\"hdrs\":\"");
    base64_encode(&answer, headers, strlen(headers));
    utstring_printf(&answer, "\"}}");
    jetstream_read_last("berlin", utstring_body(&answer), utstring_len(&answer), &last);
    utstring_done(&answer);
    return last;
}

static void check_last(const char *headers, const char *run, uint64_t first, uint64_t seq)
{
    struct jetstream_last last = last_of(headers);
    ck_assert_str_eq(last.run, run);
    ck_assert_uint_eq(last.first, first);
    ck_assert_uint_eq(last.last, seq);
}

START_TEST(the_last_batch_is_read_from_its_headers)
{
    check_last("NATS/1.0\r\nNats-Msg-Id: berlin-0123456789abcdef-7\r\nTelex-Last: 9\r\n\r\n",
               "0123456789abcdef", 7, 9);
    check_last("NATS/1.0\r\nTelex-Last:9\r\nNats-Msg-Id:berlin-r-7\r\n\r\n", "r", 7, 9);
    check_last("NATS/1.0\r\nNats-Msg-Id: berlin-r-7\r\n\r\n", "r", 7, 7);
    check_last("NATS/1.0\r\nNats-Msg-Id: tokyo-r-7\r\nTelex-Last: 9\r\n\r\n", "", 0, 0);
    check_last("NATS/1.0\r\nNats-Msg-Identity: berlin-r-7\r\n\r\n", "", 0, 0);
    check_last("NATS/1.0\r\n\r\n", "", 0, 0);
    check_last("", "", 0, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_broker_keeps_the_events_of_all_nodes_and_a_leaf_those_of_its_own,
        the_window_for_what_comes_twice_is_no_longer_than_what_is_kept,
        a_node_is_added_to_the_sources_of_the_hub_once,
        a_hub_that_hears_the_node_itself_is_left_alone,
        errors_are_told_in_its_words,
        what_was_stored_before_is_told,
        the_last_batch_is_read_from_its_headers,
        NULL};
    return check_run("jetstream_config", tests);
}
