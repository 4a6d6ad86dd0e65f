/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_main.h"
#include "fake_handshake.h"
#include "fake_pki.h"

static struct fake_cert ca, boiler;
static struct fake_handshake hands;

static void setup(void)
{
    fake_pki_begin();
    ca = fake_pki_make(&(struct fake_cert_spec){.name = "ca", .ca = true});
    boiler = fake_pki_make(&(struct fake_cert_spec){
        .name = "boiler", .names = "DNS:boiler.example", .issuer = &ca});
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

static struct tls_context *listening(const struct tls_settings *settings)
{
    char *error = NULL;
    struct tls_context *context = tls_context_listen(settings, NULL, &error);
    ck_assert_msg(context, "%s", error);
    return context;
}

static struct tls_context *calling(const struct tls_settings *settings)
{
    char *error = NULL;
    struct tls_context *context = tls_context_call(settings, &error);
    ck_assert_msg(context, "%s", error);
    return context;
}

/* Both are released. */
static void shake(struct tls_context *server, struct tls_context *client, const char *host)
{
    fake_handshake_run(&hands, server, client, host);
    tls_context_release(server);
    tls_context_release(client);
}

static void assert_good(void)
{
    ck_assert_msg(!hands.server_why, "server: %s", hands.server_why);
    ck_assert_msg(!hands.client_why, "client: %s", hands.client_why);
    ck_assert(SSL_is_init_finished(hands.server) && SSL_is_init_finished(hands.client));
}

/* What listens has no file to read: it makes a certificate, whose fingerprint is good for a
 * pin. */
START_TEST(a_certificate_is_made_where_none_is_named)
{
    char *error = NULL;
    struct tls_settings pinned = {0};
    struct tls_context *server = listening(&(struct tls_settings){0});
    const char *fingerprint = tls_context_fingerprint(server);
    ck_assert_uint_eq(strlen(fingerprint), strlen("sha256:") + 64);
    ck_assert(tls_settings_pin(&pinned, fingerprint, &error));
    shake(server, calling(&pinned), "wherever.example");
    assert_good();
    ck_assert_str_eq(SSL_get_version(hands.client), "TLSv1.3");
    fake_handshake_end(&hands);
}
END_TEST

START_TEST(a_named_certificate_is_used)
{
    const struct tls_settings own = {.cert = path("boiler.pem"), .key = path("boiler.key")};
    const struct tls_settings trust = {.ca = path("ca.pem")};
    shake(listening(&own), calling(&trust), "boiler.example");
    assert_good();
    ck_assert_str_eq(SSL_get_servername(hands.server, TLSEXT_NAMETYPE_host_name),
                     "boiler.example");
    fake_handshake_end(&hands);
}
END_TEST

START_TEST(a_key_may_stand_with_its_certificate)
{
    char text[8192] = "";
    FILE *cert = fopen(path("boiler.pem"), "r"), *key = fopen(path("boiler.key"), "r");
    const size_t size = fread(text, 1, sizeof text / 2, key);
    text[size + fread(text + size, 1, sizeof text / 2 - 1, cert)] = '\0';
    fclose(cert);
    fclose(key);
    const struct tls_settings own = {.cert = (char *)fake_pki_write("both.pem", text)};
    tls_context_release(listening(&own));
}
END_TEST

START_TEST(a_server_may_go_by_another_name)
{
    const struct tls_settings own = {.cert = path("boiler.pem"), .key = path("boiler.key")};
    const struct tls_settings trust = {.ca = path("ca.pem"),
                                       .server_name = (char *)"boiler.example"};
    shake(listening(&own), calling(&trust), "127.0.0.1");
    assert_good();
    fake_handshake_end(&hands);
}
END_TEST

/* RFC 6066: an address is no server name. */
START_TEST(an_address_is_not_asked_for_by_name)
{
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    shake(listening(&(struct tls_settings){0}), calling(&blind), "fe80::1%eth0");
    assert_good();
    ck_assert_ptr_null(SSL_get_servername(hands.server, TLSEXT_NAMETYPE_host_name));
    fake_handshake_end(&hands);
}
END_TEST

START_TEST(clients_show_certificates)
{
    const struct tls_settings own = {
        .cert = path("boiler.pem"), .key = path("boiler.key"), .ca = path("ca.pem")};
    const struct tls_settings client = {
        .cert = path("boiler.pem"), .key = path("boiler.key"), .ca = path("ca.pem")};
    shake(listening(&own), calling(&client), "boiler.example");
    assert_good();
    ck_assert_ptr_nonnull(SSL_get0_peer_certificate(hands.server));
    fake_handshake_end(&hands);
}
END_TEST

START_TEST(the_listener_prefers_its_first_protocol)
{
    const unsigned char *chosen;
    unsigned size;
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE, .alpn = (char *)"b,a,longer"};
    shake(listening(&(struct tls_settings){.alpn = (char *)"longer,a,b"}), calling(&blind), "");
    assert_good();
    SSL_get0_alpn_selected(hands.client, &chosen, &size);
    ck_assert_uint_eq(size, 6);
    ck_assert_mem_eq(chosen, "longer", 6);
    fake_handshake_end(&hands);
}
END_TEST

