/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_table.h"

#include <stdio.h>

#include "base/address.h"
#include "check_main.h"
#include "transport/udp_link.h"

enum { MANY = 4000 };

static struct udp_table table;
static struct udp_link links[MANY];

static void setup(void)
{
    udp_table_init(&table);
}

static void teardown(void)
{
    udp_table_finish(&table);
}

static union address address_of(const char *host, in_port_t port)
{
    union address address;
    ck_assert(address_parse(host, port, &address));
    return address;
}

static struct udp_link *add(unsigned i, const char *host, in_port_t port)
{
    links[i].remote = address_of(host, port);
    udp_table_add(&table, &links[i]);
    return &links[i];
}

static struct udp_link *find(const char *host, in_port_t port)
{
    union address address = address_of(host, port);
    return udp_table_find(&table, &address);
}

START_TEST(an_empty_one)
{
    ck_assert_ptr_null(find("10.0.0.1", 5));
}
END_TEST

START_TEST(port_host_and_family_count)
{
    add(0, "10.0.0.1", 5);
    add(1, "10.0.0.1", 6);
    add(2, "10.0.0.2", 5);
    add(3, "2001:db8::1", 5);
    add(4, "2001:db8::1", 6);
    ck_assert_ptr_eq(find("10.0.0.1", 5), &links[0]);
    ck_assert_ptr_eq(find("10.0.0.1", 6), &links[1]);
    ck_assert_ptr_eq(find("10.0.0.2", 5), &links[2]);
    ck_assert_ptr_eq(find("2001:db8::1", 5), &links[3]);
    ck_assert_ptr_eq(find("2001:db8::1", 6), &links[4]);
    ck_assert_ptr_null(find("10.0.0.2", 6));
    ck_assert_ptr_null(find("2001:db8::2", 5));
}
END_TEST

START_TEST(the_zone_counts)
{
    union address zoned = address_of("fe80::1", 5);
    zoned.v6.sin6_scope_id = 1;
    links[0].remote = zoned;
    udp_table_add(&table, &links[0]);
    ck_assert_ptr_eq(udp_table_find(&table, &zoned), &links[0]);
    zoned.v6.sin6_scope_id = 2;
    ck_assert_ptr_null(udp_table_find(&table, &zoned));
}
END_TEST

/* What the kernel leaves in the struct besides the address. */
START_TEST(nothing_else_counts)
{
    add(0, "2001:db8::1", 5);
    union address flow = address_of("2001:db8::1", 5);
    flow.v6.sin6_flowinfo = 77;
    ck_assert_ptr_eq(udp_table_find(&table, &flow), &links[0]);
    add(1, "10.0.0.1", 5);
    union address padded = address_of("10.0.0.1", 5);
    padded.v4.sin_zero[3] = 7;
    ck_assert_ptr_eq(udp_table_find(&table, &padded), &links[1]);
}
END_TEST

START_TEST(many_come_and_go)
{
    for (unsigned i = 0; i < MANY; i++)
        add(i, i % 2 ? "10.0.0.1" : "2001:db8::1", (in_port_t)(1000 + i / 2));
    ck_assert_uint_eq(table.count, MANY);
    for (unsigned i = 0; i < MANY; i += 3)
        udp_table_remove(&table, &links[i]);
    for (unsigned i = 0; i < MANY; i++)
        ck_assert_ptr_eq(find(i % 2 ? "10.0.0.1" : "2001:db8::1", (in_port_t)(1000 + i / 2)),
                         i % 3 == 0 ? NULL : &links[i]);
}
END_TEST

START_TEST(who_was_removed_is_out)
{
    for (unsigned i = 0; i < 100; i++)
        add(i, "10.0.0.1", (in_port_t)(1000 + i));
    for (unsigned i = 0; i < 100; i++) {
        udp_table_remove(&table, &links[i]);
        ck_assert_uint_eq(table.count, 99 - i);
        ck_assert_ptr_null(find("10.0.0.1", (in_port_t)(1000 + i)));
        if (i < 99)
            ck_assert_ptr_eq(find("10.0.0.1", 1099), &links[99]);
    }
    add(0, "10.0.0.1", 7);
    ck_assert_ptr_eq(find("10.0.0.1", 7), &links[0]);
    ck_assert_uint_eq(table.count, 1);
}
END_TEST

static unsigned longest_chain(void)
{
    unsigned longest = 0;
    for (size_t i = 0; i < table.size; i++) {
        unsigned length = 0;
        for (const struct udp_link *link = table.chains[i]; link; link = link->chain)
            length++;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void check_chains(void)
{
    ck_assert_uint_eq(table.count, MANY);
    ck_assert_uint_ge(table.size, table.count);
    ck_assert_uint_eq(table.size & (table.size - 1), 0);
    ck_assert_uint_le(longest_chain(), 16); /* longer by chance: once in 10^11 runs */
}

/* Neighbours, as those of one network are, in either part of their addresses. */
START_TEST(chains_of_neighbours_are_short)
{
    for (unsigned i = 0; i < MANY; i++) {
        char host[40];
        snprintf(host, sizeof host, i % 2 ? "10.0.%u.%u" : "2001:db8::%x:%x", i >> 8, i & 255);
        add(i, host, 5000);
    }
    check_chains();
}
END_TEST

START_TEST(chains_of_many_ports_are_short)
{
    for (unsigned i = 0; i < MANY; i++)
        add(i, i % 2 ? "10.0.0.1" : "2001:db8::1", (in_port_t)(1000 + i));
    check_chains();
}
END_TEST

/* Whoever knows one table's chains does not know another's. */
START_TEST(each_table_has_a_key)
{
    struct udp_table other;
    udp_table_init(&other);
    ck_assert(table.key.words[0] != other.key.words[0] ||
              table.key.words[1] != other.key.words[1]);
    ck_assert_uint_eq(table.key.words[1] & other.key.words[1] & 1, 1);
    udp_table_finish(&other);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_empty_one,
                                  port_host_and_family_count,
                                  the_zone_counts,
                                  nothing_else_counts,
                                  many_come_and_go,
                                  who_was_removed_is_out,
                                  chains_of_neighbours_are_short,
                                  chains_of_many_ports_are_short,
                                  each_table_has_a_key,
                                  NULL};
    return check_run_with("udp_table", setup, teardown, tests);
}
