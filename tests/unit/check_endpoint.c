/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint.h"

#include <string.h>

#include "base/endpoint_path.h"
#include "base/mem.h"
#include "check_main.h"

static struct endpoint parsed(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert_msg(endpoint_parse(text, &endpoint, &error), "%s: %s", text, error);
    return endpoint;
}

/* Whether what is printed is as given, and can be typed back. */
static void prints_as(const struct endpoint *endpoint, const char *expected)
{
    char *text = endpoint_print(endpoint);
    ck_assert_str_eq(text, expected);
    struct endpoint back = parsed(text);
    char *again = endpoint_print(&back);
    ck_assert_str_eq(again, expected);
    endpoint_finish(&back);
    free(again);
    free(text);
}

struct read_case {
    const char *text, *printed;
};

static void read_all(const struct read_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct endpoint endpoint = parsed(cases[i].text);
        prints_as(&endpoint, cases[i].printed);
        endpoint_finish(&endpoint);
    }
}

START_TEST(reads_hosts_and_ports)
{
    static const struct read_case cases[] = {
        {"9000", "tcp://*:9000"},
        {"0", "tcp://*:0"},
        {"65535", "tcp://*:65535"},
        {"localhost", "tcp://localhost:9999"},
        {"localhost:80", "tcp://localhost:80"},
        {"*", "tcp://*:9999"},
        {"*:80", "tcp://*:80"},
        {":80", "tcp://*:80"},
        {"tcp://", "tcp://*:9999"},
        {"tcp://:80", "tcp://*:80"},
        {"tcp://*:80", "tcp://*:80"},
        {"tcp://80", "tcp://*:80"},
        {"udp://", "udp://*:21567"},
        {"tls://", "tls://*:9998"},
        {"dtls://", "dtls://*:9998"},
        {"TLS://boiler.example", "tls://boiler.example:9998"},
        {"udp://53", "udp://*:53"},
        {"udp://10.0.0.1", "udp://10.0.0.1:21567"},
        {"UDP://Host:1", "udp://Host:1"},
        {"[::]:80", "tcp://[::]:80"},
        {"[::]", "tcp://[::]:9999"},
        {"udp://[::1]", "udp://[::1]:21567"},
        {"tcp://[fe80::1%eth0]:9999", "tcp://[fe80::1%eth0]:9999"},
        {"[::ffff:10.1.2.3]:5", "tcp://10.1.2.3:5"},
        {"h\xc3\xb6st:5", "tcp://h\xc3\xb6st:5"},
        {"127.1:5", "tcp://127.1:5"},
        {"0x7f.1", "tcp://0x7f.1:9999"},
        {"localhost.:80", "tcp://localhost.:80"},
        {"[fe80::1%25]:80", "tcp://[fe80::1%25]:80"},
    };
    read_all(cases, sizeof cases / sizeof *cases);
}
END_TEST

START_TEST(reads_paths)
{
    static const struct read_case cases[] = {
        {"unix:/run/x.sock", "unix:/run/x.sock"},
        {"unix:relative", "unix:relative"},
        {"unix:///run/x", "unix:///run/x"},
        {"unix:/a%20b%3Fc%25", "unix:/a%20b%3fc%25"},
        {"UNIX:x", "unix:x"},
        {"/run/x.sock?mode=0660", "unix:/run/x.sock"},
        {"./x", "unix:./x"},
        {"../x", "unix:../x"},
        {"/a%20b", "unix:/a%20b"},
        {"unix:@name", "unix:@name"},
        {"unix:@a b%3f%ff@", "unix:@a%20b%3f%ff@"},
        {"unix:%40file", "unix:./@file"},
        {"unix:%7e/x", "unix:./~/x"},
        {"unix:/~/@", "unix:/~/@"},
        {"serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0"},
        {"exec:sort -n", "exec:sort -n"},
        {"EXEC:date%20+%25H%3f%26 & echo a?pty=yes", "exec:date +%25H%3f& & echo a"},
        {"serial:./my%20tty", "serial:./my%20tty"},
        {"serial:/dev/a b?baud=9600", "serial:/dev/a%20b"},
        {"unix:/a%0a\xe4\xb8\xad%ff%e2%80%ae", "unix:/a%0a\xe4\xb8\xad%ff%e2%80%ae"},
    };
    read_all(cases, sizeof cases / sizeof *cases);
}
END_TEST

