/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/phonebook.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "check_main.h"

static struct phonebook typed, book;

static void setup(void)
{
    typed = book = (struct phonebook){0};
}

static void teardown(void)
{
    phonebook_finish(&typed);
    phonebook_finish(&book);
}

static void know(const char *text)
{
    struct phonebook_entry entry;
    char *error = NULL;
    ck_assert_msg(phonebook_parse(text, &entry, &error), "%s", error);
    phonebook_add(&typed, &entry);
    phonebook_set(&book, &typed);
}

static const char *who(const char *host, in_port_t port)
{
    union address address;
    ck_assert(address_parse(host, port, &address));
    return phonebook_find(&book, &address);
}

START_TEST(nobody_is_known_at_first)
{
    ck_assert_ptr_null(who("10.0.0.7", 1));
    phonebook_set(&book, &typed);
    ck_assert_ptr_null(who("10.0.0.7", 1));
}
END_TEST

START_TEST(an_address_is_known_on_every_port)
{
    know("10.0.0.7 boiler");
    know("2001:db8::7 kettle");
    ck_assert_str_eq(who("10.0.0.7", 1), "boiler");
    ck_assert_str_eq(who("10.0.0.7", 65535), "boiler");
    ck_assert_str_eq(who("2001:db8::7", 1), "kettle");
    ck_assert_ptr_null(who("10.0.0.8", 1));
    ck_assert_ptr_null(who("2001:db8::8", 1));
}
END_TEST

START_TEST(the_closest_counts)
{
    know("0.0.0.0/0 anybody");
    know("10.0.0.0/8 plant");
    know("10.0.0.7 boiler");
    know("10.0.0.7:5000 console");
    know("::/0 six");
    know("[2001:db8::7]:5000 kettle");
    ck_assert_str_eq(who("192.0.2.1", 5000), "anybody");
    ck_assert_str_eq(who("10.9.9.9", 5000), "plant");
    ck_assert_str_eq(who("10.0.0.7", 5001), "boiler");
    ck_assert_str_eq(who("10.0.0.7", 5000), "console");
    ck_assert_str_eq(who("2001:db8::7", 5000), "kettle");
    ck_assert_str_eq(who("2001:db8::7", 5001), "six");
}
END_TEST

START_TEST(a_mapped_address_is_ipv4)
{
    know("10.0.0.7 boiler");
    know("[::ffff:10.0.0.8]:5000 kettle");
    ck_assert_str_eq(who("::ffff:10.0.0.7", 1), "boiler");
    ck_assert_str_eq(who("10.0.0.8", 5000), "kettle");
    ck_assert_ptr_null(who("::", 1));
}
END_TEST

START_TEST(bits_beyond_the_prefix_do_not_count)
{
    know("10.1.2.3/15 plant");
    ck_assert_str_eq(who("10.0.255.255", 1), "plant");
    ck_assert_str_eq(who("10.1.0.0", 1), "plant");
    ck_assert_ptr_null(who("10.2.0.0", 1));
}
END_TEST

START_TEST(of_two_for_one_place_the_first_counts)
{
    know("10.0.0.7 boiler");
    know("10.0.0.0/8 plant");
    know("10.0.0.7/32 kettle");
    know("10.0.0.7 teapot");
    ck_assert_str_eq(who("10.0.0.7", 1), "boiler");
    ck_assert_uint_eq(book.count, 2);
    ck_assert_uint_eq(typed.count, 4);
}
END_TEST

START_TEST(it_is_set_anew)
{
    know("10.0.0.7 boiler");
    know("10.0.0.0/8 plant");
    phonebook_finish(&typed);
    know("10.0.0.8 kettle");
    ck_assert_ptr_null(who("10.0.0.7", 1));
    ck_assert_str_eq(who("10.0.0.8", 1), "kettle");
}
END_TEST

START_TEST(many_are_found)
{
    char text[64], host[32], name[32];
    for (unsigned i = 0; i < 20000; i++) {
        struct phonebook_entry entry;
        char *error = NULL;
        snprintf(text, sizeof text, "10.%u.%u.7 meter-%u", i / 250, i % 250, i);
        ck_assert(phonebook_parse(text, &entry, &error));
        phonebook_add(&typed, &entry);
    }
    phonebook_set(&book, &typed);
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(host, sizeof host, "10.%u.%u.7", i / 250, i % 250);
        snprintf(name, sizeof name, "meter-%u", i);
        ck_assert_str_eq(who(host, 1), name);
    }
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "'' is not an address and a name, as in 10.0.0.7 boiler"},
        {"10.0.0.7", "'10.0.0.7' is not an address and a name, as in 10.0.0.7 boiler"},
        {"10.0.0.7 a b", "'10.0.0.7 a b' is not an address and a name, as in 10.0.0.7 boiler"},
        {"10.0.0.7 7up",
         "'7up' is not a name: a letter, then at most 31 letters, digits, _ or -"},
        {"10.0.0.7:x boiler", "port 'x' is not a number from 1 to 65535"},
        {"10.0.0.7:0 boiler", "port '0' is not a number from 1 to 65535"},
        {"10.0.0.0/8:5 boiler", "'10.0.0.0/8' is a prefix, and takes no port"},
        {"[::1]:65536 boiler", "port '65536' is not a number from 1 to 65535"},
        {"[::1 boiler", "'[::1' is not an address prefix like 10.0.0.0/8 or 2001:db8::/32"},
        {"host boiler", "'host' is not an address prefix like 10.0.0.0/8 or 2001:db8::/32"},
        {"10.0.0.0/33 boiler",
         "'10.0.0.0/33' is not an address prefix like 10.0.0.0/8 or 2001:db8::/32"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phonebook_entry entry;
        char *error = NULL;
        ck_assert(!phonebook_parse(cases[i].text, &entry, &error));
        ck_assert_str_eq(error, cases[i].error);
        free(error);
    }
}
END_TEST

START_TEST(blanks_do_not_matter)
{
    know("  10.0.0.7\t  boiler ");
    know("[2001:db8::7] kettle");
    ck_assert_str_eq(who("10.0.0.7", 1), "boiler");
    ck_assert_str_eq(who("2001:db8::7", 1), "kettle");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody_is_known_at_first,
                                  an_address_is_known_on_every_port,
                                  the_closest_counts,
                                  a_mapped_address_is_ipv4,
                                  bits_beyond_the_prefix_do_not_count,
                                  of_two_for_one_place_the_first_counts,
                                  it_is_set_anew,
                                  many_are_found,
                                  what_is_wrong_is_named,
                                  blanks_do_not_matter,
                                  NULL};
    return check_run_with("phonebook", setup, teardown, tests);
}
