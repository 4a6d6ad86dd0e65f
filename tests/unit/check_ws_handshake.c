/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_handshake.h"

#include <string.h>

#include "base/http_head.h"
#include "base/mem.h"
#include "check_main.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define UPGRADE "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define KEYED "Sec-WebSocket-Key: " KEY "\r\n"
#define ASKS UPGRADE KEYED VERSION
#define YES                                                                             \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

static struct ws_terms terms;
static struct ws_agreement agreement;
static UT_string answer;
static char *error;

static void set_up(void)
{
    terms = (struct ws_terms){.host = "far.example:1"};
    agreement = (struct ws_agreement){0};
    utstring_init(&answer);
    error = NULL;
}

static void tear_down(void)
{
    utstring_done(&answer);
    free(error);
}

/* Answers "GET PATH" with fields; returns the status. */
static unsigned ask_for(const char *line, const char *fields)
{
    char *head = mem_printf("%s HTTP/1.1\r\n%s\r\n", line, fields);
    tear_down();
    utstring_init(&answer);
    error = NULL;
    const bool good =
        ws_handshake_answer(&terms, head, strlen(head), &agreement, &answer, &error);
    const char *status = utstring_body(&answer);
    ck_assert(strncmp(status, "HTTP/1.1 ", 9) == 0);
    const unsigned long code = strtoul(status + 9, NULL, 10);
    ck_assert(good == (code == 101));
    ck_assert((error == NULL) == good);
    free(head);
    return (unsigned)code;
}
#define ASK(fields) ask_for("GET /", "Host: a.example\r\n" fields)

START_TEST(a_request_gets_its_websocket)
{
    ck_assert_uint_eq(ASK(ASKS), 101);
    ck_assert_str_eq(utstring_body(&answer), YES "\r\n");
    ck_assert(!agreement.deflate);
    ck_assert_uint_eq(ask_for("GET /any?x=1", "host: a\r\n" ASKS), 101);
}
END_TEST

START_TEST(another_gets_a_reason)
{
    ck_assert_uint_eq(ASK(""), 426);
    ck_assert_str_eq(error, "GET / HTTP/1.1: a plain HTTP request (HTTP 426)");
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "\r\nSec-WebSocket-Version: 13\r\n"));
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "\r\nUpgrade: websocket\r\n"));
    ck_assert_uint_eq(ASK("Upgrade: websocket\r\n" KEYED VERSION), 426);
    ck_assert_uint_eq(ASK(UPGRADE KEYED), 426);
    ck_assert_uint_eq(ASK(UPGRADE KEYED "Sec-WebSocket-Version: 8\r\n"), 426);
    ck_assert_uint_eq(ASK(UPGRADE VERSION), 400);
    ck_assert_uint_eq(ASK(UPGRADE VERSION "Sec-WebSocket-Key: short\r\n"), 400);
    ck_assert_uint_eq(ASK(ASKS KEYED), 400);
    ck_assert_uint_eq(ASK(ASKS "Host: b\r\n"), 400);
    ck_assert_uint_eq(ask_for("GET /", ASKS), 400);
    ck_assert_uint_eq(ask_for("POST /", "Host: a\r\n" ASKS), 405);
    ck_assert_uint_eq(ask_for("BREW /", "Host: a\r\n" ASKS), 501);
    ck_assert_uint_eq(ask_for("nonsense", "Host: a\r\n" ASKS), 400);
    ck_assert_uint_eq(ASK(ASKS "no field\r\n"), 400);
}
END_TEST

START_TEST(what_is_said_of_it_is_safe)
{
    ck_assert_uint_eq(ask_for("GET /\33[2J", "Host: a\r\n"), 426);
    ck_assert_str_eq(error, "GET /\\x1b[2J HTTP/1.1: a plain HTTP request (HTTP 426)");
}
END_TEST

START_TEST(a_path_is_served_alone)
{
    terms.path = "/chat";
    ck_assert_uint_eq(ask_for("GET /chat", "Host: a\r\n" ASKS), 101);
    ck_assert_uint_eq(ask_for("GET /chat?x", "Host: a\r\n" ASKS), 101);
    ck_assert_uint_eq(ask_for("GET /chat/", "Host: a\r\n" ASKS), 404);
    ck_assert_uint_eq(ASK(ASKS), 404);
}
END_TEST