START_TEST(fills_the_fields)
{
    struct endpoint endpoint = parsed("udp://[fe80::1%eth0]:7?eol=lf");
    ck_assert_int_eq(endpoint.scheme, SCHEME_UDP);
    ck_assert_str_eq(endpoint.host, "fe80::1%eth0");
    ck_assert_uint_eq(endpoint.port, 7);
    ck_assert_ptr_null(endpoint.path);
    ck_assert_uint_eq(endpoint.key_count, 1);
    ck_assert(!endpoint_is_wildcard(&endpoint));
    endpoint_finish(&endpoint);
    ck_assert_ptr_null(endpoint.host);
    ck_assert_uint_eq(endpoint.key_count, 0);

    endpoint = parsed("unix:/a%3fb?mode=0660");
    ck_assert_int_eq(endpoint.scheme, SCHEME_UNIX);
    ck_assert_str_eq(endpoint.path, "/a?b");
    ck_assert_str_eq(endpoint_key(&endpoint, "mode"), "0660");
    ck_assert(!endpoint_is_wildcard(&endpoint));
    endpoint_finish(&endpoint);

    endpoint = parsed("9999");
    ck_assert(endpoint_is_wildcard(&endpoint));
    endpoint_finish(&endpoint);
    endpoint_finish(&endpoint);
}
END_TEST

START_TEST(reads_keys)
{
    struct endpoint endpoint = parsed("9999?reply=echo&name=a%26b%3dc&eol=&x=y=z?");
    ck_assert_str_eq(endpoint_key(&endpoint, "reply"), "echo");
    ck_assert_str_eq(endpoint_key(&endpoint, "name"), "a&b=c");
    ck_assert_str_eq(endpoint_key(&endpoint, "eol"), "");
    ck_assert_str_eq(endpoint_key(&endpoint, "x"), "y=z?");
    ck_assert_ptr_null(endpoint_key(&endpoint, "Reply"));
    prints_as(&endpoint, "tcp://*:9999");
    endpoint_finish(&endpoint);
    endpoint = parsed("localhost:1?to=tcp://far:2/");
    ck_assert_str_eq(endpoint.host, "localhost");
    ck_assert_str_eq(endpoint_key(&endpoint, "to"), "tcp://far:2/");
    endpoint_finish(&endpoint);
}
END_TEST

static void refuses(const char *text, const char *expected)
{
    struct endpoint endpoint;
    char *error = NULL, *copy = mem_strdup(text);
    ck_assert_msg(!endpoint_parse(copy, &endpoint, &error), "%s", text);
    check_error(error, expected);
    ck_assert_ptr_null(endpoint.host);
    ck_assert_ptr_null(endpoint.path);
    ck_assert_uint_eq(endpoint.key_count, 0);
    free(copy);
}

