/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_group.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/listener.h"
#include "transport/udp_options.h"

static int fd;

static void setup(void)
{
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static void teardown(void)
{
    close(fd);
}

static int option_of(int level, int name)
{
    int value = -1;
    socklen_t length = sizeof value;
    ck_assert_int_eq(getsockopt(fd, level, name, &value, &length), 0);
    return value;
}

static union address address_of(const char *host)
{
    union address address;
    ck_assert(address_parse(host, 7, &address));
    return address;
}

static int prepare(const char *host, const struct udp_options *options)
{
    union address remote = address_of(host);
    return udp_group_prepare(fd, &remote, options);
}

START_TEST(keys_of_a_group_are_its_options)
{
    const struct udp_options options = {.interface = (char *)"lo", .ttl = 9, .loop = 0};
    struct ip_mreqn where = {0};
    socklen_t length = sizeof where;
    ck_assert_int_eq(prepare("239.1.2.3", &options), 0);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_MULTICAST_TTL), 9);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_MULTICAST_LOOP), 0);
    ck_assert_int_ne(option_of(IPPROTO_IP, IP_TTL), 9);
    ck_assert_int_eq(getsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, &length), 0);
    ck_assert_int_eq(prepare("239.1.2.3", &(struct udp_options){.ttl = -1, .loop = 1}), 0);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_MULTICAST_TTL), 9);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_MULTICAST_LOOP), 1);
}
END_TEST

START_TEST(keys_of_an_ipv6_group_too)
{
    const struct udp_options options = {.interface = (char *)"lo", .ttl = 9, .loop = 0};
    close(fd);
    fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return; /* no IPv6 here */
    ck_assert_int_eq(prepare("ff02::1", &options), 0);
    ck_assert_int_eq(option_of(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), 9);
    ck_assert_int_eq(option_of(IPPROTO_IPV6, IPV6_MULTICAST_LOOP), 0);
    ck_assert_int_eq(option_of(IPPROTO_IPV6, IPV6_MULTICAST_IF), (int)if_nametoindex("lo"));
    ck_assert_int_eq(prepare("::1", &(struct udp_options){.ttl = 5, .loop = -1}), 0);
    ck_assert_int_eq(option_of(IPPROTO_IPV6, IPV6_UNICAST_HOPS), 5);
    ck_assert_int_eq(option_of(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), 9);
}
END_TEST

START_TEST(other_calls_have_ttl_and_interface)
{
    char interface[IF_NAMESIZE] = "";
    socklen_t length = sizeof interface;
    const struct udp_options options = {.interface = (char *)"lo", .ttl = 5, .loop = -1};
    ck_assert_int_eq(prepare("127.0.0.1", &options), 0);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_TTL), 5);
    ck_assert_int_eq(option_of(IPPROTO_IP, IP_MULTICAST_TTL), 1);
    ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, &length), 0);
    ck_assert_str_eq(interface, "lo");
}
END_TEST

START_TEST(what_cannot_be_is_an_errno)
{
    ck_assert_int_eq(prepare("127.0.0.1", &(struct udp_options){.ttl = 0, .loop = -1}), EINVAL);
    ck_assert_int_eq(prepare("127.0.0.1",
                             &(struct udp_options){
                                 .interface = (char *)"no-such-one", .ttl = -1, .loop = -1}),
                     ENODEV);
}
END_TEST

START_TEST(connecting_tells_who_may_answer)
{
    static const struct {
        const char *host;
        bool many;
    } cases[] = {{"127.0.0.1", false}, {"127.255.255.255", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        union address remote = address_of(cases[i].host);
        bool many = !cases[i].many;
        ck_assert_int_eq(udp_group_connect(fd, &remote, &many), 0);
        ck_assert(many == cases[i].many);
    }
    bool many = false;
    union address group = address_of("239.1.2.3");
    ck_assert_int_eq(
        prepare("239.1.2.3",
                &(struct udp_options){.interface = (char *)"lo", .ttl = -1, .loop = -1}),
        0);
    udp_group_connect(fd, &group, &many); /* there may be no route */
    ck_assert(many);
}
END_TEST

START_TEST(broadcasts_are_allowed_and_not)
{
    union address remote = address_of("127.255.255.255");
    ck_assert(sendto(fd, "", 0, 0, &remote.any, sizeof remote.v4) < 0);
    ck_assert_int_eq(errno, EACCES);
    udp_group_permit(fd, true);
    ck_assert_int_eq(sendto(fd, "", 0, 0, &remote.any, sizeof remote.v4), 0);
    udp_group_permit(fd, false);
    ck_assert(sendto(fd, "", 0, 0, &remote.any, sizeof remote.v4) < 0);
}
END_TEST

static void completes(const char *typed, const char *printed, const char *expected)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert(endpoint_parse(typed, &endpoint, &error));
    struct listener *listener = listener_create(&endpoint, &udp_options_keys, &error);
    ck_assert_ptr_nonnull(listener);
    ck_assert(udp_group_complete(listener, &error) == (printed != NULL));
    if (printed) {
        origin_set_port(&listener->origin, 7);
        ck_assert_str_eq(listener->origin.text, printed);
    } else {
        check_error(error, expected);
    }
    listener_release(listener);
}

START_TEST(a_host_gets_its_interface)
{
    completes("udp://[ff02::1]:7?interface=lo", "udp://[ff02::1%lo]:7", NULL);
    completes("udp://[fe80::1]:7?interface=lo", "udp://[fe80::1%lo]:7", NULL);
    completes("udp://[ff02::1%lo]:7?interface=lo", "udp://[ff02::1%lo]:7", NULL);
    completes("udp://[ff05::1]:7?interface=lo", "udp://[ff05::1]:7?interface=lo", NULL);
    completes("udp://239.1.2.3:7?interface=lo", "udp://239.1.2.3:7?interface=lo", NULL);
    completes("udp://localhost:7", "udp://localhost:7", NULL);
    completes("udp://[ff02::1]:7", NULL,
              "ff02::1 is another address on each interface: write [ff02::1%eth0]");
    completes("udp://*:7?interface=no-such-one", NULL, "there is no interface no-such-one");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        keys_of_a_group_are_its_options,    keys_of_an_ipv6_group_too,
        other_calls_have_ttl_and_interface, what_cannot_be_is_an_errno,
        connecting_tells_who_may_answer,    broadcasts_are_allowed_and_not,
        a_host_gets_its_interface,          NULL};
    return check_run_with("udp_group", setup, teardown, tests);
}
