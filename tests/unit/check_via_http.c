/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check_main.h"
#include "fake_via.h"

static struct via *via;
static struct via_talk talk;

static void begin(const char *host, const char *user)
{
    via = fake_via(&via_http, host, user);
    fake_talk_begin(&talk, via);
}

static void end(void)
{
    fake_talk_end(&talk);
    via_destroy(via);
}

START_TEST(asks_at_once)
{
    begin("far.example", "me");
    SAID(&talk, "CONNECT far.example:8080 HTTP/1.1\r\nHost: far.example:8080\r\n"
                "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
    end();
    begin("::1", NULL);
    SAID(&talk, "CONNECT [::1]:8080 HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");
    end();
}
END_TEST

START_TEST(what_comes_behind_the_head_is_the_far_ends)
{
    begin("far.example", NULL);
    ck_assert_uint_eq(TAKE(&talk, "HTTP/1.1 200 OK\r\n"), 0);
    ck_assert(!talk.open && !talk.error);
    ck_assert_uint_eq(TAKE(&talk, "HTTP/1.1 200 OK\r\n\r\nhi"), 19);
    ck_assert(talk.open);
    end();
}
END_TEST

START_TEST(an_answer_without_end_is_refused)
{
    char head[8194] = "HTTP/1.1 200 OK\r\n";
    memset(head + 17, 'a', sizeof head - 17);
    begin("far.example", NULL);
    ck_assert_uint_eq(fake_talk_take(&talk, head, sizeof head - 2), 0);
    ck_assert_ptr_null(talk.error);
    ck_assert_uint_eq(fake_talk_take(&talk, head, sizeof head), 0);
    ck_assert_str_eq(talk.error, "the proxy's answer is longer than 8 KiB");
    end();
}
END_TEST

START_TEST(a_refusal_is_one_safe_line)
{
    begin("far.example", NULL);
    ck_assert_uint_eq(TAKE(&talk, "HTTP/1.1 502 Bad\33[2J\r\nA: b\r\n\r\n"), 0);
    ck_assert_str_eq(talk.error, "the proxy refused: HTTP 502 Bad\\x1b[2J");
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {asks_at_once, what_comes_behind_the_head_is_the_far_ends,
                                  an_answer_without_end_is_refused, a_refusal_is_one_safe_line,
                                  NULL};
    return check_run("via_http", tests);
}
