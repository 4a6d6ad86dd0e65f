/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"

#include "base/address.h"
#include "check_main.h"

static struct limits limits;
static enum refusal why;

static void setup(void)
{
    limits_init(&limits);
}

static void teardown(void)
{
    limits_finish(&limits);
}

static union address of(const char *host)
{
    union address address;
    ck_assert(address_parse(host, 80, &address));
    return address;
}

static bool admit(const char *host)
{
    union address address = of(host);
    return limits_admit(&limits, &address, &why);
}

static void release(const char *host)
{
    union address address = of(host);
    limits_release(&limits, &address);
}

START_TEST(without_limits_all_are_admitted)
{
    for (int i = 0; i < 100; i++)
        ck_assert(admit("10.0.0.1"));
    ck_assert_uint_eq(limits.streams, 100);
}
END_TEST

START_TEST(no_more_than_max_streams)
{
    limits.most.streams = 2;
    ck_assert(admit("10.0.0.1"));
    ck_assert(limits_admit(&limits, NULL, &why)); /* a Unix socket */
    ck_assert(!admit("10.0.0.2"));
    ck_assert_int_eq(why, REFUSED_LIMIT);
    limits_release(&limits, NULL);
    ck_assert(admit("10.0.0.2"));
}
END_TEST

START_TEST(no_more_than_max_per_host)
{
    limits.most.per_host = 1;
    ck_assert(admit("10.0.0.1"));
    ck_assert(!admit("::ffff:10.0.0.1"));
    ck_assert_int_eq(why, REFUSED_LIMIT);
    ck_assert(admit("10.0.0.2"));
    release("10.0.0.1");
    ck_assert(admit("10.0.0.1"));
    ck_assert_uint_eq(limits.streams, 2);
}
END_TEST

START_TEST(a_slash_64_is_one_host)
{
    limits.most.per_host = 1;
    ck_assert(admit("2001:db8::1"));
    ck_assert(!admit("2001:db8::ffff:2"));
    ck_assert(admit("2001:db8:0:1::1"));
}
END_TEST

START_TEST(the_access_list_comes_first)
{
    struct cidr cidr;
    char *error = NULL;
    ck_assert(cidr_parse("10.0.0.0/8", &cidr, &error));
    access_add(&limits.access, &cidr, false);
    access_compile(&limits.access);
    limits.most.streams = 1;
    ck_assert(!admit("10.0.0.1"));
    ck_assert_int_eq(why, REFUSED_ACCESS);
    ck_assert(admit("11.0.0.1"));
    ck_assert(!admit("10.0.0.1"));
    ck_assert_int_eq(why, REFUSED_ACCESS);
}
END_TEST

static void count(const char *host)
{
    union address address = of(host);
    limits_count(&limits, &address);
}

START_TEST(a_limit_set_later_counts_who_is_there)
{
    ck_assert(admit("10.0.0.1"));
    ck_assert(admit("10.0.0.1"));
    ck_assert(admit("10.0.0.2"));
    for (int i = 0; i < 2; i++) {
        limits_configure(&limits, &(struct limits_settings){.per_host = 2});
        count("10.0.0.1");
        count("10.0.0.1");
        count("10.0.0.2");
        ck_assert_uint_eq(limits.streams, 3);
        ck_assert(!admit("10.0.0.1"));
        ck_assert(admit("10.0.0.2"));
        ck_assert(!admit("10.0.0.2"));
        release("10.0.0.2");
        release("10.0.0.1");
        ck_assert(admit("10.0.0.1"));
        ck_assert(!admit("10.0.0.1"));
    }
}
END_TEST

START_TEST(without_a_limit_no_host_is_kept)
{
    limits.most.per_host = 1;
    ck_assert(admit("10.0.0.1"));
    limits_configure(&limits, &(struct limits_settings){0});
    count("10.0.0.1");
    ck_assert_ptr_null(limits.hosts);
    ck_assert(admit("10.0.0.1"));
    release("10.0.0.1");
    release("10.0.0.1");
    ck_assert_uint_eq(limits.streams, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        without_limits_all_are_admitted, no_more_than_max_streams,
        no_more_than_max_per_host,       a_slash_64_is_one_host,
        the_access_list_comes_first,     a_limit_set_later_counts_who_is_there,
        without_a_limit_no_host_is_kept, NULL};
    return check_run_with("limits", setup, teardown, tests);
}
