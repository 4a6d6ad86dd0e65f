/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_rate.h"

#include <stdio.h>

#include "base/address.h"
#include "check_main.h"

/* Known ones, so that who shares a counter is not left to chance. */
static const struct hash_key keys[] = {{{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9}},
                                       {{0x94d049bb133111eb, 0xd6e8feb86659fd93}}};

static struct udp_rate *rate;

static void setup(void)
{
    rate = udp_rate_create();
    rate->key = keys[0];
}

static void teardown(void)
{
    udp_rate_destroy(rate);
}

static bool allows(const char *host, in_port_t port, int64_t second, uint64_t limit)
{
    union address address;
    ck_assert(address_parse(host, port, &address));
    return udp_rate_allows(rate, &address, second, limit);
}

/* How many replies host gets in that second, of 100. */
static unsigned replies(const char *host, int64_t second, uint64_t limit)
{
    unsigned count = 0;
    for (in_port_t port = 1; port <= 100; port++)
        count += allows(host, port, second, limit);
    return count;
}

START_TEST(an_address_has_its_rate_whatever_the_port)
{
    ck_assert_uint_eq(replies("192.0.2.1", 5, 10), 10);
    ck_assert_uint_eq(replies("192.0.2.1", 5, 10), 0);
    ck_assert_uint_eq(replies("2001:db8::1", 5, 1), 1);
    ck_assert_uint_eq(replies("192.0.2.2", 5, 0), 0);
    ck_assert_uint_eq(replies("192.0.2.3", 5, 1000), 100);
}
END_TEST

START_TEST(a_second_begins_anew)
{
    ck_assert_uint_eq(replies("192.0.2.1", 5, 10), 10);
    ck_assert_uint_eq(replies("192.0.2.1", 6, 10), 10);
    ck_assert_uint_eq(replies("192.0.2.1", 6, 10), 0);
    ck_assert_uint_eq(replies("2001:db8::1", 6, 10), 10);
    ck_assert_uint_eq(replies("192.0.2.1", 60, 10), 10);
    ck_assert_int_eq(rate->second, 60);
}
END_TEST

START_TEST(each_address_has_its_own)
{
    static const char *const hosts[] = {"192.0.2.1", "192.0.2.2",   "192.0.3.1",
                                        "193.0.2.1", "2001:db8::1", "2001:db8:0:1::1",
                                        "2001::",    "2002:db8::1"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        ck_assert_msg(replies(hosts[i], 5, 10) == 10, "%s", hosts[i]);
}
END_TEST

/* One household has all of a /64. */
START_TEST(of_ipv6_the_network_counts)
{
    ck_assert_uint_eq(replies("2001:db8:0:1::1", 5, 10), 10);
    ck_assert_uint_eq(replies("2001:db8:0:1::2", 5, 10), 0);
    ck_assert_uint_eq(replies("2001:db8:0:1:ffff:ffff:ffff:ffff", 5, 10), 0);
    ck_assert_uint_eq(replies("2001:db8:0:2::1", 5, 10), 10);
}
END_TEST

/* Counters that are used, after one reply to each of a network. */
static unsigned used(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < 4096; i++) {
        char host[20];
        snprintf(host, sizeof host, "10.0.%u.%u", i >> 8, i & 255);
        allows(host, 5, 5, 1);
    }
    for (unsigned i = 0; i < UDP_RATE_COUNTERS; i++)
        count += rate->counters[i] > 0;
    return count;
}

/* 8192 (1 - e^-0.5) = 3223 would be chance. */
START_TEST(addresses_are_spread)
{
    ck_assert_uint_gt(used(), 2800);
}
END_TEST

/* Which addresses share a counter is not known from another process. */
START_TEST(a_key_says_where)
{
    unsigned first = 0, second = 0;
    allows("192.0.2.1", 5, 5, 1);
    while (rate->counters[first] == 0)
        first++;
    rate->key = keys[1];
    allows("192.0.2.1", 5, 6, 1);
    while (rate->counters[second] == 0)
        second++;
    ck_assert_uint_ne(first, second);
    struct udp_rate *one = udp_rate_create(), *other = udp_rate_create();
    ck_assert(one->key.words[0] != other->key.words[0]);
    udp_rate_destroy(one);
    udp_rate_destroy(other);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_address_has_its_rate_whatever_the_port,
                                  a_second_begins_anew,
                                  each_address_has_its_own,
                                  of_ipv6_the_network_counts,
                                  addresses_are_spread,
                                  a_key_says_where,
                                  NULL};
    return check_run_with("udp_rate", setup, teardown, tests);
}
