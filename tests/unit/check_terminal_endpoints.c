/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_endpoints.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"

static UT_string found;

static void setup(void)
{
    utstring_init(&found);
}

static void teardown(void)
{
    utstring_done(&found);
}

static void add(void *context, const char *word)
{
    utstring_printf(context, "%s ", word);
}

static void finds(const char *text, enum key_use use, const char *expected)
{
    utstring_clear(&found);
    terminal_endpoints_find(text, use, add, &found);
    ck_assert_str_eq(utstring_body(&found), expected);
}

START_TEST(schemes_come_first)
{
    finds("", KEY_LISTEN, "tcp:// udp:// tls:// dtls:// ws:// wss:// unix: ");
    /* Who asks knows what fits. */
    finds("u", KEY_CALL, "tcp:// udp:// tls:// dtls:// ws:// wss:// unix: serial: exec: ");
}
END_TEST

START_TEST(then_the_keys_of_the_scheme)
{
    finds("9999?", KEY_LISTEN,
          "9999?reply= 9999?eol= 9999?framing= 9999?view= 9999?name= 9999?half-close= "
          "9999?fault= 9999?to= 9999?proxy= ");
    finds("udp://h:1?", KEY_LISTEN,
          "udp://h:1?reply= udp://h:1?eol= udp://h:1?view= udp://h:1?name= "
          "udp://h:1?fault= udp://h:1?to= udp://h:1?interface= ");
    finds("unix:/x?name=a&", KEY_LISTEN,
          "unix:/x?name=a&reply= unix:/x?name=a&eol= unix:/x?name=a&framing= "
          "unix:/x?name=a&view= "
          "unix:/x?name=a&name= unix:/x?name=a&half-close= unix:/x?name=a&fault= "
          "unix:/x?name=a&to= "
          "unix:/x?name=a&mode= ");
    finds("unix:@x?", KEY_LISTEN,
          "unix:@x?reply= unix:@x?eol= unix:@x?framing= unix:@x?view= unix:@x?name= "
          "unix:@x?half-close= unix:@x?fault= unix:@x?to= ");
}
END_TEST

START_TEST(a_call_has_others)
{
    finds("udp://h:1?", KEY_CALL,
          "udp://h:1?reply= udp://h:1?eol= udp://h:1?view= udp://h:1?name= udp://h:1?fault= "
          "udp://h:1?again= "
          "udp://h:1?from= "
          "udp://h:1?interface= udp://h:1?ttl= udp://h:1?loop= ");
}
END_TEST

START_TEST(then_the_values_to_choose_from)
{
    finds("tcp://h:1?reply=", KEY_LISTEN,
          "tcp://h:1?reply=none tcp://h:1?reply=echo tcp://h:1?reply=stamp ");
    finds("tcp://h:1?proxy=", KEY_LISTEN, "tcp://h:1?proxy=yes "); /* or what people know */
    finds("udp://h:1?ttl=1&loop=y", KEY_CALL,
          "udp://h:1?ttl=1&loop=no udp://h:1?ttl=1&loop=yes ");
}
END_TEST

START_TEST(nothing_where_it_cannot_be_known)
{
    finds("udp://h:1?name=", KEY_LISTEN, "");
    finds("udp://h:1?loop=", KEY_LISTEN, "");
    finds("udp://h:1?speed=", KEY_LISTEN, "");
    finds("http://h?", KEY_LISTEN, "");
    finds("?", KEY_LISTEN, "");
}
END_TEST

/* Which there are is the machine's. */
START_TEST(behind_serial_come_devices)
{
    terminal_endpoints_find("u", KEY_CALL, add, &found);
    const size_t schemes = utstring_len(&found);
    utstring_clear(&found);
    terminal_endpoints_find("serial:", KEY_CALL, add, &found);
    char *rest = utstring_body(&found) + schemes;
    for (char *word; (word = strsep(&rest, " "));)
        ck_assert(*word == '\0' || strncmp(word, "serial:/dev/", 12) == 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {schemes_come_first,
                                  behind_serial_come_devices,
                                  then_the_keys_of_the_scheme,
                                  a_call_has_others,
                                  then_the_values_to_choose_from,
                                  nothing_where_it_cannot_be_known,
                                  NULL};
    return check_run_with("terminal_endpoints", setup, teardown, tests);
}
