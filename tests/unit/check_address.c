/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/address.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"

static union address parsed(const char *host, in_port_t port)
{
    union address address;
    ck_assert_msg(address_parse(host, port, &address), "'%s'", host);
    return address;
}

START_TEST(prints_what_it_parsed)
{
    static const struct {
        const char *host, *text;
        int family;
    } cases[] = {
        {"10.1.2.3", "10.1.2.3:80", AF_INET},
        {"::1", "[::1]:80", AF_INET6},
        {"::", "[::]:80", AF_INET6},
        {"2001:DB8:0::5", "[2001:db8::5]:80", AF_INET6},
        {"fe80::1%lo", "[fe80::1%lo]:80", AF_INET6},
        {"fe80::1%4294967295", "[fe80::1%4294967295]:80", AF_INET6},
        {"ff02::1%lo", "[ff02::1%lo]:80", AF_INET6},
        {"::ffff:10.1.2.3", "10.1.2.3:80", AF_INET6},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
         "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:80", AF_INET6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        union address address = parsed(cases[i].host, 80);
        char text[ADDRESS_TEXT];
        address_print(&address, text);
        ck_assert_str_eq(text, cases[i].text);
        ck_assert_int_eq(address.any.sa_family, cases[i].family);
        ck_assert_uint_eq(address_port(&address), 80);
    }
    union address none;
    memset(&none, 0, sizeof none);
    char text[ADDRESS_TEXT];
    address_print(&none, text);
    ck_assert_str_eq(text, "unknown");
}
END_TEST

START_TEST(zone_is_the_interface)
{
    union address address = parsed("fe80::1%lo", 1);
    ck_assert_uint_eq(address.v6.sin6_scope_id, if_nametoindex("lo"));
    address = parsed("fe80::1", 1);
    ck_assert_uint_eq(address.v6.sin6_scope_id, 0);
    /* Where it says nothing it is neither shown nor compared. */
    address = parsed("2001:db8::1", 1);
    union address other = address;
    other.v6.sin6_scope_id = 1;
    char text[ADDRESS_TEXT];
    address_print(&other, text);
    ck_assert_str_eq(text, "[2001:db8::1]:1");
    ck_assert(address_equal(&address, &other));
}
END_TEST

START_TEST(refuses_what_is_no_address)
{
    static const char *const wrong[] = {
        "",
        "*",
        "localhost",
        "10.1.2",
        "10.1.2.256",
        "0x7f.0.0.1",
        "1",
        "10.1.2.3%lo",
        "[::1]",
        "::1%",
        "fe80::1%0",
        "fe80::1%no such interface",
        ":::1",
        "1:2",
        "::1 ",
        "10.1.2.3:80",
        "fe80::1%4294967296",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
    };
    union address address = parsed("1.2.3.4", 5), before = address;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!address_parse(wrong[i], 80, &address), "'%s'", wrong[i]);
    ck_assert_mem_eq(&address, &before, sizeof address);
}
END_TEST

START_TEST(maps_and_unmaps)
{
    union address plain = parsed("10.1.2.3", 80), mapped = plain;
    address_map(&mapped);
    union address typed = parsed("::ffff:10.1.2.3", 80);
    ck_assert_mem_eq(&mapped.v6, &typed.v6, sizeof typed.v6);
    ck_assert_uint_eq(address_length(&mapped), sizeof(struct sockaddr_in6));
    ck_assert_uint_eq(address_length(&plain), sizeof(struct sockaddr_in));
    address_unmap(&mapped);
    ck_assert_mem_eq(&mapped.v4, &plain.v4, sizeof plain.v4);
    address_unmap(&plain);
    ck_assert_int_eq(plain.any.sa_family, AF_INET);
    union address six = parsed("2001:db8::1", 80), same = six;
    address_map(&same);
    address_unmap(&same);
    ck_assert_mem_eq(&same, &six, sizeof six);
}
END_TEST

START_TEST(compares)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "::ffff:10.1.2.3", true},
        {"10.1.2.3", "10.1.2.4", false},
        {"::1", "::1", true},
        {"::1", "::2", false},
        {"127.0.0.1", "::1", false},
        {"::", "0.0.0.0", false},
        {"fe80::1%7", "fe80::1%7", true},
        {"fe80::1%7", "fe80::1%8", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        union address a = parsed(cases[i].a, 5), b = parsed(cases[i].b, 5);
        ck_assert_msg(address_same_host(&a, &b) == cases[i].same, "case %zu", i);
        ck_assert_msg(address_equal(&b, &a) == cases[i].same, "case %zu", i);
        address_set_port(&b, 6);
        ck_assert_uint_eq(address_port(&b), 6);
        ck_assert_msg(address_same_host(&a, &b) == cases[i].same, "case %zu", i);
        ck_assert_msg(!address_equal(&a, &b), "case %zu", i);
    }
}
END_TEST

START_TEST(knows_kinds)
{
    static const struct {
        const char *host;
        bool any, loopback, multicast, broadcast;
    } cases[] = {
        {"0.0.0.0", true, false, false, false},
        {"::", true, false, false, false},
        {"::ffff:0.0.0.0", true, false, false, false},
        {"127.0.0.1", false, true, false, false},
        {"127.255.0.1", false, true, false, false},
        {"128.0.0.1", false, false, false, false},
        {"::1", false, true, false, false},
        {"::ffff:127.0.0.1", false, true, false, false},
        {"10.1.2.3", false, false, false, false},
        {"fe80::1", false, false, false, false},
        {"224.0.0.1", false, false, true, true},
        {"239.255.255.255", false, false, true, true},
        {"240.0.0.1", false, false, false, false},
        {"::ffff:224.0.0.1", false, false, true, true},
        {"ff02::1", false, false, true, true},
        {"255.255.255.255", false, false, false, true},
        {"::ffff:255.255.255.255", false, false, false, true},
        {"255.255.255.254", false, false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        union address address = parsed(cases[i].host, 80);
        ck_assert_msg(address_is_any(&address) == cases[i].any, "%s", cases[i].host);
        ck_assert_msg(address_is_loopback(&address) == cases[i].loopback, "%s", cases[i].host);
        ck_assert_msg(address_is_multicast(&address) == cases[i].multicast, "%s",
                      cases[i].host);
        ck_assert_msg(address_is_broadcast(&address) == cases[i].broadcast, "%s",
                      cases[i].host);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {prints_what_it_parsed,
                                  zone_is_the_interface,
                                  refuses_what_is_no_address,
                                  maps_and_unmaps,
                                  compares,
                                  knows_kinds,
                                  NULL};
    return check_run("address", tests);
}
