/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/lane_via.h"

#include "check_main.h"
#include "fake_stream.h"
#include "fake_via.h"
#include "stream/via.h"

#define YES_V4 "\5\0\0\1\177\0\0\1\37\220"
#define YES_NAME "\5\0\0\3\4host\37\220"
#define YES_V6 "\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\37\220"

/* A proxy's answers, and how the line is told of them. */
struct conversation {
    const struct via_protocol *protocol;
    const char *user;
    const char *answers;
    size_t size;
    const char *told;
};
#define ANSWERS(text) text, sizeof(text) - 1

static struct fake_stream fake;

static void begin(const struct via_protocol *protocol, const char *host, const char *user,
                  int64_t timeout)
{
    fake_stream_init(&fake, "line");
    lane_via_add(&fake.stream, fake_via(protocol, host, user));
    if (timeout > 0)
        stream_open_by(&fake.stream, fake.now + timeout);
    fake_stream_open(&fake, 0);
}

static void hears(const char *expected, size_t size)
{
    char data[1024];
    ck_assert_uint_eq(fake_stream_hear(&fake, data, sizeof data), size);
    ck_assert_mem_eq(data, expected, size);
}
#define HEARS(text) hears(text, sizeof(text) - 1)

static void say(const char *data, size_t size)
{
    if (size > 0)
        fake_stream_say(&fake, data, size);
    fake_stream_turn(&fake);
}

/* The same is told wherever the answers are cut, and where they come byte by byte. */
static void holds_for_any_cut(const struct conversation *it)
{
    for (size_t cut = 0; cut <= it->size; cut++) {
        begin(it->protocol, "far.example", it->user, 0);
        say(it->answers, cut);
        if (fake.stream.state.life != STREAM_OVER)
            say(it->answers + cut, it->size - cut);
        TOLD(&fake, it->told);
        fake_stream_finish(&fake);
    }
    begin(it->protocol, "far.example", it->user, 0);
    for (size_t i = 0; i < it->size && fake.stream.state.life != STREAM_OVER; i++)
        say(it->answers + i, 1);
    TOLD(&fake, it->told);
    fake_stream_finish(&fake);
}

static const struct conversation conversations[] = {
    {&via_socks5, NULL, ANSWERS("\5\0" YES_V4 "hi\n"), "opened\nmessage hi\n\n"},
    {&via_socks5, NULL, ANSWERS("\5\0" YES_V6 "hi\n"), "opened\nmessage hi\n\n"},
    {&via_socks5, NULL, ANSWERS("\5\0" YES_NAME "hi\n"), "opened\nmessage hi\n\n"},
    {&via_socks5, "me", ANSWERS("\5\0" YES_V4), "opened\n"},
    {&via_socks5, "me", ANSWERS("\5\2\1\0" YES_V4 "hi\n"), "opened\nmessage hi\n\n"},
    {&via_socks5, NULL, ANSWERS("\5\377"),
     "over broken: the proxy wants a user name and password\n"},
    {&via_socks5, NULL, ANSWERS("\5\2"),
     "over broken: the proxy wants a user name and password\n"},
    {&via_socks5, "me", ANSWERS("\5\377"),
     "over broken: the proxy takes no user name and password\n"},
    {&via_socks5, "me", ANSWERS("\5\1"),
     "over broken: the proxy wants to be told who calls in a way that was not offered\n"},
    {&via_socks5, "me", ANSWERS("\5\2\1\1"),
     "over broken: the proxy does not accept this user name and password\n"},
    {&via_socks5, NULL, ANSWERS("HTTP/1.1 400 Bad Request\r\n\r\n"),
     "over broken: this is no SOCKS5 proxy\n"},
    {&via_socks5, NULL, ANSWERS("\5\0\4"),
     "over broken: the proxy's answer is none of SOCKS5\n"},
    {&via_socks5, NULL, ANSWERS("\5\0\5\0\0\2\0\0"),
     "over broken: the proxy's answer is none of SOCKS5\n"},
    {&via_socks5, NULL, ANSWERS("\5\0\5\11"), "over broken: the proxy refused: code 9\n"},
    {&via_http, NULL, ANSWERS("HTTP/1.1 200 Connection established\r\n\r\nhi\n"),
     "opened\nmessage hi\n\n"},
    {&via_http, NULL, ANSWERS("HTTP/1.0 200\n\nhi\n"), "opened\nmessage hi\n\n"},
    {&via_http, "me",
     ANSWERS("HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
             "HTTP/1.1 204 Fine\r\nContent-Length: 3\r\n\r\nhi\n"),
     "opened\nmessage hi\n\n"},
    {&via_http, NULL, ANSWERS("HTTP/1.1 502 Bad\33[2J Gateway\r\nA: b\r\n\r\n"),
     "over broken: the proxy refused: HTTP 502 Bad\\x1b[2J Gateway\n"},
    {&via_http, NULL, ANSWERS("HTTP/1.1 101 Switching\r\n\r\n"),
     "over broken: the proxy refused: HTTP 101 Switching\n"},
    {&via_http, NULL, ANSWERS("HTTP/1.1\r\n\r\n"), "over broken: the proxy refused: HTTP \n"},
    {&via_http, NULL, ANSWERS("HTTP/1.1 407 Sign In\r\n\r\n"),
     "over broken: the proxy wants a user name and password: HTTP 407 Sign In\n"},
    {&via_http, "me", ANSWERS("HTTP/1.1 407 Sign In\r\n\r\n"),
     "over broken: the proxy does not accept this user name and password: HTTP 407 Sign In\n"},
    {&via_http, NULL, ANSWERS("SSH-2.0-OpenSSH\r\n"), "over broken: this is no HTTP proxy\n"},
};

START_TEST(answers_may_be_cut_anywhere)
{
    for (size_t i = 0; i < sizeof conversations / sizeof *conversations; i++)
        holds_for_any_cut(&conversations[i]);
}
END_TEST

START_TEST(socks_is_asked_step_by_step)
{
    begin(&via_socks5, "far.example", "me", 0);
    HEARS("\5\2\0\2");
    say("\5\2", 2);
    HEARS("\1\2me\6secret");
    say("\1\0", 2);
    HEARS("\5\1\0\3\13far.example\37\220");
    say(YES_V4, sizeof YES_V4 - 1);
    TOLD(&fake, "opened\n");
    stream_send(&fake.stream, "hi", 2);
    HEARS("hi");
    fake_stream_finish(&fake);
}
END_TEST

START_TEST(a_proxy_may_hang_up)
{
    begin(&via_socks5, "far.example", NULL, 0);
    HEARS("\5\1\0");
    say("\5", 1);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: the proxy hung up before it said yes\n");
    fake_stream_finish(&fake);
}
END_TEST

START_TEST(a_silent_proxy_is_given_up)
{
    begin(&via_http, "far.example", NULL, 1);
    while (fake.stream.state.life != STREAM_OVER)
        loop_poll(&fake.loop);
    TOLD(&fake, "over timed out: the proxy has not answered in time\n");
    fake_stream_finish(&fake);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_may_be_cut_anywhere, socks_is_asked_step_by_step,
                                  a_proxy_may_hang_up, a_silent_proxy_is_given_up, NULL};
    return check_run("lane_via", tests);
}
