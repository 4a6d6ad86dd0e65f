/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream under TLS, whose far end is an SSL in memory: between both the wire can be cut
 * anywhere, and bent. */
#include "tls/lane_tls.h"

#include <malloc.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "check_main.h"
#include "fake_stream.h"
#include "tls/tls_context.h"
#include "tls/tls_foreign.h"
#include "tls/tls_room.h"

static struct fake_stream fake;
static struct tls_room *room;
static struct tls_context *server, *client;
static SSL *far;
static size_t cut;    /* bytes that cross the wire at a time */
static int far_error; /* why its handshake has failed */

static void setup(void)
{
    char *error = NULL;
    const struct tls_settings trusting = {.verify = TLS_VERIFY_NONE};
    cut = 1 << 16;
    far_error = 0;
    fake_stream_init(&fake, "line");
    room = tls_room_create();
    server = tls_context_listen(&(struct tls_settings){0}, NULL, &error);
    client = tls_context_call(&trusting, &error);
    ck_assert_ptr_nonnull(server);
    ck_assert_ptr_nonnull(client);
}

static void teardown(void)
{
    tls_context_ssl_free(far);
    far = NULL;
    fake_stream_finish(&fake);
    tls_context_release(server);
    tls_context_release(client);
    tls_room_destroy(room);
}

/* --- the far end --- */

static void far_begin(struct tls_context *context, int version)
{
    far = tls_context_ssl(context, "localhost");
    SSL_set_max_proto_version(far, version);
    SSL_set_bio(far, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(far), -1);
}

/* What it has to say goes to the stream, in pieces. */
static void say_all(void)
{
    char piece[1 << 16];
    int size;
    while ((size = BIO_read(SSL_get_wbio(far), piece, (int)cut)) > 0) {
        fake_stream_say(&fake, piece, (size_t)size);
        fake_stream_turn(&fake);
    }
}

static void hear_all(void)
{
    char piece[1 << 16];
    size_t size;
    fake_stream_turn(&fake);
    while ((size = fake_stream_hear(&fake, piece, sizeof piece)) > 0)
        ck_assert_int_eq(BIO_write(SSL_get_rbio(far), piece, (int)size), (int)size);
}

/* There and back, until nobody has more to say. */
static void cross(void)
{
    for (int i = 0; i < 4; i++) {
        ERR_clear_error();
        if (!SSL_is_init_finished(far) && SSL_do_handshake(far) <= 0 && far_error == 0)
            far_error = ERR_GET_REASON(ERR_peek_error());
        say_all();
        hear_all();
    }
}

static void far_says(const char *text)
{
    ERR_clear_error();
    ck_assert_int_eq(SSL_write(far, text, (int)strlen(text)), (int)strlen(text));
    say_all();
}

/* Returns what SSL_get_error says where it hears nothing. */
static int far_hears(const char *expected)
{
    char text[100];
    hear_all();
    ERR_clear_error();
    const int size = SSL_read(far, text, sizeof text);
    ck_assert_int_eq(size > 0 ? size : 0, (int)strlen(expected));
    ck_assert_mem_eq(text, expected, strlen(expected));
    return SSL_get_error(far, size);
}