START_TEST(a_place_on_the_web_has_a_path)
{
    static const char *const texts[][3] = {
        {"ws://h:8080/chat", "/chat", "ws://h:8080/chat"},
        {"ws://h/a%3Fb=c&d", "/a?b=c&d", "ws://h:80/a%3Fb=c&d"},
        {"ws://[::1]:1/", "/", "ws://[::1]:1/"},
        {"WS://h/a b%20\xc3\xa4#", "/a%20b%20%C3%A4%23", "ws://h:80/a%20b%20%C3%A4%23"},
        {"ws://*:8080?reply=echo", NULL, "ws://*:8080"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct endpoint it = {0};
        char *error = NULL;
        ck_assert_msg(endpoint_parse(texts[i][0], &it, &error), "%s", error);
        if (texts[i][1])
            ck_assert_str_eq(it.path, texts[i][1]);
        else
            ck_assert_ptr_null(it.path);
        ck_assert(it.port_given == (it.port != 80));
        char *printed = endpoint_print(&it);
        ck_assert_str_eq(printed, texts[i][2]);
        free(printed);
        endpoint_finish(&it);
    }
}
END_TEST

START_TEST(refuses_with_a_reason)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "an empty text is no endpoint: write tcp://HOST:PORT or unix:PATH"},
        {"?eol=lf", "keys alone are no endpoint: write tcp://HOST:PORT?key=value"},
        {"http://x",
         "unknown scheme 'http': use tcp, udp, tls, dtls, ws, wss, unix, serial or exec"},
        {"://x", "unknown scheme '': use tcp, udp, tls, dtls, ws, wss, unix, serial or exec"},
        {"a\x1b://x",
         "unknown scheme 'a\\x1b': use tcp, udp, tls, dtls, ws, wss, unix, serial or exec"},
        {"70000", "port '70000' is not a number from 0 to 65535"},
        {"65536", "port '65536' is not a number from 0 to 65535"},
        {"x:70000", "port '70000' is not a number from 0 to 65535"},
        {"x:", "port '' is not a number from 0 to 65535"},
        {"x:no-such-service",
         "port 'no-such-service' is neither a number from 0 to 65535 nor a "
         "service that this machine knows"},
        {"[::1]:0x50",
         "port '0x50' is neither a number from 0 to 65535 nor a service that this "
         "machine knows"},
        {"x:+1", "port '+1' is not a number from 0 to 65535"},
        {"x:-1", "port '-1' is not a number from 0 to 65535"},
        {"x: 1", "port ' 1' is not a number from 0 to 65535"},
        {"[::1]:", "port '' is not a number from 0 to 65535"},
        {"[::1]:\n", "port '\\n' is not a number from 0 to 65535"},
        {"[::1", "'[::1' lacks its closing bracket: write [ADDRESS]:PORT"},
        {"[::1]80", "'80' can't stand after the bracket: write [ADDRESS]:PORT"},
        {"[]:80", "'' is not an IPv6 address"},
        {"[10.0.0.1]:80", "'10.0.0.1' is not an IPv6 address"},
        {"[fe80::1%]:80", "'fe80::1%' is not an IPv6 address"},
        {"[fe80::1%e 0]:80", "'fe80::1%e 0' is not an IPv6 address"},
        {"fe80::1", "IPv6 addresses stand in brackets: tcp://[fe80::1]:9999"},
        {"udp://::1", "IPv6 addresses stand in brackets: udp://[::1]:21567"},
        {"fe80::1%eth0", "IPv6 addresses stand in brackets: tcp://[fe80::1%eth0]:9999"},
        {"fe80::1%eth0:80", "IPv6 addresses stand in brackets: tcp://[fe80::1%eth0]:80"},
        {"1:2:3:4:5:6:7:8:80", "IPv6 addresses stand in brackets: tcp://[1:2:3:4:5:6:7:8]:80"},
        {"a:b:80", "'a:b:80' has more than one colon: write HOST:PORT, or [ADDRESS]:PORT for "
                   "IPv6"},
        {"tcp://x:80/", "'/' can't stand after the port: write HOST:PORT"},
        {"tcp://x/y", "'/y' can't stand after the port: write HOST:PORT"},
        {"a b:80", "host 'a b' is neither a name nor an address"},
        {" x", "host ' x' is neither a name nor an address"},
        {"a\tb", "host 'a\\tb' is neither a name nor an address"},
        {"a\x1b[2J", "host 'a\\x1b[2J' is neither a name nor an address"},
        {"a\xff:1", "host 'a\\xff' is neither a name nor an address"},
        {"a]b", "host 'a]b' is neither a name nor an address"},
        {"9999?", "'' is not of the form key=value"},
        {"9999?eol", "'eol' is not of the form key=value"},
        {"9999?=lf", "'=lf' is not of the form key=value"},
        {"9999?eol=lf&", "'' is not of the form key=value"},
        {"9999?eol=lf&eol=lf", "key 'eol' is given twice"},
        {"9999?a=%4", "'%4' in the value is not a percent sign and two hex digits (write %25 "
                      "for a percent sign)"},
        {"9999?a=%00", "%00 can't stand in the value"},
        {"unix:", "a unix endpoint needs a path: unix:/run/example.sock"},
        {"unix:?mode=0600", "a unix endpoint needs a path: unix:/run/example.sock"},
        {"unix:@", "an abstract socket needs a name: unix:@example"},
        {"unix:@?reply=none", "an abstract socket needs a name: unix:@example"},
        {"unix:/a%00b", "%00 can't stand in the path"},
        {"unix:/a%zz", "'%zz' in the path is not a percent sign and two hex digits (write %25 "
                       "for a percent sign)"},
        {"unix:/a%", "'%' in the path is not a percent sign and two hex digits (write %25 for "
                     "a percent sign)"},
        {"exec:", "there is no command to run, as in exec:cat"},
        {"exec:date +%H:%M", "'%H:' in the command is not a percent sign and two hex digits "
                             "(write %25 for a percent sign)"},
        {"serial:", "a device needs a path, as in /dev/ttyUSB0"},
        {"unix:/a?mode", "'mode' is not of the form key=value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuses(cases[i].text, cases[i].error);
}
END_TEST

