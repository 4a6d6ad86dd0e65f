/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nats_settings.h"

#include "check_main.h"

START_TEST(urls_are_taken)
{
    static const char *const good[] = {
        "nats://berlin",       "nats://127.0.0.1:4222", "tls://berlin:4222",
        "NATS://berlin",       "nats://a:4222,tls://b", "nats://[::1]:4222",
        "nats://me:pw@berlin", "nats://me:p@w@a:42/",   "nats://[::1]",
    };
    char *error = NULL;
    for (size_t i = 0; i < COUNT(good); i++) {
        ck_assert(nats_settings_is_url(good[i]));
        ck_assert_msg(nats_settings_check_url(good[i], &error), "%s", good[i]);
    }
}
END_TEST

START_TEST(others_are_refused)
{
    static const char *const bad[] = {"",
                                      "berlin",
                                      "nats:",
                                      "nats://",
                                      "nats://:42",
                                      "nats:// a",
                                      "nats://a,",
                                      "nats://a,b",
                                      "http://a",
                                      "nats://a:65536",
                                      "nats://a:x",
                                      "nats://a:",
                                      "nats://a:4:2",
                                      "nats://[::1",
                                      "nats://[::1]4222",
                                      "nats://me:pw@",
                                      "nats://me@a:99999",
                                      "nats://a:1,tls://b:x"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        char *error = NULL;
        ck_assert_msg(!nats_settings_check_url(bad[i], &error), "%s", bad[i]);
        ck_assert_ptr_nonnull(error);
        free(error);
    }
    ck_assert(!nats_settings_is_url("/run/nats://x"));
}
END_TEST

START_TEST(a_key_needs_its_certificate)
{
    char key[] = "key.pem", cert[] = "cert.pem", *error = NULL;
    struct nats_settings settings = {.key = key};
    ck_assert(!nats_settings_check(&settings, &error));
    check_error(error, "--key needs the certificate that it is of: --cert FILE");
    settings.cert = cert;
    ck_assert(nats_settings_check(&settings, &error));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {urls_are_taken, others_are_refused,
                                  a_key_needs_its_certificate, NULL};
    return check_run("nats_settings", tests);
}
