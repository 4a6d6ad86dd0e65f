/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check_main.h"
#include "fake_via.h"

static struct via *via;
static struct via_talk talk;

static void begin(const char *host, const char *user)
{
    via = fake_via(&via_socks5, host, user);
    fake_talk_begin(&talk, via);
}

static void end(void)
{
    fake_talk_end(&talk);
    via_destroy(via);
}

START_TEST(a_name_is_left_to_the_proxy)
{
    begin("far.example", "me");
    SAID(&talk, "\5\2\0\2");
    ck_assert_uint_eq(TAKE(&talk, "\5\2"), 2);
    SAID(&talk, "\1\2me\6secret");
    ck_assert_uint_eq(TAKE(&talk, "\1\0"), 2);
    SAID(&talk, "\5\1\0\3\13far.example\37\220");
    ck_assert_uint_eq(TAKE(&talk, "\5\0\0\3\1h\0\7far"), 8);
    ck_assert(talk.open);
    end();
}
END_TEST

START_TEST(addresses_go_in_binary)
{
    begin("10.0.0.7", NULL);
    SAID(&talk, "\5\1\0");
    ck_assert_uint_eq(TAKE(&talk, "\5\0"), 2);
    SAID(&talk, "\5\1\0\1\12\0\0\7\37\220");
    end();
    begin("::1", NULL);
    SAID(&talk, "\5\1\0");
    ck_assert_uint_eq(TAKE(&talk, "\5\0"), 2);
    SAID(&talk, "\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\37\220");
    end();
}
END_TEST

START_TEST(every_refusal_is_said)
{
    static const char *const words[] = {"general failure",
                                        "not allowed by its rules",
                                        "network unreachable",
                                        "host unreachable",
                                        "connection refused",
                                        "TTL expired",
                                        "it cannot connect",
                                        "it does not know such addresses",
                                        "code 9"};
    for (unsigned char i = 0; i < sizeof words / sizeof *words; i++) {
        const char answer[] = {5, (char)(i + 1)};
        char *expected = mem_printf("the proxy refused: %s", words[i]);
        begin("far.example", NULL);
        ck_assert_uint_eq(TAKE(&talk, "\5\0"), 2);
        ck_assert_uint_eq(fake_talk_take(&talk, answer, sizeof answer), 0);
        ck_assert_str_eq(talk.error, expected);
        ck_assert(!talk.open);
        free(expected);
        end();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_name_is_left_to_the_proxy, addresses_go_in_binary,
                                  every_refusal_is_said, NULL};
    return check_run("via_socks5", tests);
}