START_TEST(keys_that_both_know_do_without_certificates)
{
    const char *keys = "# of the works\n\nboiler 00112233445566778899aabbccddeeff\r\n";
    const struct tls_settings shared = {.psk = (char *)fake_pki_write("psk", keys)};
    struct tls_context *server = listening(&shared);
    ck_assert_ptr_null(tls_context_fingerprint(server));
    shake(server, calling(&shared), "boiler.example");
    assert_good();
    fake_handshake_end(&hands);
}
END_TEST

/* A reload makes another context: who has a ticket of before need not begin anew. */
START_TEST(tickets_stay_good)
{
    char *error = NULL;
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE}, own = {0};
    struct tls_context *server = listening(&own), *client = calling(&blind);
    SSL_SESSION *session;
    fake_handshake_run(&hands, server, client, "");
    session = SSL_get1_session(hands.client);
    fake_handshake_end(&hands);
    struct tls_context *next = tls_context_listen(&own, server, &error);
    ck_assert_str_eq(tls_context_fingerprint(next), tls_context_fingerprint(server));
    fake_handshake_resume(&hands, next, client, "", session);
    ck_assert(SSL_session_reused(hands.client));
    fake_handshake_end(&hands);
    struct tls_context *stranger = listening(&own);
    fake_handshake_resume(&hands, stranger, client, "", session);
    ck_assert(!SSL_session_reused(hands.client));
    fake_handshake_end(&hands);
    SSL_SESSION_free(session);
    tls_context_release(server);
    tls_context_release(client);
    tls_context_release(next);
    tls_context_release(stranger);
}
END_TEST

/* But nobody comes in by what those have granted who are not trusted any more. */
START_TEST(a_ticket_is_no_way_around_the_ca)
{
    char *error = NULL;
    struct fake_cert other =
        fake_pki_make(&(struct fake_cert_spec){.name = "other", .ca = true});
    struct tls_settings own = {
        .cert = path("boiler.pem"), .key = path("boiler.key"), .ca = path("ca.pem")};
    const struct tls_settings blind = {
        .verify = TLS_VERIFY_NONE, .cert = path("boiler.pem"), .key = path("boiler.key")};
    struct tls_context *server = listening(&own), *client = calling(&blind);
    fake_handshake_run(&hands, server, client, "");
    assert_good();
    SSL_SESSION *session = SSL_get1_session(hands.client);
    fake_handshake_end(&hands);
    own.ca = path("other.pem");
    struct tls_context *next = tls_context_listen(&own, server, &error);
    fake_handshake_resume(&hands, next, client, "", session);
    ck_assert(!SSL_session_reused(hands.server));
    ck_assert_ptr_nonnull(hands.server_why);
    fake_handshake_end(&hands);
    SSL_SESSION_free(session);
    fake_pki_free(&other);
    tls_context_release(server);
    tls_context_release(client);
    tls_context_release(next);
}
END_TEST

/* Nor around what is asked of who comes. */
START_TEST(a_ticket_is_no_way_around_verify)
{
    char *error = NULL;
    struct tls_settings own = {.cert = path("boiler.pem"),
                               .key = path("boiler.key"),
                               .ca = path("ca.pem"),
                               .verify = TLS_VERIFY_OPTIONAL};
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    struct tls_context *server = listening(&own), *client = calling(&blind);
    fake_handshake_run(&hands, server, client, "");
    assert_good();
    SSL_SESSION *session = SSL_get1_session(hands.client);
    fake_handshake_end(&hands);
    own.verify = TLS_VERIFY_REQUIRE;
    struct tls_context *next = tls_context_listen(&own, server, &error);
    fake_handshake_resume(&hands, next, client, "", session);
    ck_assert(!SSL_session_reused(hands.server));
    ck_assert_ptr_nonnull(hands.server_why);
    fake_handshake_end(&hands);
    SSL_SESSION_free(session);
    tls_context_release(server);
    tls_context_release(client);
    tls_context_release(next);
}
END_TEST