static void open_line(int version)
{
    lane_tls_accept(&fake.stream, room, server, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    far_begin(client, version);
    cross();
    ck_assert(SSL_is_init_finished(far));
    TOLD(&fake, "opened\n");
}

static void until_over(void)
{
    while (fake.stream.state.life != STREAM_OVER)
        loop_poll(&fake.loop);
}

/* --- both versions --- */

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

START_TEST(both_say_something)
{
    open_line(versions[_i]);
    ck_assert_int_eq(SSL_version(far), versions[_i]);
    ck_assert_ptr_nonnull(lane_tls_ssl(&fake.stream));
    far_says("hello\n");
    TOLD(&fake, "message hello\n\n");
    stream_send(&fake.stream, "yo", 2);
    far_hears("yo");
}
END_TEST

/* However the bytes were cut on their way, handshake and all. */
START_TEST(the_wire_may_be_cut_anywhere)
{
    static const size_t cuts[] = {1, 7, 255};
    cut = cuts[_i / 2];
    open_line(versions[_i % 2]);
    far_says("hello\nhow are you\n");
    TOLD(&fake, "message hello\n\nmessage how are you\n\n");
    stream_send(&fake.stream, "yo", 2);
    far_hears("yo");
}
END_TEST

START_TEST(close_notify_ends_their_side_only)
{
    open_line(versions[_i]);
    far_says("hello\n");
    SSL_shutdown(far);
    say_all();
    TOLD(&fake, "message hello\n\nended\n");
    stream_send(&fake.stream, "yo", 2);
    far_hears("yo");
    stream_end(&fake.stream);
    ck_assert_int_eq(far_hears(""), SSL_ERROR_ZERO_RETURN);
    until_over();
    TOLD(&fake, "over closed\n");
}
END_TEST

START_TEST(our_side_ends_with_close_notify)
{
    open_line(versions[_i]);
    stream_end(&fake.stream);
    ck_assert_int_eq(far_hears(""), SSL_ERROR_ZERO_RETURN);
    far_says("hello\n");
    TOLD(&fake, "message hello\n\n");
}
END_TEST

START_TEST(who_is_cut_off_is_told_so)
{
    open_line(versions[_i]);
    far_says("hel");
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "piece hel\nfailed: cut off: data may be missing\n"
                "over broken: cut off: data may be missing\n");
}
END_TEST

/* The far end reads the alert, whatever it has on its way. */
START_TEST(what_is_bent_is_answered_with_an_alert)
{
    char wire[200];
    open_line(versions[_i]);
    SSL_write(far, "hello\n", 6);
    const int size = BIO_read(SSL_get_wbio(far), wire, sizeof wire);
    wire[size - 1] ^= 1;
    fake_stream_say(&fake, wire, (size_t)size);
    far_says("more");
    ck_assert_int_eq(far_hears(""), SSL_ERROR_SSL);
    ck_assert_int_eq(ERR_GET_REASON(ERR_peek_error()), SSL_R_SSLV3_ALERT_BAD_RECORD_MAC);
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: what it sent was bent, or is under another key\n"
                "over broken: what it sent was bent, or is under another key\n");
}
END_TEST

/* Nothing comes behind it that would move the line on. */
START_TEST(half_a_message_comes_before_what_is_bent)
{
    char wire[200];
    open_line(versions[_i]);
    far_says("hel");
    SSL_write(far, "lo\n", 3);
    const int size = BIO_read(SSL_get_wbio(far), wire, sizeof wire);
    wire[size - 1] ^= 1;
    fake_stream_say(&fake, wire, (size_t)size);
    fake_stream_turn(&fake);
    TOLD(&fake, "piece hel\nfailed: what it sent was bent, or is under another key\n");
    ck_assert_int_eq(far_hears(""), SSL_ERROR_SSL);
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: what it sent was bent, or is under another key\n");
}
END_TEST

START_TEST(what_waits_is_counted_in_plaintext)
{
    static const char piece[1000];
    open_line(versions[_i]);
    while (stream_queued(&fake.stream) == 0)
        stream_send(&fake.stream, piece, sizeof piece);
    const size_t some = stream_queued(&fake.stream);
    ck_assert_uint_le(some, sizeof piece);
    stream_send(&fake.stream, piece, sizeof piece);
    ck_assert_uint_eq(stream_queued(&fake.stream), some + sizeof piece);
    ck_assert_uint_gt(stream_held(&fake.stream), some + sizeof piece);
}
END_TEST

