/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/port.h"

#include <netdb.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "check_main.h"

static void fails(const char *text, const char *expected)
{
    in_port_t port;
    char *error = NULL;
    ck_assert_msg(!port_parse(text, SOCK_STREAM, &port, &error), "%s", text);
    check_error(error, expected);
}

START_TEST(reads_numbers)
{
    static const struct {
        const char *text;
        in_port_t port;
    } cases[] = {{"0", 0}, {"80", 80}, {"0080", 80}, {"65535", 65535}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        in_port_t port = 1;
        char *error = NULL;
        ck_assert_msg(port_parse(cases[i].text, SOCK_DGRAM, &port, &error), "%s", error);
        ck_assert_uint_eq(port, cases[i].port);
    }
    fails("65536", "port '65536' is not a number from 0 to 65535");
    fails("", "port '' is not a number from 0 to 65535");
    fails("-1", "port '-1' is not a number from 0 to 65535");
    fails(" 80", "port ' 80' is not a number from 0 to 65535");
    fails("8\x1b", "port '8\\x1b' is not a number from 0 to 65535");
}
END_TEST

/* Each service of the machine's list, as getservent(3) reads it. */
START_TEST(reads_services)
{
    const struct servent *service;
    setservent(1);
    for (int i = 0; i < 50 && (service = getservent()); i++) {
        char *name = mem_strdup(service->s_name), *error = NULL;
        int type = service->s_proto[0] == 'u' ? SOCK_DGRAM : SOCK_STREAM;
        in_port_t port = 0, expected = ntohs((uint16_t)service->s_port);
        if (service->s_proto[0] == 't' || service->s_proto[0] == 'u') {
            ck_assert_msg(port_parse(name, type, &port, &error), "%s", error);
            ck_assert_uint_eq(port, expected);
        }
        free(name);
    }
    endservent();
}
END_TEST

START_TEST(names_what_no_service_is)
{
    fails("no-such-service", "port 'no-such-service' is neither a number from 0 to 65535 nor a "
                             "service that this machine knows");
    fails("1e3", "port '1e3' is neither a number from 0 to 65535 nor a service that this "
                 "machine knows");
    fails("a\x1b", "port 'a\\x1b' is neither a number from 0 to 65535 nor a service that this "
                   "machine knows");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_numbers, reads_services, names_what_no_service_is,
                                  NULL};
    return check_run("port", tests);
}