START_TEST(pages_from_elsewhere_are_turned_away)
{
    ck_assert_uint_eq(ASK(ASKS "Origin: http://a.example\r\n"), 101);
    ck_assert_uint_eq(ASK(ASKS "Origin: http://evil.example\r\n"), 403);
    ck_assert_str_eq(error, "GET / HTTP/1.1: a web page from elsewhere, http://evil.example "
                            "(HTTP 403)");
    ck_assert_uint_eq(ask_for("GET /", ASKS "Origin: http://evil.example\r\n"), 400);
    ck_assert_str_eq(error, "GET / HTTP/1.1: no Host, or several (HTTP 400)");
    terms.origins = "evil.example";
    ck_assert_uint_eq(ASK(ASKS "Origin: http://evil.example\r\n"), 101);
}
END_TEST

START_TEST(a_protocol_is_chosen)
{
    terms.protocols = "b,a";
    ck_assert_uint_eq(ASK(ASKS "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b, c\r\n"),
                      101);
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "\r\nSec-WebSocket-Protocol: b\r\n"));
    ck_assert_uint_eq(ASK(ASKS "Sec-WebSocket-Protocol: c\r\n"), 101);
    ck_assert_ptr_null(strstr(utstring_body(&answer), "Sec-WebSocket-Protocol"));
}
END_TEST

#define OFFERS "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

START_TEST(compression_is_agreed_on)
{
    ck_assert_uint_eq(ASK(ASKS OFFERS), 101);
    ck_assert(!agreement.deflate);
    terms.deflate = true;
    ck_assert_uint_eq(ASK(ASKS OFFERS), 101);
    ck_assert(agreement.deflate);
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer),
                                 "\r\nSec-WebSocket-Extensions: permessage-deflate; "
                                 "server_no_context_takeover; client_no_context_takeover\r\n"));
    ck_assert_uint_eq(ASK(ASKS), 101);
    ck_assert(!agreement.deflate);
}
END_TEST

START_TEST(what_we_ask_for)
{
    ws_handshake_ask(&terms, KEY, &answer);
    ck_assert_str_eq(utstring_body(&answer),
                     "GET / HTTP/1.1\r\nHost: far.example:1\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: " KEY "\r\n" VERSION "\r\n");
    terms.path = "/a?b";
    terms.protocols = "x,y";
    terms.deflate = true;
    utstring_clear(&answer);
    ws_handshake_ask(&terms, KEY, &answer);
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "GET /a?b HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "-Protocol: x,y\r\n"));
    ck_assert_ptr_nonnull(strstr(utstring_body(&answer), "-Extensions: permessage-deflate;"));
}
END_TEST

static void is_answered(const char *head, const char *expected)
{
    tear_down();
    utstring_init(&answer);
    error = NULL;
    const bool good = ws_handshake_judge(&terms, KEY, head, strlen(head), &agreement, &error);
    ck_assert(good == !expected);
    if (expected)
        ck_assert_str_eq(error, expected);
}

START_TEST(answers_are_judged)
{
    is_answered(YES "\r\n", NULL);
    is_answered("HTTP/1.1 404 Not Found\r\n\r\n",
                "the far end refused the WebSocket: HTTP 404 Not Found");
    is_answered("HTTP/1.1 301 Moved\r\nLocation: http://b/\33c\r\n\r\n",
                "the far end refused the WebSocket: HTTP 301 Moved, see http://b/\\x1bc");
    is_answered("HTTP/1.1 200 OK\r\n\r\n", "the far end refused the WebSocket: HTTP 200 OK");
    is_answered("HTTP/1.1 \33\r\n\r\n", "the far end refused the WebSocket: HTTP \\x1b");
    is_answered("HTTP/1.1\r\n\r\n", "the far end refused the WebSocket: HTTP ");
    is_answered("HTTP/1.1 101 Yes\r\n" UPGRADE "Sec-WebSocket-Accept: wrong\r\n\r\n",
                "the far end says yes, but not as a WebSocket does");
    is_answered(YES "Sec-WebSocket-Protocol: z\r\n\r\n",
                "the far end speaks a protocol that was not asked for: z");
    is_answered(YES "Sec-WebSocket-Extensions: x\r\n\r\n",
                "the far end wants an extension that was not offered: x");
}
END_TEST

START_TEST(agreements_are_kept)
{
    terms.protocols = "x, y";
    terms.deflate = true;
    is_answered(YES "Sec-WebSocket-Protocol: y\r\nSec-WebSocket-Extensions: "
                    "permessage-deflate; server_no_context_takeover\r\n\r\n",
                NULL);
    ck_assert(agreement.deflate);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_request_gets_its_websocket,
                                  another_gets_a_reason,
                                  what_is_said_of_it_is_safe,
                                  a_path_is_served_alone,
                                  pages_from_elsewhere_are_turned_away,
                                  a_protocol_is_chosen,
                                  compression_is_agreed_on,
                                  what_we_ask_for,
                                  answers_are_judged,
                                  agreements_are_kept,
                                  NULL};
    return check_run_with("ws_handshake", set_up, tear_down, tests);
}
