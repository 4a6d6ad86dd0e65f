/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_why.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "fake_handshake.h"
#include "fake_pki.h"
#include "tls/tls_context.h"

static struct fake_cert ca, boiler;

static void setup(void)
{
    fake_pki_begin();
    ca = fake_pki_make(&(struct fake_cert_spec){.name = "ca", .ca = true});
    boiler = fake_pki_make(
        &(struct fake_cert_spec){.name = "boiler",
                                 .names = "DNS:boiler.example,DNS:b.example,IP:192.0.2.1",
                                 .issuer = &ca});
}

static void teardown(void)
{
    fake_pki_free(&ca);
    fake_pki_free(&boiler);
    fake_pki_end();
}

static char *path(const char *file)
{
    return (char *)fake_pki_path(file);
}

static struct tls_settings owner(const char *cert, const char *key)
{
    return (struct tls_settings){.cert = path(cert), .key = path(key)};
}

static void make(const char *name, int from, int to)
{
    struct fake_cert made = fake_pki_make(&(struct fake_cert_spec){
        .name = name, .names = "DNS:localhost", .issuer = &ca, .from = from, .to = to});
    fake_pki_free(&made);
}

/* What the two say of it: beginnings, or "" for one that has nothing to say. */
static void check_says(const char *what, const char *why, const char *expected)
{
    if (*expected == '\0')
        ck_assert_msg(!why, "%s: %s", what, why);
    else
        ck_assert_msg(why && strncmp(why, expected, strlen(expected)) == 0, "%s: %s, not %s",
                      what, why, expected);
}

static void check_why(const struct tls_settings *listens, const struct tls_settings *calls,
                      const char *host, const char *server_why, const char *client_why)
{
    char *error = NULL;
    struct fake_handshake hands;
    struct tls_context *server = tls_context_listen(listens, NULL, &error);
    struct tls_context *client = server ? tls_context_call(calls, &error) : NULL;
    ck_assert_msg(client, "%s", error);
    fake_handshake_run(&hands, server, client, host);
    check_says("client", hands.client_why, client_why);
    check_says("server", hands.server_why, server_why);
    fake_handshake_end(&hands);
    tls_context_release(server);
    tls_context_release(client);
}

static const char refused_unknown[] = "the far end refused our certificate: unknown CA";
static const char refused[] = "the far end refused our certificate";

/* --- the certificate --- */

START_TEST(it_is_for_somebody_else)
{
    const struct tls_settings own = owner("boiler.pem", "boiler.key");
    const struct tls_settings trust = {.ca = path("ca.pem")};
    check_why(&own, &trust, "localhost", refused,
              "the certificate is for boiler.example, b.example, 192.0.2.1, not for localhost");
    check_why(&own, &trust, "192.0.2.2", refused,
              "the certificate is for boiler.example, b.example, 192.0.2.1, not for 192.0.2.2");
    check_why(&own, &trust, "192.0.2.1", "", "");
}
END_TEST

START_TEST(it_is_signed_by_nobody_we_trust)
{
    const struct tls_settings made = {0}, own = owner("boiler.pem", "boiler.key");
    const struct tls_settings calls = {0}, options = {.by_options = true};
    check_why(
        &made, &calls, "localhost", refused_unknown,
        "the certificate is signed by nobody we trust (self-signed): ca=FILE, pin=sha256:");
    check_why(&made, &options, "localhost", refused_unknown,
              "the certificate is signed by nobody we trust (self-signed): --ca FILE, "
              "--pin sha256:");
    check_why(&own, &calls, "boiler.example", refused_unknown,
              "the certificate is signed by nobody we trust: ca=FILE, pin=sha256:");
}
END_TEST

START_TEST(it_is_out_of_time)
{
    make("old", -20, -10);
    make("young", 10, 20);
    const struct tls_settings trust = {.ca = path("ca.pem")};
    const struct tls_settings old = owner("old.pem", "old.key");
    const struct tls_settings young = owner("young.pem", "young.key");
    check_why(&old, &trust, "localhost",
              "the far end refused our certificate: it is out of date",
              "the certificate expired on 20");
    check_why(&young, &trust, "localhost", refused, "the certificate is not valid before 20");
}
END_TEST

START_TEST(it_is_not_the_one_that_is_pinned)
{
    struct tls_settings pinned = {.pinned = true};
    check_why(&(struct tls_settings){0}, &pinned, "localhost", refused,
              "the certificate is not the one that is pinned: it has sha256:");
}
END_TEST

