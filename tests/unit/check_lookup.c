/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/lookup.h"

#include <stdio.h>

#include "check_main.h"
#include "fake_names.h"

/* The addresses of a name, in their order, with blanks between. */
static const char *found(const char *name)
{
    static char text[LOOKUP_MAX * ADDRESS_TEXT];
    char *end = text;
    union address *addresses;
    struct lookup lookup;
    lookup_init(&lookup, name);
    lookup_run(&lookup);
    size_t count = lookup_addresses(&lookup, 7, &addresses);
    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *end++ = ' ';
        address_print(&addresses[i], end);
        end += strlen(end);
    }
    free(addresses);
    lookup_finish(&lookup);
    return text;
}

static void check_words(const char *name, const char *words)
{
    struct lookup lookup;
    union address *addresses;
    lookup_init(&lookup, name);
    lookup_run(&lookup);
    errno = 0; /* that of the lookup counts */
    ck_assert_uint_eq(lookup_addresses(&lookup, 7, &addresses), 0);
    ck_assert_str_eq(lookup_error(&lookup), words);
    free(addresses);
    lookup_finish(&lookup);
}

START_TEST(digits_need_no_asking)
{
    static const struct {
        const char *host, *text;
    } good[] = {
        {"192.0.2.7", "192.0.2.7:7"},      {"127.1", "127.0.0.1:7"},
        {"0x7f.0.0.1", "127.0.0.1:7"},     {"::1", "[::1]:7"},
        {"::ffff:10.1.2.3", "10.1.2.3:7"}, {"fe80::1%lo", "[fe80::1%lo]:7"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        union address address;
        char text[ADDRESS_TEXT];
        ck_assert_msg(lookup_digits(good[i].host, 7, &address), "%s", good[i].host);
        address_print(&address, text);
        ck_assert_str_eq(text, good[i].text);
        ck_assert_int_eq(address.any.sa_family == AF_INET6, *text == '[');
    }
    ck_assert_uint_eq(names_begun(), 0);
}
END_TEST

START_TEST(names_are_no_digits)
{
    static const char *const bad[] = {"localhost", "256.1.1.1", "10.1.2.3.", "::g",
                                      "1.2.3.4.5"};
    union address address;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!lookup_digits(bad[i], 7, &address), "%s", bad[i]);
    ck_assert_uint_eq(names_begun(), 0);
}
END_TEST

START_TEST(both_families_come_in_turn)
{
    ck_assert_str_eq(found("+192.0.2.1"), "192.0.2.1:7");
    ck_assert_str_eq(found("+2001:db8::1+2001:db8::2+192.0.2.1+192.0.2.2+192.0.2.3"),
                     "[2001:db8::1]:7 192.0.2.1:7 [2001:db8::2]:7 192.0.2.2:7 192.0.2.3:7");
    ck_assert_str_eq(found("+2001:db8::1+2001:db8::2+2001:db8::3+192.0.2.1"),
                     "[2001:db8::1]:7 192.0.2.1:7 [2001:db8::2]:7 [2001:db8::3]:7");
}
END_TEST

/* The system has sorted them: without a route for IPv6 it comes last. */
START_TEST(the_first_stays_the_first)
{
    ck_assert_str_eq(found("+192.0.2.1+192.0.2.2+2001:db8::1"),
                     "192.0.2.1:7 [2001:db8::1]:7 192.0.2.2:7");
}
END_TEST

/* A hosts file that names localhost twice makes getaddrinfo say 127.0.0.1 twice. */
START_TEST(none_comes_twice)
{
    ck_assert_str_eq(found("+127.0.0.1+127.0.0.1+::1+127.0.0.2+::ffff:127.0.0.2"),
                     "127.0.0.1:7 [::1]:7 127.0.0.2:7");
}
END_TEST

static char *many(size_t count)
{
    char *text = malloc(count * sizeof "+10.0.255.255"), *end = text;
    for (size_t i = 0; i < count; i++)
        end += snprintf(end, sizeof "+10.0.255.255", "+10.0.%zu.%zu", i / 256, i % 256);
    return text;
}

static size_t count_many(size_t count)
{
    union address *addresses;
    struct lookup lookup;
    char *name = many(count);
    lookup_init(&lookup, name);
    free(name); /* it was copied */
    lookup_run(&lookup);
    size_t there = lookup_addresses(&lookup, 7, &addresses);
    free(addresses);
    lookup_finish(&lookup);
    return there;
}

START_TEST(many_addresses_are_fine)
{
    ck_assert_uint_eq(count_many(40), 40);
    ck_assert_uint_eq(count_many(LOOKUP_MAX), LOOKUP_MAX);
    ck_assert_uint_eq(count_many(LOOKUP_MAX + 1), LOOKUP_MAX);
}
END_TEST

START_TEST(nothing_found_is_told_in_words)
{
    check_words("?name", "there is no host of that name");
    check_words("?empty", "the host of that name has no IP address");
    check_words("?again", "no name server answers for that name");
    check_words("?error", strerror(ENOBUFS));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {digits_need_no_asking,
                                  names_are_no_digits,
                                  both_families_come_in_turn,
                                  the_first_stays_the_first,
                                  none_comes_twice,
                                  many_addresses_are_fine,
                                  nothing_found_is_told_in_words,
                                  NULL};
    return check_run("lookup", tests);
}