START_TEST(limits_the_path)
{
    char path[3 * ENDPOINT_PATH_MAX + 1];
    for (size_t i = 0; i < ENDPOINT_PATH_MAX; i++)
        memcpy(path + 3 * i, "%41", 4);
    char *text = mem_printf("unix:%s", path), *longer = mem_printf("%sa", text);
    struct endpoint endpoint = parsed(text);
    ck_assert_uint_eq(strlen(endpoint.path), ENDPOINT_PATH_MAX);
    endpoint_finish(&endpoint);
    refuses(longer, "the path has 108 bytes, a unix socket's has at most 107");
    free(longer);
    free(text);
    text = mem_printf("unix:@%s", path), longer = mem_printf("%sa", text);
    endpoint = parsed(text);
    ck_assert_uint_eq(strlen(endpoint.path), 1 + ENDPOINT_PATH_MAX);
    endpoint_finish(&endpoint);
    refuses(longer, "the name has 108 bytes, a unix socket's has at most 107");
    free(longer);
    free(text);
}
END_TEST

static void keeps(enum scheme_form form, const char *text, const char *expected)
{
    char *error = NULL, *copy = mem_strdup(text);
    char *path = endpoint_path_parse(form, copy, &error);
    ck_assert_msg(path, "%s: %s", text, error);
    ck_assert_str_eq(path, expected);
    free(path);
    free(copy);
}

static void keeps_nothing(enum scheme_form form, const char *text, const char *expected)
{
    char *error = NULL, *copy = mem_strdup(text);
    ck_assert_ptr_null(endpoint_path_parse(form, copy, &error));
    check_error(error, expected);
    free(copy);
}

/* "@" marks a Unix socket alone; "~" is the shell's in a command. */
START_TEST(devices_and_commands_have_no_marks_but_their_own)
{
    char *longer = mem_printf("/dev/%0*d", 200, 1);
    setenv("HOME", "/home/me", 1);
    keeps(SCHEME_DEVICE, "/dev/tty%20USB0", "/dev/tty USB0");
    keeps(SCHEME_DEVICE, "~/modem", "/home/me/modem");
    keeps(SCHEME_DEVICE, "@x", "./@x");
    keeps(SCHEME_DEVICE, longer, longer);
    keeps(SCHEME_COMMAND, "~/bin/x -n %3f 'a b'", "~/bin/x -n ? 'a b'");
    keeps(SCHEME_COMMAND, "@x", "@x");
    keeps_nothing(SCHEME_DEVICE, "", "a device needs a path, as in /dev/ttyUSB0");
    keeps_nothing(SCHEME_COMMAND, "", "there is no command to run, as in exec:cat");
    keeps_nothing(SCHEME_COMMAND, "a%00", "%00 can't stand in the command");
    free(longer);
}
END_TEST

