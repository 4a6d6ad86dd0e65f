/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_describe.h"

#include <stdlib.h>

#include "check_main.h"
#include "fake_handshake.h"
#include "fake_pki.h"
#include "tls/tls_context.h"

static struct fake_cert boiler;
static struct fake_handshake hands;
static struct tls_context *server, *client;
static char room[1024];

static void setup(void)
{
    fake_pki_begin();
    boiler = fake_pki_make(
        &(struct fake_cert_spec){.name = "Boiler \xc3\xa4", .names = "DNS:boiler.example"});
}

static void teardown(void)
{
    fake_handshake_end(&hands);
    tls_context_release(server);
    tls_context_release(client);
    fake_pki_free(&boiler);
    fake_pki_end();
}

static char *path(const char *file)
{
    return (char *)fake_pki_path(file);
}

static void shake(const struct tls_settings *listens, const struct tls_settings *calls,
                  const char *host)
{
    char *error = NULL;
    server = tls_context_listen(listens, NULL, &error);
    client = tls_context_call(calls, &error);
    fake_handshake_run(&hands, server, client, host);
    ck_assert(!hands.server_why && !hands.client_why);
}

static struct tls_facts describe(const SSL *ssl)
{
    struct tls_facts facts;
    tls_describe(ssl, &facts, room, sizeof room);
    return facts;
}

static void check_text(const char *text, const char *expected)
{
    ck_assert((text == NULL) == (expected == NULL));
    if (expected)
        ck_assert_str_eq(text, expected);
}

START_TEST(what_is_known_is_told)
{
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE, .alpn = (char *)"b"};
    shake(&(struct tls_settings){.alpn = (char *)"a,b"}, &blind, "db.example");
    struct tls_facts facts = describe(hands.server);
    check_text(facts.version, "TLSv1.3");
    check_text(facts.cipher, "TLS_AES_256_GCM_SHA384");
    check_text(facts.alpn, "b");
    check_text(facts.server_name, "db.example");
    check_text(facts.subject, NULL);
    check_text(facts.fingerprint, NULL);
    check_text(facts.psk_identity, NULL);
    ck_assert(!facts.resumed);
    facts = describe(hands.client);
    check_text(facts.subject, "CN=telexd");
    check_text(facts.fingerprint, tls_context_fingerprint(server));
    ck_assert_ptr_null(tls_describe_name(hands.server));
}
END_TEST

START_TEST(a_client_is_known_by_its_certificate)
{
    const struct tls_settings own = {.ca = path("Boiler \xc3\xa4.pem")};
    const struct tls_settings calls = {.verify = TLS_VERIFY_NONE,
                                       .cert = path("Boiler \xc3\xa4.pem"),
                                       .key = path("Boiler \xc3\xa4.key")};
    shake(&own, &calls, "");
    check_text(describe(hands.server).subject, "CN=Boiler \xc3\xa4");
    check_text(describe(hands.server).fingerprint, tls_context_fingerprint(client));
    char *name = tls_describe_name(hands.server);
    check_text(name, "Boiler \xc3\xa4");
    free(name);
}
END_TEST

START_TEST(or_by_the_key_that_it_shares)
{
    const struct tls_settings both = {
        .psk = (char *)fake_pki_write("psk", "kettle 00112233445566778899aabbccddeeff\n")};
    shake(&both, &both, "");
    check_text(describe(hands.server).psk_identity, "kettle");
    check_text(describe(hands.client).psk_identity, "kettle");
    ck_assert(!describe(hands.server).resumed);
}
END_TEST

static void cap(struct tls_context *context, int version)
{
    SSL *probe = tls_context_ssl(context, "");
    SSL_CTX_set_max_proto_version(SSL_get_SSL_CTX(probe), version);
    tls_context_ssl_free(probe);
}

START_TEST(or_by_that_where_there_is_a_certificate_too)
{
    char *error = NULL;
    const char *file = fake_pki_write("psk", "kettle 00112233445566778899aabbccddeeff\n");
    const struct tls_settings calls = {.psk = (char *)file};
    const struct tls_settings listens = {.psk = (char *)file,
                                         .cert = path("Boiler \xc3\xa4.pem"),
                                         .key = path("Boiler \xc3\xa4.key")};
    shake(&listens, &calls, "");
    check_text(describe(hands.server).psk_identity, "kettle");
    fake_handshake_end(&hands);
    tls_context_release(client);
    client = tls_context_call(&calls, &error);
    cap(client, TLS1_2_VERSION);
    fake_handshake_run(&hands, server, client, "");
    check_text(describe(hands.client).version, "TLSv1.2");
    check_text(describe(hands.client).psk_identity, "kettle");
    check_text(describe(hands.server).psk_identity, "kettle");
}
END_TEST

/* The one who calls offers a key, and the one who is called shows a certificate. */
START_TEST(but_not_by_one_that_was_not_taken)
{
    const struct tls_settings calls = {
        .psk = (char *)fake_pki_write("psk", "kettle 00112233445566778899aabbccddeeff\n"),
        .verify = TLS_VERIFY_NONE};
    shake(&(struct tls_settings){0}, &calls, "");
    check_text(describe(hands.client).psk_identity, NULL);
    check_text(describe(hands.client).subject, "CN=telexd");
}
END_TEST

START_TEST(what_resumes_says_so)
{
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    shake(&(struct tls_settings){0}, &blind, "");
    SSL_SESSION *session = SSL_get1_session(hands.client);
    fake_handshake_end(&hands);
    fake_handshake_resume(&hands, server, client, "", session);
    SSL_SESSION_free(session);
    ck_assert(describe(hands.server).resumed);
    ck_assert(describe(hands.client).resumed);
}
END_TEST

START_TEST(what_has_no_room_is_left_out)
{
    struct tls_facts facts;
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    shake(&(struct tls_settings){0}, &blind, "");
    tls_describe(hands.client, &facts, room, 9);
    check_text(facts.version, "TLSv1.3");
    check_text(facts.cipher, NULL);
    check_text(facts.subject, NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_known_is_told,
                                  a_client_is_known_by_its_certificate,
                                  or_by_the_key_that_it_shares,
                                  or_by_that_where_there_is_a_certificate_too,
                                  but_not_by_one_that_was_not_taken,
                                  what_resumes_says_so,
                                  what_has_no_room_is_left_out,
                                  NULL};
    return check_run_with("tls_describe", setup, teardown, tests);
}