/* What it takes counts from its first byte on, and is nothing that it holds. */
START_TEST(what_it_takes_is_counted)
{
    char wire[200];
    lane_tls_accept(&fake.stream, room, server, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    ck_assert_uint_eq(fake.budget.held, 0);
    far_begin(client, versions[_i]);
    SSL_do_handshake(far);
    say_all();
    ck_assert_uint_eq(fake.budget.held, 46 << 10);
    cross();
    ck_assert_uint_eq(fake.budget.held, 14 << 10);
    ck_assert_uint_eq(stream_held(&fake.stream), 0);
    SSL_write(far, "hello\n", 6);
    fake_stream_say(&fake, wire, (size_t)BIO_read(SSL_get_wbio(far), wire, 9));
    fake_stream_turn(&fake);
    ck_assert_uint_eq(stream_held(&fake.stream), 17 << 10); /* a record that is not whole */
    ck_assert_uint_eq(fake.budget.held, (14 + 17) << 10);
    say_all();
    ck_assert_uint_eq(fake.budget.held, 14 << 10);
    TOLD(&fake, "opened\nmessage hello\n\n");
}
END_TEST

START_TEST(what_a_call_takes_is_counted)
{
    lane_tls_call(&fake.stream, room, client, "localhost");
    ck_assert_uint_eq(fake.budget.held, 46 << 10);
    fake_stream_open(&fake, 0);
    far_begin(server, versions[_i]);
    cross();
    ck_assert_uint_eq(fake.budget.held, 14 << 10);
}
END_TEST

/* --- the handshake --- */

START_TEST(who_says_nothing_costs_no_ssl)
{
    const size_t before = mallinfo2().uordblks;
    lane_tls_accept(&fake.stream, room, server, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    fake_stream_turn(&fake);
    ck_assert_uint_lt(mallinfo2().uordblks - before, 2048);
    ck_assert_ptr_null(lane_tls_ssl(&fake.stream));
    SAY(&fake, "\26");
    fake_stream_turn(&fake);
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: the far end hung up in the middle of the handshake\n"
                "over broken: the far end hung up in the middle of the handshake\n");
}
END_TEST

START_TEST(who_goes_without_a_word_is_told_of)
{
    lane_tls_accept(&fake.stream, room, server, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    shutdown(fake.far, SHUT_WR);
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: the far end hung up before the handshake\n"
                "over broken: the far end hung up before the handshake\n");
}
END_TEST

START_TEST(who_is_silent_is_given_up)
{
    lane_tls_accept(&fake.stream, room, server, false);
    stream_open_by(&fake.stream, fake.now + 1);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    until_over();
    TOLD(&fake, "over timed out: the TLS handshake was not finished in time\n");
}
END_TEST

static void hears_alert(void)
{
    char heard[100];
    ck_assert_uint_eq(fake_stream_hear(&fake, heard, sizeof heard), TLS_FOREIGN_ALERT);
    ck_assert_mem_eq(heard, "\25\3\1\0\2\2\12", TLS_FOREIGN_ALERT);
}

START_TEST(who_speaks_no_tls_is_told_so)
{
    lane_tls_accept(&fake.stream, room, server, false);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    const size_t before = mallinfo2().uordblks;
    SAY(&fake, "GET / HTTP/1.1\r\n\r\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "failed: the far end speaks HTTP, not TLS (it said: GET / HTTP/1.1)\n");
    hears_alert();
    ck_assert_uint_lt(mallinfo2().uordblks - before, 4096); /* and no SSL has looked at it */
}
END_TEST

START_TEST(who_is_called_may_speak_none)
{
    lane_tls_call(&fake.stream, room, client, "localhost");
    fake_stream_open(&fake, 0);
    fake_stream_drain(&fake); /* our hello */
    SAY(&fake, "HTTP/1.1 400 Bad Request\r\n\r\n");
    fake_stream_turn(&fake);
    ck_assert_ptr_nonnull(
        strstr(fake_stream_log(&fake), "speaks HTTP, not TLS (it said: HTTP"));
    hears_alert();
}
END_TEST

START_TEST(who_is_called_may_be_an_echo)
{
    char hello[2000];
    lane_tls_call(&fake.stream, room, client, "localhost");
    fake_stream_open(&fake, 0);
    fake_stream_say(&fake, hello, fake_stream_hear(&fake, hello, sizeof hello));
    fake_stream_turn(&fake);
    ck_assert_ptr_nonnull(strstr(fake_stream_log(&fake), "no TLS: it says again what we say"));
    hears_alert();
}
END_TEST

START_TEST(plain_lines_may_be_let_through)
{
    lane_tls_accept(&fake.stream, room, server, true);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    SAY(&fake, "hello\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage hello\n\n");
    ck_assert_ptr_null(fake.stream.lane);
}
END_TEST

START_TEST(a_hello_is_heard_where_plain_lines_may_come)
{
    lane_tls_accept(&fake.stream, room, server, true);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    far_begin(client, TLS1_3_VERSION);
    cross();
    far_says("hello\n");
    TOLD(&fake, "opened\nmessage hello\n\n");
}
END_TEST

START_TEST(a_call_begins_the_handshake)
{
    lane_tls_call(&fake.stream, room, client, "localhost");
    fake_stream_open(&fake, 0);
    far_begin(server, TLS1_3_VERSION);
    cross();
    TOLD(&fake, "opened\n");
    stream_send(&fake.stream, "yo", 2);
    far_hears("yo");
    far_says("hello\n");
    TOLD(&fake, "message hello\n\n");
}
END_TEST

START_TEST(a_call_says_why_it_does_not_trust)
{
    char *error = NULL;
    struct tls_context *careful = tls_context_call(&(struct tls_settings){0}, &error);
    lane_tls_call(&fake.stream, room, careful, "localhost");
    tls_context_release(careful); /* the lane has its own */
    fake_stream_open(&fake, 0);
    far_begin(server, TLS1_3_VERSION);
    cross();
    const char *told = fake_stream_log(&fake);
    ck_assert_msg(strstr(told, "failed: ") == told && strstr(told, "certificate"), "%s", told);
    ck_assert_int_eq(far_error, SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}
END_TEST

START_TEST(nothing_is_negotiated_anew)
{
    open_line(TLS1_2_VERSION);
    SSL_clear_options(far, SSL_OP_NO_RENEGOTIATION);
    SSL_renegotiate(far);
    SSL_do_handshake(far);
    say_all();
    TOLD(&fake, "");
    ck_assert_int_eq(fake.stream.state.life, STREAM_STANDS);
    ck_assert(!SSL_is_init_finished(far));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lane_tls");
    TCase *tcase = tcase_create("lane_tls");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, the_wire_may_be_cut_anywhere, 0, 6);
    const TTest *const both[] = {both_say_something,
                                 close_notify_ends_their_side_only,
                                 our_side_ends_with_close_notify,
                                 who_is_cut_off_is_told_so,
                                 what_is_bent_is_answered_with_an_alert,
                                 half_a_message_comes_before_what_is_bent,
                                 what_it_takes_is_counted,
                                 what_a_call_takes_is_counted,
                                 what_waits_is_counted_in_plaintext};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        tcase_add_loop_test(tcase, both[i], 0, 2);
    const TTest *const once[] = {
        who_says_nothing_costs_no_ssl,  who_goes_without_a_word_is_told_of,
        who_is_silent_is_given_up,      who_speaks_no_tls_is_told_so,
        who_is_called_may_speak_none,   who_is_called_may_be_an_echo,
        plain_lines_may_be_let_through, a_hello_is_heard_where_plain_lines_may_come,
        a_call_begins_the_handshake,    a_call_says_why_it_does_not_trust,
        nothing_is_negotiated_anew};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        tcase_add_test(tcase, once[i]);
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}
