/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/bind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/endpoint.h"
#include "base/mem.h"
#include "check_main.h"
#include "loop/resolve.h"

static struct endpoint endpoint;
static struct bound bound;

static void teardown(void)
{
    bind_close(&bound);
    endpoint_finish(&endpoint);
}

static void parse(const char *text)
{
    char *error = NULL;
    endpoint_finish(&endpoint);
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s", error);
}

static void setup(void)
{
    endpoint = (struct endpoint){0};
    bound = (struct bound){0};
    parse("tcp://127.0.0.1:0");
}

static void must_bind(const struct resolved *host, int type)
{
    char *error = NULL;
    ck_assert_msg(bind_endpoint(&endpoint, host, type, &bound, &error), "%s", error);
}

static void must_fail(const struct resolved *host, int type, const char *reason)
{
    struct bound other;
    char *error = NULL;
    ck_assert(!bind_endpoint(&endpoint, host, type, &other, &error));
    check_error(error, reason);
    ck_assert_uint_eq(other.count, 0);
}

static void check_local(size_t i, const char *text)
{
    union address local;
    socklen_t length = sizeof local;
    char wanted[ADDRESS_TEXT], found[ADDRESS_TEXT];
    ck_assert_uint_lt(i, bound.count);
    ck_assert_int_eq(getsockname(bound.fds[i], &local.any, &length), 0);
    address_print(&local, found);
    ck_assert_int_ge(snprintf(wanted, sizeof wanted, "%s:%d", text, (int)bound.port), 0);
    ck_assert_str_eq(found, wanted);
}

static int option(int fd, int name)
{
    int value = 0;
    socklen_t length = sizeof value;
    ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, name, &value, &length), 0);
    return value;
}

START_TEST(binds_a_number_and_says_which_port)
{
    must_bind(NULL, SOCK_STREAM);
    ck_assert_uint_eq(bound.count, 1);
    ck_assert_uint_ne(bound.port, 0);
    check_local(0, "127.0.0.1");
    ck_assert_int_eq(option(bound.fds[0], SO_TYPE), SOCK_STREAM);
    ck_assert(fcntl(bound.fds[0], F_GETFL) & O_NONBLOCK);
    ck_assert(fcntl(bound.fds[0], F_GETFD) & FD_CLOEXEC);
}
END_TEST

START_TEST(a_port_of_datagrams_is_never_shared)
{
    must_bind(NULL, SOCK_DGRAM);
    ck_assert_int_eq(option(bound.fds[0], SO_REUSEADDR), 0);
    endpoint.port = bound.port;
    must_fail(NULL, SOCK_DGRAM, "Address already in use");
    struct bound stream;
    char *error = NULL;
    ck_assert(bind_endpoint(&endpoint, NULL, SOCK_STREAM, &stream, &error));
    ck_assert_int_ne(option(stream.fds[0], SO_REUSEADDR), 0);
    bind_close(&stream);
}
END_TEST

START_TEST(all_of_a_name_get_the_same_port)
{
    union address addresses[3];
    const struct resolved host = {.addresses = addresses, .count = 3};
    ck_assert(address_parse("127.0.0.1", 0, &addresses[0]));
    ck_assert(address_parse("192.0.2.1", 0, &addresses[1])); /* RFC 5737: nobody's */
    ck_assert(address_parse("127.0.0.2", 0, &addresses[2]));
    must_bind(&host, SOCK_DGRAM);
    ck_assert_uint_eq(bound.count, 2);
    check_local(0, "127.0.0.1");
    check_local(1, "127.0.0.2");
}
END_TEST

START_TEST(all_or_none_are_bound)
{
    union address addresses[2];
    const struct resolved host = {.addresses = addresses, .count = 2};
    ck_assert(address_parse("127.0.0.1", 0, &addresses[0]));
    ck_assert(address_parse("127.0.0.2", 0, &addresses[1]));
    must_bind(&(struct resolved){.addresses = &addresses[1], .count = 1}, SOCK_DGRAM);
    endpoint.port = bound.port;
    must_fail(&host, SOCK_DGRAM, "Address already in use");
    struct bound free_again;
    char *error = NULL;
    ck_assert(bind_endpoint(&endpoint, NULL, SOCK_DGRAM, &free_again, &error));
    bind_close(&free_again);
}
END_TEST

START_TEST(says_why_none_could_be)
{
    union address address;
    const struct resolved host = {.addresses = &address, .count = 1};
    ck_assert(address_parse("192.0.2.1", 0, &address));
    must_fail(&host, SOCK_STREAM, "Cannot assign requested address");
}
END_TEST

START_TEST(a_wildcard_is_one_socket)
{
    parse("udp://*:0");
    must_bind(NULL, SOCK_DGRAM);
    ck_assert_uint_eq(bound.count, 1);
    ck_assert_uint_ne(bound.port, 0);
    endpoint.port = bound.port;
    must_fail(NULL, SOCK_DGRAM, "Address already in use");
}
END_TEST

START_TEST(a_call_is_bound_in_its_own_family_only)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(bind_local(NULL, fd, AF_INET));
    ck_assert(!bind_local("::1", fd, AF_INET));
    ck_assert_int_eq(errno, EADDRNOTAVAIL);
    ck_assert(!bind_local("192.0.2.1", fd, AF_INET));
    ck_assert_int_eq(errno, EADDRNOTAVAIL);
    ck_assert(bind_local("127.0.0.1", fd, AF_INET));
    bound = (struct bound){.fds = {fd}, .count = 1};
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {binds_a_number_and_says_which_port,
                                  a_port_of_datagrams_is_never_shared,
                                  all_of_a_name_get_the_same_port,
                                  all_or_none_are_bound,
                                  says_why_none_could_be,
                                  a_wildcard_is_one_socket,
                                  a_call_is_bound_in_its_own_family_only,
                                  NULL};
    return check_run_with("bind", setup, teardown, tests);
}