START_TEST(secrets_are_written_where_the_environment_says)
{
    char text[4096] = "";
    struct stat found;
    const char *log = fake_pki_write("keys", "# mine\n");
    const struct tls_settings blind = {.verify = TLS_VERIFY_NONE};
    setenv("SSLKEYLOGFILE", log, 1);
    struct tls_context *client = calling(&blind);
    unsetenv("SSLKEYLOGFILE");
    shake(listening(&(struct tls_settings){0}), client, "");
    fake_handshake_end(&hands);
    FILE *stream = fopen(path("keys"), "r");
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, stream), 0);
    fclose(stream);
    ck_assert(strncmp(text, "# mine\nSERVER_HANDSHAKE_TRAFFIC_SECRET ", 39) == 0 ||
              strstr(text, "\nCLIENT_HANDSHAKE_TRAFFIC_SECRET "));
    ck_assert_ptr_nonnull(strstr(text, "\nCLIENT_TRAFFIC_SECRET_0 "));
    ck_assert_int_eq(stat(path("keys"), &found), 0);
}
END_TEST

/* --- what cannot be used --- */

static void check_refused(const struct tls_settings *settings, const char *expected)
{
    char *error = NULL;
    ck_assert_ptr_null(tls_context_listen(settings, NULL, &error));
    ck_assert_msg(strstr(error, expected), "%s", error);
    free(error);
}

START_TEST(files_that_cannot_be_used_are_named)
{
    fake_pki_write("text", "no key at all\n");
    fake_pki_write_encrypted("locked.key", &boiler);
    check_refused(&(struct tls_settings){.cert = path("none.pem")},
                  "none.pem: No such file or directory");
    check_refused(&(struct tls_settings){.cert = path("text")},
                  "no certificate in PEM form in ");
    check_refused(&(struct tls_settings){.cert = path("boiler.pem")},
                  "there is no private key in PEM form in ");
    check_refused(&(struct tls_settings){.cert = path("boiler.pem"), .key = path("ca.key")},
                  "ca.key does not belong to the certificate in ");
    check_refused(&(struct tls_settings){.cert = path("boiler.pem"), .key = path("locked.key")},
                  "locked.key is encrypted, and nobody is asked for its passphrase");
    check_refused(&(struct tls_settings){.key = path("boiler.key")}, "needs its certificate");
    check_refused(&(struct tls_settings){.ca = path("text")}, "no certificate in PEM form in ");
    check_refused(&(struct tls_settings){.ca = path(".")}, "Is a directory");
    check_refused(&(struct tls_settings){.verify = TLS_VERIFY_REQUIRE},
                  "verify= needs ca=FILE");
}
END_TEST

START_TEST(keys_that_both_know_stand_one_a_line)
{
    fake_pki_write("empty", "# none\n");
    fake_pki_write("odd", "a 0011223344556677\nb 001122334455667\n");
    fake_pki_write("short", "a 00112233\n");
    fake_pki_write("alone", "boiler\n");
    check_refused(&(struct tls_settings){.psk = path("empty")}, "there is no key in ");
    check_refused(&(struct tls_settings){.psk = path("odd")}, "line 2 is not IDENTITY HEXKEY");
    check_refused(&(struct tls_settings){.psk = path("short")}, "line 1 is not");
    check_refused(&(struct tls_settings){.psk = path("alone")}, "line 1 is not");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_certificate_is_made_where_none_is_named,
                                  a_named_certificate_is_used,
                                  a_key_may_stand_with_its_certificate,
                                  a_server_may_go_by_another_name,
                                  an_address_is_not_asked_for_by_name,
                                  clients_show_certificates,
                                  the_listener_prefers_its_first_protocol,
                                  keys_that_both_know_do_without_certificates,
                                  tickets_stay_good,
                                  a_ticket_is_no_way_around_the_ca,
                                  a_ticket_is_no_way_around_verify,
                                  secrets_are_written_where_the_environment_says,
                                  files_that_cannot_be_used_are_named,
                                  keys_that_both_know_stand_one_a_line,
                                  NULL};
    return check_run_with("tls_context", setup, teardown, tests);
}
