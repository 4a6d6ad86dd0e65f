/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_local.h"

#include <arpa/inet.h>

#include "check_main.h"

START_TEST(an_ipv4_address_is_kept_mapped)
{
    const struct in_addr v4 = {.s_addr = htonl(0x0a010203)};
    const struct udp_local local = {.host = udp_local_map(v4)};
    ck_assert(IN6_IS_ADDR_V4MAPPED(&local.host));
    ck_assert_int_eq(udp_local_family(&local), AF_INET);
    ck_assert_uint_eq(udp_local_unmap(&local).s_addr, v4.s_addr);
}
END_TEST

START_TEST(other_families_are_told)
{
    const struct udp_local none = {0}, v6 = {.host = IN6ADDR_LOOPBACK_INIT};
    const struct udp_local group = {.interface = 2}; /* answered from any address there */
    ck_assert_int_eq(udp_local_family(&none), AF_UNSPEC);
    ck_assert_int_eq(udp_local_family(&v6), AF_INET6);
    ck_assert_int_eq(udp_local_family(&group), AF_INET6);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_ipv4_address_is_kept_mapped, other_families_are_told,
                                  NULL};
    return check_run("udp_local", tests);
}
