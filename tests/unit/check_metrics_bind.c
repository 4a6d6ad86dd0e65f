/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics_bind.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check_main.h"

static void good(const char *endpoint)
{
    char *error = NULL;
    if (!metrics_bind_check(endpoint, &error))
        ck_abort_msg("%s: %s", endpoint, error);
    ck_assert_ptr_null(error);
}

static void bad(const char *endpoint, const char *wanted)
{
    char *error = NULL;
    ck_assert_msg(!metrics_bind_check(endpoint, &error), "%s", endpoint);
    check_error(error, wanted);
}

START_TEST(this_machine_is_right)
{
    good("tcp://127.0.0.1:9100");
    good("127.255.0.3:1");
    good("tcp://[::1]:0");
    good("tcp://[::ffff:127.0.0.1]:1");
    good("localhost:9100");
    good("unix:/run/telex/metrics.sock");
    good("unix:x?mode=0660");
}
END_TEST

START_TEST(elsewhere_is_wrong)
{
    static const char *const endpoints[] = {"9100",
                                            "tcp://*:9100",
                                            "tcp://[::]:9100",
                                            "tcp://0.0.0.0:1",
                                            "tcp://10.1.2.3:1",
                                            "tcp://[::ffff:10.1.2.3]:1",
                                            "tcp://localhost.example:1",
                                            "udp://127.0.0.1:1"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        char *wanted = mem_printf("endpoint %s: metrics are served on this machine only: use "
                                  "unix:PATH or a loopback address, as in tcp://127.0.0.1:9100",
                                  endpoints[i]);
        bad(endpoints[i], wanted);
        free(wanted);
    }
}
END_TEST

START_TEST(only_mode_is_a_key)
{
    bad("unix:x?name=y", "endpoint unix:x?name=y: key 'name' does not belong here: metrics "
                         "take mode= alone, for unix:PATH");
    bad("tcp://127.0.0.1:1?mode=0660",
        "endpoint tcp://127.0.0.1:1?mode=0660: key 'mode' does not belong here: metrics take "
        "mode= alone, for unix:PATH");
    bad("unix:x?mode=0", "endpoint unix:x?mode=0: mode=0: not octal permissions, as in "
                         "mode=0660");
}
END_TEST

START_TEST(what_is_no_endpoint_is_escaped)
{
    char *error = NULL;
    ck_assert(!metrics_bind_check("tcp://127.0.0.1:\x1b", &error));
    ck_assert_ptr_null(strchr(error, '\x1b'));
    free(error);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {this_machine_is_right, elsewhere_is_wrong, only_mode_is_a_key,
                                  what_is_no_endpoint_is_escaped, NULL};
    return check_run("metrics_bind", tests);
}
