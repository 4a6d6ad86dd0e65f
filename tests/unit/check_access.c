/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/access.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "check_main.h"

static struct access list;

static void teardown(void)
{
    access_finish(&list);
}

static void rule(const char *text)
{
    struct cidr cidr;
    char *error = NULL;
    ck_assert(cidr_parse(text + 1, &cidr, &error));
    access_add(&list, &cidr, *text == '+');
    access_compile(&list);
}

static bool allows(const char *host)
{
    union address address;
    ck_assert(address_parse(host, 80, &address));
    return access_allows(&list, &address);
}

START_TEST(nothing_said_lets_everybody_in)
{
    ck_assert(allows("10.0.0.1"));
    ck_assert(allows("::1"));
}
END_TEST

START_TEST(a_deny_alone_leaves_the_others_in)
{
    rule("-10.0.0.0/8");
    ck_assert(!allows("10.0.0.0"));
    ck_assert(!allows("10.255.255.255"));
    ck_assert(allows("9.255.255.255"));
    ck_assert(allows("11.0.0.0"));
    ck_assert(allows("::1"));
}
END_TEST

START_TEST(an_allow_shuts_the_others_out)
{
    rule("+10.0.0.0/8");
    ck_assert(allows("10.1.1.1"));
    ck_assert(!allows("11.0.0.0"));
    ck_assert(!allows("::1"));
}
END_TEST

START_TEST(the_longest_prefix_wins)
{
    rule("+10.0.0.0/8");
    rule("-10.1.0.0/16");
    rule("+10.1.2.0/24");
    rule("-10.1.2.3");
    ck_assert(allows("10.0.255.255"));
    ck_assert(!allows("10.1.0.0"));
    ck_assert(allows("10.1.2.2"));
    ck_assert(!allows("10.1.2.3"));
    ck_assert(allows("10.1.2.4"));
    ck_assert(!allows("10.1.3.0"));
    ck_assert(allows("10.2.0.0"));
}
END_TEST

START_TEST(deny_wins_a_tie_in_any_order)
{
    rule("+10.0.0.0/8");
    rule("-10.0.0.0/8");
    rule("-11.0.0.0/8");
    rule("+11.0.0.0/8");
    ck_assert(!allows("10.0.0.1"));
    ck_assert(!allows("11.0.0.1"));
    ck_assert(!allows("12.0.0.1"));
}
END_TEST

START_TEST(the_ends_of_the_space_are_reached)
{
    rule("-255.255.255.255");
    rule("-0.0.0.0");
    rule("-ffff::/16");
    ck_assert(!allows("255.255.255.255"));
    ck_assert(allows("255.255.255.254"));
    ck_assert(!allows("0.0.0.0"));
    ck_assert(allows("0.0.0.1"));
    ck_assert(!allows("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    ck_assert(allows("fffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}
END_TEST

START_TEST(a_mapped_address_is_matched_as_ipv4)
{
    rule("-10.0.0.0/8");
    rule("-::/0");
    ck_assert(!allows("::ffff:10.1.1.1"));
    ck_assert(allows("::ffff:11.1.1.1"));
    ck_assert(!allows("2001:db8::1"));
}
END_TEST

/* What the rules say of an address, looked at one after another. */
static bool naive(uint32_t address)
{
    int best = -1;
    bool verdict = true;
    for (size_t i = 0; i < list.count; i++)
        verdict = verdict && !list.rules[i].allow;
    for (size_t i = 0; i < list.count; i++) {
        const struct access_rule *each = &list.rules[i];
        uint32_t prefix;
        memcpy(&prefix, each->cidr.prefix, sizeof prefix);
        uint32_t mask = each->cidr.bits == 0 ? 0 : ~0u << (32 - each->cidr.bits);
        if ((address & mask) != (ntohl(prefix) & mask) || (int)each->cidr.bits < best)
            continue;
        verdict = (int)each->cidr.bits > best ? each->allow : verdict && each->allow;
        best = (int)each->cidr.bits;
    }
    return verdict;
}

START_TEST(agrees_with_looking_at_all)
{
    srand(7);
    for (int i = 0; i < 300; i++) {
        struct cidr cidr;
        char text[32], *error = NULL;
        snprintf(text, sizeof text, "10.%d.%d.0/%d", rand() % 4, rand() % 4, 6 + rand() % 27);
        ck_assert(cidr_parse(text, &cidr, &error));
        access_add(&list, &cidr, rand() % 2);
    }
    access_compile(&list);
    for (int i = 0; i < 20000; i++) {
        uint32_t address = 0x0a000000u + (uint32_t)(rand() % 0x60000) - 0x8000u;
        union address v4 = {.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)}};
        ck_assert_msg(access_allows(&list, &v4) == naive(address), "%x", address);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_said_lets_everybody_in,
                                  a_deny_alone_leaves_the_others_in,
                                  an_allow_shuts_the_others_out,
                                  the_longest_prefix_wins,
                                  deny_wins_a_tie_in_any_order,
                                  the_ends_of_the_space_are_reached,
                                  a_mapped_address_is_matched_as_ipv4,
                                  agrees_with_looking_at_all,
                                  NULL};
    return check_run_with("access", NULL, teardown, tests);
}