START_TEST(finds_the_home)
{
    static const struct read_case cases[] = {
        {"~/x", "unix:/home/of%20mine/x"},
        {"unix:~/a%3fb", "unix:/home/of%20mine/a%3fb"},
        {"~", "unix:/home/of%20mine"},
        {"~no-such-user-here/x", "unix:./~no-such-user-here/x"},
        {"unix:x~/~", "unix:x~/~"},
    };
    setenv("HOME", "/home/of mine", 1);
    read_all(cases, sizeof cases / sizeof *cases);
}
END_TEST

START_TEST(reads_pairs)
{
    static const struct {
        const char *host, *port, *printed;
    } right[] = {
        {"localhost", "80", "tcp://localhost:80"},
        {"::1", "80", "tcp://[::1]:80"},
        {"[::1]", "80", "tcp://[::1]:80"},
        {"fe80::1%lo", "1", "tcp://[fe80::1%lo]:1"},
        {"", "80", "tcp://*:80"},
        {"localhost", NULL, "tcp://localhost:9999"},
        {"udp://x:5", NULL, "udp://x:5"},
        {"123", "80", "tcp://123:80"},
    };
    static const struct {
        const char *host, *port, *error;
    } wrong[] = {
        {"x", "70000", "port '70000' is not a number from 0 to 65535"},
        {"x", "", "port '' is not a number from 0 to 65535"},
        {"udp://x", "5", "host 'udp://x' is neither a name nor an address"},
        {"x?a=b", "5", "host 'x?a=b' is neither a name nor an address"},
        {"x y", "5", "host 'x y' is neither a name nor an address"},
        {"x", "5/", "'/' can't stand after the port: write HOST:PORT"},
    };
    struct endpoint endpoint;
    char *error = NULL;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        ck_assert_msg(endpoint_parse_pair(right[i].host, right[i].port, &endpoint, &error),
                      "case %zu: %s", i, error);
        prints_as(&endpoint, right[i].printed);
        endpoint_finish(&endpoint);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert(!endpoint_parse_pair(wrong[i].host, wrong[i].port, &endpoint, &error));
        check_error(error, wrong[i].error);
        ck_assert_ptr_null(endpoint.host);
    }
}
END_TEST

START_TEST(a_key_as_another_has_it)
{
    struct endpoint to, from;
    char *error = NULL;
    ck_assert(endpoint_parse("tcp://a:1?x=1&y=2", &to, &error));
    ck_assert(endpoint_parse("tcp://b:2?y=3&z=4", &from, &error));
    endpoint_copy_key(&to, &from, "x");
    ck_assert_ptr_null(endpoint_key(&to, "x"));
    endpoint_copy_key(&to, &from, "y");
    ck_assert_str_eq(endpoint_key(&to, "y"), "3");
    endpoint_copy_key(&to, &from, "z");
    ck_assert_str_eq(endpoint_key(&to, "z"), "4");
    ck_assert_uint_eq(to.key_count, 2);
    endpoint_copy_key(&to, &from, "nobody");
    ck_assert_uint_eq(to.key_count, 2);
    endpoint_finish(&to);
    endpoint_finish(&from);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_hosts_and_ports,
                                  reads_paths,
                                  fills_the_fields,
                                  reads_keys,
                                  a_place_on_the_web_has_a_path,
                                  refuses_with_a_reason,
                                  limits_the_path,
                                  devices_and_commands_have_no_marks_but_their_own,
                                  finds_the_home,
                                  reads_pairs,
                                  a_key_as_another_has_it,
                                  NULL};
    return check_run("endpoint", tests);
}