START_TEST(it_is_revoked)
{
    struct fake_cert other =
        fake_pki_make(&(struct fake_cert_spec){.name = "other", .issuer = &ca});
    struct tls_settings own = owner("boiler.pem", "boiler.key");
    struct tls_settings client = owner("other.pem", "other.key");
    client.ca = own.ca = path("ca.pem");
    check_why(&own, &client, "boiler.example", "", "");
    fake_pki_append_crl("ca.pem", &ca, &other);
    check_why(&own, &client, "boiler.example", "the client's certificate has been revoked",
              "the far end refused our certificate: it is revoked");
    fake_pki_free(&other);
}
END_TEST

/* --- of the client --- */

START_TEST(a_client_has_to_show_one)
{
    struct tls_settings own = owner("boiler.pem", "boiler.key");
    struct tls_settings strange = {.verify = TLS_VERIFY_NONE}, none = strange;
    own.ca = path("ca.pem");
    check_why(&own, &none, "", "the client shows no certificate",
              "the far end wants a client certificate");
    struct fake_cert self = fake_pki_make(&(struct fake_cert_spec){.name = "self"});
    strange.cert = path("self.pem");
    strange.key = path("self.key");
    check_why(&own, &strange, "",
              "the client's certificate is signed by nobody we trust (self-signed)",
              refused_unknown);
    own.verify = TLS_VERIFY_OPTIONAL;
    check_why(&own, &none, "", "", "");
    fake_pki_free(&self);
}
END_TEST

/* There the far end says no more than that the handshake fails. */
START_TEST(in_1_2_too)
{
    char *error = NULL;
    struct tls_settings own = owner("boiler.pem", "boiler.key");
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    struct fake_handshake hands;
    own.ca = path("ca.pem");
    struct tls_context *server = tls_context_listen(&own, NULL, &error);
    struct tls_context *client = tls_context_call(&blind, &error);
    SSL *probe = tls_context_ssl(client, "");
    SSL_CTX_set_max_proto_version(SSL_get_SSL_CTX(probe), TLS1_2_VERSION);
    tls_context_ssl_free(probe);
    fake_handshake_run(&hands, server, client, "");
    check_says("client", hands.client_why, "the far end wants a client certificate");
    check_says("server", hands.server_why, "the client shows no certificate");
    fake_handshake_end(&hands);
    tls_context_release(server);
    tls_context_release(client);
}
END_TEST

/* --- what they have in common --- */

START_TEST(no_protocol_is_common)
{
    const struct tls_settings own = {.alpn = (char *)"mqtt"};
    const struct tls_settings calls = {.alpn = (char *)"h2", .verify = TLS_VERIFY_NONE};
    check_why(&own, &calls, "", "no protocol in common (ALPN)", "no protocol in common (ALPN)");
}
END_TEST

START_TEST(no_version_is_common)
{
    char *error = NULL;
    struct fake_handshake hands;
    struct tls_context *server =
        tls_context_listen(&(struct tls_settings){.min = TLS_VERSION_1_3}, NULL, &error);
    struct tls_context *client =
        tls_context_call(&(struct tls_settings){.verify = TLS_VERIFY_NONE}, &error);
    SSL *probe = tls_context_ssl(client, "");
    SSL_CTX_set_max_proto_version(SSL_get_SSL_CTX(probe), TLS1_2_VERSION);
    tls_context_ssl_free(probe);
    fake_handshake_run(&hands, server, client, "");
    check_says("client", hands.client_why, "no version of TLS in common");
    check_says("server", hands.server_why, "no version of TLS in common");
    fake_handshake_end(&hands);
    tls_context_release(server);
    tls_context_release(client);
}
END_TEST

START_TEST(keys_that_both_know_differ)
{
    const struct tls_settings own = {
        .psk = (char *)fake_pki_write("psk", "boiler 00112233445566778899aabbccddeeff\n")};
    const struct tls_settings other = {
        .psk = (char *)fake_pki_write("other", "kettle 00112233445566778899aabbccddeeff\n")};
    const struct tls_settings bent = {
        .psk = (char *)fake_pki_write("bent", "boiler 10112233445566778899aabbccddeeff\n")};
    check_why(&own, &other, "", "nobody is known by the PSK identity 'kettle'",
              "the far end does not know our PSK identity");
    check_why(&own, &bent, "", "the client has another key for its PSK identity",
              "the far end has another key");
    check_why(&own, &(struct tls_settings){.verify = TLS_VERIFY_NONE}, "",
              "no cipher in common", "the far end refused the handshake");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_is_for_somebody_else,
                                  it_is_signed_by_nobody_we_trust,
                                  it_is_out_of_time,
                                  it_is_not_the_one_that_is_pinned,
                                  it_is_revoked,
                                  a_client_has_to_show_one,
                                  in_1_2_too,
                                  no_protocol_is_common,
                                  no_version_is_common,
                                  keys_that_both_know_differ,
                                  NULL};
    return check_run_with("tls_why", setup, teardown, tests);
}
