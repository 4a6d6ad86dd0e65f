/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cidr.h"

#include <string.h>

#include "check_main.h"

static struct cidr parse(const char *text)
{
    struct cidr cidr;
    char *error = NULL;
    ck_assert_msg(cidr_parse(text, &cidr, &error), "%s: %s", text, error);
    return cidr;
}

START_TEST(reads_both_families)
{
    struct cidr v4 = parse("10.1.2.3/8");
    ck_assert(!v4.v6);
    ck_assert_uint_eq(v4.bits, 8);
    ck_assert_mem_eq(v4.prefix, ((uint8_t[CIDR_BYTES]){10}), CIDR_BYTES);
    struct cidr v6 = parse("2001:db8:ffff::1/33");
    ck_assert(v6.v6);
    ck_assert_uint_eq(v6.bits, 33);
    ck_assert_mem_eq(v6.prefix, ((uint8_t[CIDR_BYTES]){0x20, 1, 0x0d, 0xb8, 0x80}), CIDR_BYTES);
}
END_TEST

START_TEST(an_address_alone_is_its_full_prefix)
{
    ck_assert_uint_eq(parse("10.1.2.3").bits, 32);
    ck_assert_uint_eq(parse("::1").bits, 128);
    ck_assert_uint_eq(parse("0.0.0.0/0").bits, 0);
}
END_TEST

START_TEST(a_mapped_prefix_is_ipv4)
{
    struct cidr mapped = parse("::ffff:10.1.2.3/112"), plain = parse("10.1.2.3/16");
    ck_assert(!mapped.v6);
    ck_assert_uint_eq(mapped.bits, plain.bits);
    ck_assert_mem_eq(mapped.prefix, plain.prefix, CIDR_BYTES);
    ck_assert(parse("::ffff:0:0/95").v6);
}
END_TEST

START_TEST(refuses_what_is_none)
{
    static const char *const bad[] = {"",          "10.0.0.0/33", "::/129",      "10.0.0/8",
                                      "10.0.0.0/", "host/8",      "10.0.0.0/-1", "::1%lo/8",
                                      "/8"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct cidr cidr;
        char *error = NULL;
        ck_assert_msg(!cidr_parse(bad[i], &cidr, &error), "%s", bad[i]);
        ck_assert_ptr_nonnull(strstr(error, "is not an address prefix like 10.0.0.0/8"));
        free(error);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_both_families, an_address_alone_is_its_full_prefix,
                                  a_mapped_prefix_is_ipv4, refuses_what_is_none, NULL};
    return check_run("cidr", tests);
}
