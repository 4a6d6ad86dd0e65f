/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "check_main.h"

/* Options that remember the last value, and whose it was. */
struct memory {
    const char *key;
    char value[32];
};

static bool remember(struct memory *memory, const char *key, const char *value, char **error)
{
    memory->key = key;
    snprintf(memory->value, sizeof memory->value, "%s", value);
    return strcmp(value, "bad") != 0 || fail_with(error, "%s=%s: no", key, value);
}

static bool take_size(void *options, const char *value, char **error)
{
    return remember(options, "size", value, error);
}

static bool take_mark(void *options, const char *value, char **error)
{
    return remember(options, "mark", value, error);
}

static bool is_udp(const struct endpoint *endpoint)
{
    return endpoint->scheme == SCHEME_UDP;
}

static const struct key common[] = {{"size", KEY_EITHER, "N", take_size, NULL, KEY_LIVE},
                                    {"mark", KEY_LISTEN, "WORD", take_mark, NULL, KEY_LIVE}};
static const struct key special[] = {
    {"size", KEY_EITHER, "N", take_mark, NULL, KEY_LIVE},
    {"udp-mark", KEY_EITHER, "WORD", take_mark, is_udp, KEY_LIVE},
    {"call-mark", KEY_CALL, "WORD", take_mark, NULL, KEY_LIVE}};
static const struct key_set sets[] = {{.keys = common, .count = 2},
                                      {.keys = special, .count = 3}};
static struct memory memories[2];

/* NULL or the error. */
static char *read_keys(const char *text, enum key_use use)
{
    const struct key_target targets[] = {
        {&sets[0], &memories[0]}, {NULL, NULL}, {&sets[1], &memories[1]}};
    struct endpoint endpoint;
    char *error = NULL;
    memset(memories, 0, sizeof memories);
    ck_assert(endpoint_parse(text, &endpoint, &error));
    bool good = keys_read(&endpoint, use, targets, 3, &error);
    ck_assert(good == !error);
    endpoint_finish(&endpoint);
    return error;
}

START_TEST(each_goes_to_its_own_options)
{
    ck_assert_ptr_null(read_keys("udp://h:1?mark=a&udp-mark=%62", KEY_LISTEN));
    ck_assert_str_eq(memories[0].key, "mark");
    ck_assert_str_eq(memories[0].value, "a");
    ck_assert_str_eq(memories[1].key, "mark");
    ck_assert_str_eq(memories[1].value, "b");
}
END_TEST

START_TEST(the_first_that_knows_it_gets_it)
{
    ck_assert_ptr_null(read_keys("tcp://h:1?size=7", KEY_CALL));
    ck_assert_str_eq(memories[0].value, "7");
    ck_assert_ptr_null(memories[1].key);
}
END_TEST

START_TEST(none_is_none)
{
    ck_assert_ptr_null(read_keys("tcp://h:1", KEY_CALL));
    ck_assert_ptr_null(memories[0].key);
    ck_assert_ptr_null(memories[1].key);
}
END_TEST

START_TEST(an_unknown_one_gets_a_list)
{
    check_error(read_keys("tcp://h:1?colour=red", KEY_LISTEN),
                "key 'colour' does not belong here: use one of size, mark, size");
    check_error(read_keys("udp://h:1?colour=red", KEY_CALL),
                "key 'colour' does not belong here: use one of size, size, udp-mark, "
                "call-mark");
    check_error(read_keys("udp://h:1?a\x1b=red", KEY_LISTEN),
                "key 'a\\x1b' does not belong here: use one of size, mark, size, udp-mark");
}
END_TEST

START_TEST(one_in_the_wrong_place_is_unknown)
{
    char *error = read_keys("tcp://h:1?mark=a", KEY_CALL);
    ck_assert_ptr_nonnull(strstr(error, "key 'mark' does not belong here"));
    free(error);
    error = read_keys("tcp://h:1?udp-mark=a", KEY_LISTEN);
    ck_assert_ptr_nonnull(strstr(error, "key 'udp-mark' does not belong here"));
    free(error);
    ck_assert_ptr_null(memories[0].key);
}
END_TEST

START_TEST(the_first_fault_is_told)
{
    check_error(read_keys("udp://h:1?size=bad&colour=red", KEY_LISTEN), "size=bad: no");
    check_error(read_keys("udp://h:1?size=1&mark=bad&size2=1", KEY_LISTEN), "mark=bad: no");
}
END_TEST

START_TEST(a_key_fits_by_use_and_endpoint)
{
    struct endpoint endpoint = {.scheme = SCHEME_UDP};
    ck_assert(key_fits(&common[0], KEY_LISTEN, &endpoint));
    ck_assert(key_fits(&common[1], KEY_LISTEN, &endpoint));
    ck_assert(!key_fits(&common[1], KEY_CALL, &endpoint));
    ck_assert(key_fits(&special[1], KEY_CALL, &endpoint));
    endpoint.scheme = SCHEME_TCP;
    ck_assert(!key_fits(&special[1], KEY_CALL, &endpoint));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_goes_to_its_own_options,
                                  the_first_that_knows_it_gets_it,
                                  none_is_none,
                                  an_unknown_one_gets_a_list,
                                  one_in_the_wrong_place_is_unknown,
                                  the_first_fault_is_told,
                                  a_key_fits_by_use_and_endpoint,
                                  NULL};
    return check_run("keys", tests);
}
