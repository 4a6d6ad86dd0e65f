/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_settings.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"

typedef bool taker(struct tls_settings *settings, const char *value, char **error);

static struct tls_settings settings;

static void setup(void)
{
    settings = (struct tls_settings){0};
}

static void teardown(void)
{
    tls_settings_finish(&settings);
}

static void check_refused(taker *take, const char *value, const char *expected)
{
    char *error = NULL;
    ck_assert_msg(!take(&settings, value, &error), "%s", value);
    ck_assert_ptr_nonnull(strstr(error, expected));
    free(error);
}

static void check_taken(taker *take, const char *value)
{
    char *error = NULL;
    ck_assert_msg(take(&settings, value, &error), "%s", value);
    ck_assert_ptr_null(error);
}

START_TEST(protocols_are_a_list)
{
    char long_one[300];
    memset(long_one, 'x', sizeof long_one);
    long_one[255] = '\0';
    check_taken(tls_settings_alpn, long_one);
    check_taken(tls_settings_alpn, "h2");
    check_taken(tls_settings_alpn, "h2,http/1.1");
    ck_assert_str_eq(settings.alpn, "h2,http/1.1");
    check_refused(tls_settings_alpn, "", "as in h2,http/1.1");
    check_refused(tls_settings_alpn, "h2,", "'h2,'");
    check_refused(tls_settings_alpn, ",h2", "',h2'");
    long_one[255] = 'x';
    long_one[256] = '\0';
    check_refused(tls_settings_alpn, long_one, "no list");
}
END_TEST

START_TEST(versions_are_two)
{
    check_taken(tls_settings_min, "1.2");
    ck_assert_int_eq(settings.min, TLS_VERSION_1_2);
    check_taken(tls_settings_min, "1.3");
    ck_assert_int_eq(settings.min, TLS_VERSION_1_3);
    check_refused(tls_settings_min, "1.1", "'1.1': use 1.2 or 1.3");
}
END_TEST

START_TEST(a_pin_is_a_digest)
{
    static const char plain[] =
        "sha256:00ff0102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E";
    static const char colons[] = "sha256:"
                                 "00:FF:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:"
                                 "0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E";
    unsigned char first[TLS_DIGEST];
    check_taken(tls_settings_pin, plain);
    ck_assert(settings.pinned);
    ck_assert_int_eq(settings.pin[1], 0xff);
    ck_assert_int_eq(settings.pin[31], 0x1e);
    memcpy(first, settings.pin, sizeof first);
    check_taken(tls_settings_pin, colons);
    ck_assert_mem_eq(first, settings.pin, sizeof first);
    check_refused(tls_settings_pin, plain + strlen("sha256:"), "use sha256: and 64 hex digits");
    check_refused(tls_settings_pin, "sha256:00ff", "64 hex digits");
    check_refused(tls_settings_pin, "sha1:00ff", "'sha1:00ff'");
    char more[sizeof plain + 1];
    memcpy(more, plain, sizeof plain);
    memcpy(more + sizeof plain - 1, "0", 2);
    check_refused(tls_settings_pin, more, "64 hex digits");
}
END_TEST

START_TEST(verify_has_three_words)
{
    check_taken(tls_settings_verify, "none");
    ck_assert_int_eq(settings.verify, TLS_VERIFY_NONE);
    check_taken(tls_settings_verify, "optional");
    ck_assert_int_eq(settings.verify, TLS_VERIFY_OPTIONAL);
    check_taken(tls_settings_verify, "require");
    ck_assert_int_eq(settings.verify, TLS_VERIFY_REQUIRE);
    check_refused(tls_settings_verify, "yes", "verify=yes: use none, optional or require");
}
END_TEST

START_TEST(a_server_has_a_name)
{
    check_taken(tls_settings_server_name, "db.example");
    ck_assert_str_eq(settings.server_name, "db.example");
    check_refused(tls_settings_server_name, "", "''");
}
END_TEST

START_TEST(what_is_not_said_is_as_others_have_it)
{
    const struct tls_settings none = {0};
    const struct tls_settings others = {
        .cert = (char *)"c", .key = (char *)"k", .pinned = true};
    const struct tls_settings own = {.cert = (char *)"own", .ca = (char *)"whom"};
    struct tls_settings both = tls_settings_with(&none, &others);
    ck_assert_str_eq(both.cert, "c");
    ck_assert_str_eq(both.key, "k");
    ck_assert(both.pinned);
    both = tls_settings_with(&own, &others);
    ck_assert_str_eq(both.cert, "own");
    ck_assert_ptr_null(both.key);
    ck_assert_str_eq(both.ca, "whom");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {protocols_are_a_list,
                                  versions_are_two,
                                  a_pin_is_a_digest,
                                  verify_has_three_words,
                                  a_server_has_a_name,
                                  what_is_not_said_is_as_others_have_it,
                                  NULL};
    return check_run_with("tls_settings", setup, teardown, tests);
}
