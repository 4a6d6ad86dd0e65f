/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/lane_proxy.h"

#include "base/address.h"
#include "check_main.h"
#include "fake_stream.h"

static struct fake_stream fake;
static union address remote;
static bool admits;

static bool admit(struct stream *stream)
{
    (void)stream;
    return admits;
}

static void setup(void)
{
    admits = true;
    fake_stream_init(&fake, "raw");
    ck_assert(address_parse("10.0.0.1", 5, &remote));
    lane_proxy_add(&fake.stream, &remote, admit);
    fake_stream_open(&fake, STREAM_ACCEPTED);
    TOLD(&fake, "");
}

static void teardown(void)
{
    fake_stream_finish(&fake);
}

static void is_from(const char *expected)
{
    char text[ADDRESS_TEXT];
    address_print(&remote, text);
    ck_assert_str_eq(text, expected);
}

START_TEST(a_header_names_the_client_and_is_no_message)
{
    SAY(&fake, "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nhello");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\nmessage hello\n");
    is_from("192.0.2.1:56324");
    SAY(&fake, "PROXY TCP4 192.0.2.9 192.0.2.2 1 1\r\n"); /* is data by now */
    fake_stream_turn(&fake);
    TOLD(&fake, "message PROXY TCP4 192.0.2.9 192.0.2.2 1 1\r\n\n");
    is_from("192.0.2.1:56324");
}
END_TEST

START_TEST(a_header_may_come_in_pieces)
{
    SAY(&fake, "PROXY TCP6 2001:db8");
    fake_stream_turn(&fake);
    TOLD(&fake, "");
    SAY(&fake, "::1 ::1 7 8\r");
    fake_stream_turn(&fake);
    is_from("10.0.0.1:5");
    SAY(&fake, "\n");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\n");
    is_from("[2001:db8::1]:7");
}
END_TEST

START_TEST(a_proxy_may_speak_for_itself)
{
    SAY(&fake, "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0");
    fake_stream_turn(&fake);
    TOLD(&fake, "opened\n");
    is_from("10.0.0.1:5");
}
END_TEST

START_TEST(who_comes_without_is_not_let_in)
{
    SAY(&fake, "hello");
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: no PROXY header\n");
}
END_TEST

START_TEST(who_goes_before_is_not_let_in)
{
    SAY(&fake, "PROXY TCP4");
    fake_stream_turn(&fake);
    fake_stream_hang_up(&fake);
    fake_stream_turn(&fake);
    TOLD(&fake, "over broken: no PROXY header\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_header_names_the_client_and_is_no_message,
                                  a_header_may_come_in_pieces,
                                  a_proxy_may_speak_for_itself,
                                  who_comes_without_is_not_let_in,
                                  who_goes_before_is_not_let_in,
                                  NULL};
    return check_run_with("lane_proxy", setup, teardown, tests);
}
